/**
 * A trouble that is told again and again while it lasts: it stands on the page for as long, and is read aloud once.
 */

/** Milliseconds after which a trouble that nobody has told again is over. */
export const LASTS = 12000;

export class Lasting {
  #told = "";
  /** @type {any} */ #timer = null;

  /**
   * @param {Pick<import("./view.js").View, "notice" | "withdraw">} view
   * @param {import("./signalling.js").Timers} timers
   */
  constructor(view, timers) {
    this.view = view;
    this.timers = timers;
  }

  /** @param {string} message what the trouble is, now or still */
  tell(message) {
    this.view.notice(message, "warning", { quiet: message === this.#told });
    this.#told = message;
    this.timers.clear(this.#timer);
    this.#timer = this.timers.set(() => this.over(), LASTS);
  }

  /** It is over; nothing happens where there was none. */
  over() {
    this.timers.clear(this.#timer);
    if (this.#told) {
      this.view.withdraw(this.#told);
      this.#told = "";
    }
  }
}
