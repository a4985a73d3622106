/**
 * When to ask the media server for new connections: at once when something breaks, then ever more seldom, and never
 * twice at a time. Knows no connection.
 */

/** Milliseconds before the first, second, … attempt. */
export const DELAYS = Object.freeze([0, 500, 1000, 2000, 4000, 5000]);
/** Milliseconds that the first offer may take, that the connections may take from then on, and after which
 * connections that stand have earned a first attempt without delay again. */
export const OFFER_WAIT = 3000;
export const UP_WAIT = 8000;
export const SETTLED = 5000;

/**
 * `calm`: all is well, or nothing was asked for. `waiting`: for its turn. `away`: for the hub. `asked`: for an offer.
 * `offered`: for the connections to stand.
 *
 * @typedef {"calm" | "waiting" | "away" | "asked" | "offered" | "stopped"} State
 */

export class Repair {
  /** @type {State} */ state = "calm";
  #attempt = 0;
  /** @type {any} */ #timer = null;
  /** @type {any} */ #settling = null;

  /**
   * @param {object} options
   * @param {() => boolean} options.reachable whether the hub hears us
   * @param {() => Promise<void>} options.ask
   * @param {import("../signalling.js").Timers} options.timers
   */
  constructor(options) {
    this.options = options;
    this.timers = options.timers;
  }

  /** Something is broken. */
  broken() {
    this.timers.clear(this.#settling);
    if (this.state === "calm" || this.state === "offered") {
      this.#turn("waiting", DELAYS[Math.min(this.#attempt, DELAYS.length - 1)] ?? 0, () => this.#ask());
    }
  }

  /** What was asked for cannot be had now. */
  refused() {
    if (this.state === "asked" || this.state === "offered") {
      this.#again();
    } else {
      this.broken();
    }
  }

  /** The network is back: a turn that is waited for need not be. */
  hurry() {
    if (this.state === "waiting" || this.state === "away") {
      this.#attempt = 0;
      this.#ask();
    }
  }

  /** The server offers new connections by itself, since the socket is new. */
  expect() {
    if (this.state !== "stopped") {
      this.#attempt = 0;
      this.#turn("asked", OFFER_WAIT, () => this.#again());
    }
  }

  /** An offer of new connections has come. */
  offered() {
    if (this.state !== "stopped") {
      this.#turn("offered", UP_WAIT, () => this.#again());
    }
  }

  /** All connections stand, perhaps by themselves. */
  healed() {
    if (this.state === "calm" || this.state === "asked" || this.state === "stopped") {
      return;
    }
    this.#turn("calm");
    this.timers.clear(this.#settling);
    this.#settling = this.timers.set(() => (this.#attempt = 0), SETTLED);
  }

  /** For good. */
  stop() {
    this.timers.clear(this.#settling);
    this.#turn("stopped");
  }

  #ask() {
    if (!this.options.reachable()) {
      this.#turn("away");
      return;
    }
    this.#attempt += 1;
    this.#turn("asked", OFFER_WAIT, () => this.#again());
    void this.options.ask();
  }

  #again() {
    this.state = "calm";
    // It was tried, if not by our own asking.
    this.#attempt = Math.max(this.#attempt, 1);
    this.broken();
  }

  /** @param {State} state @param {number} [milliseconds] @param {() => void} [next] */
  #turn(state, milliseconds, next) {
    this.timers.clear(this.#timer);
    this.state = state;
    if (next) {
      this.#timer = this.timers.set(next, milliseconds ?? 0);
    }
  }
}
