/**
 * What hosts order while the call goes on (lock, remove, mute), and what becomes of it on every page. Knows no DOM.
 */

import { fill } from "../lib/page-data.js";
import * as protocol from "./protocol.js";

/** @typedef {import("./protocol.js").Participant} Participant */
/**
 * @typedef {object} Panel what shows it
 * @property {(you: Participant | null, others: Participant[]) => void} people
 * @property {(locked: boolean) => void} locked
 */

export class Orders {
  #locked = false;
  #calling = false;

  /** @param {import("./parts.js").PartOptions} options @param {Panel} panel */
  constructor(options, panel) {
    this.options = options;
    this.panel = panel;
  }

  /** @param {protocol.ServerMessage} message */
  message(message) {
    if (message.type !== "muted") {
      return false;
    }
    this.#muted(message.by);
    return true;
  }

  welcomed() {
    this.#show();
  }

  participant() {
    this.#show();
  }

  gone() {
    this.#show();
  }

  /** @param {import("./call.js").Call | null} call */
  call(call) {
    this.#calling = call !== null;
    this.#show();
  }

  /** @param {protocol.Room} room */
  room({ locked = false }) {
    const { view, texts } = this.options;
    this.panel.locked(locked);
    if (this.#calling && locked !== this.#locked) {
      view.notice(locked ? texts.roomLocked : texts.roomUnlocked, "good", { brief: true });
    }
    this.#locked = locked;
  }

  /** Lets nobody new knock, or lets them again. */
  toggleLock() {
    this.options.say(protocol.lock(!this.#locked));
  }

  /** @param {string} seat */
  remove(seat) {
    this.options.say(protocol.remove(seat));
  }

  /** @param {string} seat */
  mute(seat) {
    this.options.say(protocol.mute(seat));
  }

  /** @param {string} by the host's seat */
  #muted(by) {
    const { local, view, texts, people } = this.options;
    if (!local.state.microphone) {
      return;
    }
    void local.toggleMicrophone();
    const host = people().find(({ seat }) => seat === by);
    view.notice(fill(texts.mutedBy, { name: host ? view.nameOf(host) : texts.unnamedHost }), "warning", { brief: true });
  }

  #show() {
    this.panel.people(this.options.you(), this.options.people());
  }
}
