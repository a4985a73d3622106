/**
 * When a person is offered help: trouble that lasts, and not the few seconds that a reconnection takes. Within twenty
 * seconds of its beginning, whatever it is. Knows no DOM.
 */

/** Milliseconds that each kind of trouble may last before help is offered. A dead socket is noticed after at most 12
 * seconds (protocol.js, DEAD_AFTER), a dead stream after 1.5 (flow.js): beginning and patience stay below 20. */
export const PATIENCE = Object.freeze({ socket: 7000, media: 12000, devices: 4000 });

/** @typedef {"socket" | "media" | "devices"} Kind */

export class Rule {
  /** @type {Map<Kind, any>} */ #waiting = new Map();
  /** @type {Set<Kind>} */ #lasting = new Set();
  /** The other side's word. */ #asked = false;
  #offered = "";

  /**
   * @param {object} options
   * @param {(kind: Kind | "asked" | "") => void} options.onOffer what help is offered for; empty when it is taken back
   * @param {import("../signalling.js").Timers} options.timers
   */
  constructor(options) {
    this.options = options;
  }

  /** Whether this device has trouble of its own that lasts. */
  get troubled() {
    return this.#lasting.size > 0;
  }

  /** @param {Kind} kind @param {boolean} bad whether it does not work just now */
  is(kind, bad) {
    const { timers } = this.options;
    if (!bad) {
      timers.clear(this.#waiting.get(kind));
      this.#waiting.delete(kind);
      this.#lasting.delete(kind);
      this.#tell();
    } else if (!this.#waiting.has(kind) && !this.#lasting.has(kind)) {
      const lasts = () => {
        this.#waiting.delete(kind);
        this.#lasting.add(kind);
        this.#tell();
      };
      this.#waiting.set(kind, timers.set(lasts, PATIENCE[kind]));
    }
  }

  /** @param {boolean} asked whether somebody else in the call is being offered help */
  othersAre(asked) {
    this.#asked = asked;
    this.#tell();
  }

  /** The room is left behind. */
  forget() {
    for (const timer of this.#waiting.values()) {
      this.options.timers.clear(timer);
    }
    this.#waiting.clear();
    this.#lasting.clear();
    this.#asked = false;
    this.#tell();
  }

  #tell() {
    const [first] = /** @type {const} */ (["devices", "media", "socket"]).filter((kind) => this.#lasting.has(kind));
    const offered = first ?? (this.#asked ? "asked" : "");
    if (offered !== this.#offered) {
      this.#offered = offered;
      this.options.onOffer(/** @type {Kind | "asked" | ""} */ (offered));
    }
  }
}
