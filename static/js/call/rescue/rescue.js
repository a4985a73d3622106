/**
 * "Virker det ikke?": what helps when the call does not work, offered to both sides at once. Knows no DOM.
 *
 * One side tells the other by a signal that the hub passes on unread: `{"rescue": true}`.
 */

import * as protocol from "../protocol.js";
import { Rule } from "./rule.js";

/**
 * @typedef {object} RescueView what shows it (view/rescue.js)
 * @property {(kind: import("./rule.js").Kind | "asked" | "") => void} offer opens the box with a reason, or closes it
 * @property {() => void} telephoneAsked the other side would rather go on by telephone
 */

export class Rescue {
  /** @type {import("../call.js").Call | null} */ #call = null;
  /** @type {Set<string>} */ #flowing = new Set();
  /** @type {Map<string, number>} */ #packets = new Map();
  /** Who has said so. @type {Set<string>} */ #asking = new Set();
  #welcomed = false;
  #told = false;

  /**
   * @param {import("../parts.js").PartOptions} options
   * @param {RescueView} show
   */
  constructor(options, show) {
    this.options = options;
    this.show = show;
    this.rule = new Rule({ timers: options.timers, onOffer: (kind) => this.#offer(kind) });
  }

  /** @param {protocol.ServerMessage} message */
  message(message) {
    if (message.type === "telephone") {
      this.show.telephoneAsked();
      return true;
    }
    if (message.type === "signal" && typeof message.data.rescue === "boolean") {
      this.#asking[message.data.rescue ? "add" : "delete"](message.from);
      this.rule.othersAre(this.#asking.size > 0);
      return true;
    }
    return false;
  }

  /** @param {import("../signalling.js").State} state of the socket */
  socket(state) {
    this.rule.is("socket", state === "lost" || (state === "connecting" && !this.#welcomed));
  }

  welcomed() {
    this.#welcomed = true;
    this.rule.is("socket", false);
    this.#told = false;
    this.#tellOthers();
  }

  localChanged() {
    const { problems, tracks, opened } = this.options.local;
    const failed = Boolean(problems.microphone) || Boolean(problems.camera && !tracks.microphone);
    this.rule.is("devices", opened && failed);
  }

  /** @param {import("../call.js").Call | null} call */
  call(call) {
    this.#call = call;
    this.#flowing.clear();
    this.#packets.clear();
    this.#look();
  }

  participant() {
    this.#look();
  }

  /** @param {string} seat */
  gone(seat) {
    this.#flowing.delete(seat);
    this.#asking.delete(seat);
    this.rule.othersAre(this.#asking.size > 0);
    this.#look();
  }

  /** @param {string} seat @param {boolean} flowing */
  flow(seat, flowing) {
    this.#flowing[flowing ? "add" : "delete"](seat);
    this.#look();
  }

  /** @param {Map<string, any[]>} reports */
  reports(reports) {
    for (const [seat, entries] of reports) {
      const now = entries.reduce((sum, entry) => sum + (entry.type === "inbound-rtp" ? (entry.packetsReceived ?? 0) : 0), 0);
      if (now > (this.#packets.get(seat) ?? 0) && !this.#flowing.has(seat)) {
        this.#flowing.add(seat);
      }
      this.#packets.set(seat, now);
    }
    this.#look();
  }

  ended() {
    this.#call = null;
    this.#welcomed = false;
    this.#told = false;
    this.#flowing.clear();
    this.#asking.clear();
    this.rule.forget();
  }

  /** Goes on by telephone: a host says so, anybody else asks for it. @returns {boolean} whether the hub heard it */
  telephone() {
    return this.options.say(protocol.telephone());
  }

  #look() {
    const due = this.options.people().filter(({ media }) => media.microphone || media.camera);
    const nothing = due.length > 0 && !due.some(({ seat }) => this.#flowing.has(seat));
    this.rule.is("media", this.#call !== null && nothing);
  }

  /** @param {import("./rule.js").Kind | "asked" | ""} kind */
  #offer(kind) {
    this.show.offer(kind);
    this.#tellOthers();
  }

  /** Says to the others whether this side is in trouble, where that has changed. */
  #tellOthers() {
    const { troubled } = this.rule;
    if (!this.#call || troubled === this.#told) {
      return;
    }
    const went = this.options
      .people()
      .map(({ seat, instance }) => instance && this.options.say(protocol.signal(seat, instance, { rescue: troubled })));
    if (went.includes(true)) {
      this.#told = troubled;
    }
  }
}
