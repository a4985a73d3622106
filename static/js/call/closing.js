/**
 * The word of warning before the room closes.
 */

/** Milliseconds before the end at which it is said. */
export const WARN_BEFORE = 5 * 60_000;
/** The longest that a browser's timer can wait. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class Closing {
  /** @type {any} */ #timer = null;
  /** @type {string | null} */ #moment = null;

  /**
   * @param {(moment: string) => void} warn
   * @param {import("./signalling.js").Timers} timers
   * @param {() => number} [now] milliseconds
   */
  constructor(warn, timers, now = Date.now) {
    this.warn = warn;
    this.timers = timers;
    this.now = now;
  }

  /** @param {string | null} moment when the room closes; nothing where nobody need be warned */
  at(moment) {
    if (moment === this.#moment) {
      return;
    }
    this.#moment = moment;
    this.timers.clear(this.#timer);
    if (moment) {
      const left = new Date(moment).getTime() - this.now() - WARN_BEFORE;
      this.#timer = this.timers.set(() => this.warn(moment), Math.min(Math.max(left, 0), LONGEST_TIMER));
    }
  }
}
