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
 * @property {(seat: string) => void} telephoneAsked somebody would rather go on by telephone
 * @property {(seat: string) => void} telephoneOver that one is gone
 * @property {() => void} telephoneKept the hub keeps one's own wish, and shows it to the doctor
 */

export class Rescue {
  /** @type {import("../call.js").Call | null} */ #call = null;
  /** @type {Set<string>} */ #flowing = new Set();
  /** @type {Map<string, number>} */ #packets = new Map();
  /** Who has said so, and which instance of the page. @type {Map<string, string>} */ #asking = new Map();
  /** Who would rather go on by telephone. @type {Set<string>} */ #telephone = new Set();
  #welcomed = false;
  #serverless = false;
  /** Which pages were told that this side is in trouble, and not yet that it is well: instance by seat.
   * @type {Map<string, string>} */ #told = new Map();
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
      this.show.telephoneKept();
      return true;
    }
    if (message.type === "signal" && typeof message.data.rescue === "boolean") {
      if (message.data.rescue) {
        this.#asking.set(message.from, message.instance ?? "");
      } else {
        this.#asking.delete(message.from);
      }
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
    this.#serverless = false;
    this.#flowing.clear();
    this.#packets.clear();
    this.#look();
    this.#tellFresh();
  }

  /** Let in, and no media server answers: without a call there is nothing whose standing still could be seen. */
  serverless() {
    this.#serverless = true;
    this.#look();
  }

  /** @param {protocol.Participant} participant */
  participant({ seat, instance, telephone }) {
    const asked = this.#asking.get(seat);
    if (asked !== undefined && instance && asked !== instance) {
      // Its page was loaded anew, and says it again if the trouble is still there.
      this.#asking.delete(seat);
      this.#others();
    }
    if (telephone && !this.#telephone.has(seat)) {
      this.#telephone.add(seat);
      this.show.telephoneAsked(seat);
    } else if (!telephone) {
      this.#telephoneOver(seat);
    }
    this.#look();
    this.#tellFresh();
  }

  /** @param {string} seat */
  gone(seat) {
    this.#flowing.delete(seat);
    this.#asking.delete(seat);
    this.#told.delete(seat);
    this.#telephoneOver(seat);
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
    this.#welcomed = this.#serverless = false;
    this.#told.clear();
    this.#flowing.clear();
    this.#asking.clear();
    for (const seat of [...this.#telephone]) {
      this.#telephoneOver(seat);
    }
    this.rule.forget();
  }

  /** Goes on by telephone: a host says so, anybody else asks for it. @returns {boolean} whether the hub heard it */
  telephone() {
    return this.options.say(protocol.telephone());
  }

  /** @param {string} seat */
  #telephoneOver(seat) {
    if (this.#telephone.delete(seat)) {
      this.show.telephoneOver(seat);
    }
  }

  #look() {
    const due = this.options.people().filter(({ media }) => media.microphone || media.camera);
    const nothing = due.length > 0 && !due.some(({ seat }) => this.#flowing.has(seat));
    this.rule.is("media", this.#call === null ? this.#serverless : nothing);
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

  /** Whoever has come since, or has loaded the page anew, has yet to be told. */
  #tellFresh() {
    if (this.rule.troubled && this.options.people().some(({ seat, instance }) => instance && this.#told.get(seat) !== instance)) {
      this.#tellOthers();
    }
  }

  /** Says to the others whether this side is in trouble, again and again while it is, and once that it is over. */
  #tellOthers() {
    const { timers, people, say } = this.options;
    const { troubled } = this.rule;
    timers.clear(this.#repeat);
    for (const { seat, instance } of people()) {
      if (!troubled && this.#told.get(seat) !== instance) {
        this.#told.delete(seat);
      } else if (instance && say(protocol.signal(seat, instance, { rescue: troubled }))) {
        if (troubled) {
          this.#told.set(seat, instance);
        } else {
          this.#told.delete(seat);
        }
      }
    }
    if (troubled || this.#told.size > 0) {
      this.#repeat = timers.set(() => this.#tellOthers(), REPEAT);
    }
  }
}
