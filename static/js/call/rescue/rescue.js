/**
 * "Virker det ikke?": what helps when the call does not work, offered to both sides at once. Knows no DOM.
 *
 * One side tells the other by a signal that the hub passes on unread: `{"rescue": true}`.
 */

import * as protocol from "../protocol.js";
import { Rule } from "./rule.js";

/** Milliseconds between two words of a side in trouble, and after how many without one it counts as well again: a word
 * may get lost with the very line that is in trouble. */
export const REPEAT = 8000;
export const FORGET = 20000;

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
  /** Whether the others were told that this side is in trouble, and not yet that it is well. */ #told = false;
  /** @type {any} */ #repeat = null;
  /** @type {any} */ #forget = null;

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
      this.#others();
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
    this.#others();
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
    this.options.timers.clear(this.#repeat);
    this.options.timers.clear(this.#forget);
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

  /** Somebody else has said something, or has gone. */
  #others() {
    const { timers } = this.options;
    timers.clear(this.#forget);
    if (this.#asking.size > 0) {
      this.#forget = timers.set(() => {
        this.#asking.clear();
        this.#others();
      }, FORGET);
    }
    this.rule.othersAre(this.#asking.size > 0);
  }

  /** Says to the others whether this side is in trouble, again and again while it is, and once that it is over. */
  #tellOthers() {
    const { timers, people, say } = this.options;
    const { troubled } = this.rule;
    timers.clear(this.#repeat);
    if (!this.#call || (!troubled && !this.#told)) {
      return;
    }
    for (const { seat, instance } of people()) {
      if (instance && say(protocol.signal(seat, instance, { rescue: troubled }))) {
        this.#told = troubled;
      }
    }
    if (troubled || this.#told) {
      this.#repeat = timers.set(() => this.#tellOthers(), REPEAT);
    }
  }
}
