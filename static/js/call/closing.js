/**
 * The words of warning before the room closes.
 */

/** Minutes before the end at which they are said. */
export const WARN_BEFORE = [5, 1];
const MINUTE = 60_000;
/** The longest that a browser's timer can wait. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class Closing {
  /** @type {any[]} */ #timers = [];
  /** @type {string | null} */ #moment = null;

  /**
   * @param {(moment: string, minutes: number) => void} warn `minutes`: one of those before the end
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
    for (const timer of this.#timers.splice(0)) {
      this.timers.clear(timer);
    }
    if (!moment) {
      return;
    }
    const left = new Date(moment).getTime() - this.now();
    WARN_BEFORE.forEach((minutes, at) => {
      // Where it is time for the next one already, that one will do.
      if (left > (WARN_BEFORE[at + 1] ?? -Infinity) * MINUTE) {
        const wait = Math.min(Math.max(left - minutes * MINUTE, 0), LONGEST_TIMER);
        this.#timers.push(this.timers.set(() => this.warn(moment, minutes), wait));
      }
    });
  }
}
