/**
 * Tells of a hub that does not answer: in words after a moment, with a way out when it lasts, and when it is over.
 */

/** Milliseconds of silence before the person hears of it, and before a reload is offered. */
export const TELL_AFTER = 1500;
export const OFFER_AFTER = 15000;

export class Outage {
  /** @type {any} */ #telling = null;
  /** @type {any} */ #offering = null;
  #told = false;

  /**
   * @param {{lost: (offerReload: boolean) => void, back: () => void}} on
   * @param {import("./signalling.js").Timers} timers
   */
  constructor(on, timers) {
    this.on = on;
    this.timers = timers;
  }

  /** An answer is awaited from now on. */
  begin() {
    this.#telling ??= this.timers.set(() => {
      this.#told = true;
      this.on.lost(false);
    }, TELL_AFTER);
    this.#offering ??= this.timers.set(() => this.on.lost(true), OFFER_AFTER);
  }

  /** The hub has answered. */
  end() {
    const told = this.#told;
    this.forget();
    if (told) {
      this.on.back();
    }
  }

  /** Nothing is awaited any more. */
  forget() {
    this.timers.clear(this.#telling);
    this.timers.clear(this.#offering);
    this.#telling = this.#offering = null;
    this.#told = false;
  }
}
