/** Notices that the computer has slept, or the browser has put the page on ice: a timer came much too late. */

const EVERY = 2000;
/** Milliseconds of delay that are no sleep: browsers give a page in the background one turn a second. */
export const LATE = 5000;

export class Awake {
  /** @type {any} */ #timer = null;

  /**
   * @param {() => void} onWake
   * @param {import("./signalling.js").Timers} timers
   * @param {() => number} [now] milliseconds of the clock on the wall, which goes on while everything sleeps
   */
  constructor(onWake, timers, now = Date.now) {
    this.onWake = onWake;
    this.timers = timers;
    this.now = now;
  }

  start() {
    this.stop();
    const due = this.now() + EVERY;
    this.#timer = this.timers.set(() => {
      const late = this.now() - due;
      this.start();
      if (late > LATE) {
        this.onWake();
      }
    }, EVERY);
  }

  stop() {
    this.timers.clear(this.#timer);
  }
}
