/**
 * Keeps a telephone's screen from going dark while one waits and while one talks. Behind a dark screen the page is put on
 * ice, and whoever waits there is gone from the doctor's list. A part of the session (parts.js); knows no DOM.
 */

/** What the browser gives (W3C Screen Wake Lock). @typedef {{released: boolean, release: () => Promise<void>}} Lock */

export class ScreenOn {
  /** @type {Lock | null} */ #lock = null;
  #stays = false;
  #asking = false;

  /** @param {(() => Promise<Lock>) | null} ask the browser; null where it keeps no screen on */
  constructor(ask) {
    this.ask = ask;
  }

  welcomed() {
    this.#stays = true;
    void this.#keep();
  }

  /** The page is in sight again; the browser has let the screen go meanwhile. */
  inSight() {
    void this.#keep();
  }

  ended() {
    this.#stays = false;
    void this.#lock?.release();
    this.#lock = null;
  }

  async #keep() {
    if (!this.ask || !this.#stays || this.#asking || this.#lock?.released === false) {
      return;
    }
    this.#asking = true;
    try {
      const lock = await this.ask();
      this.#lock = lock;
      if (!this.#stays) {
        this.ended();
      }
    } catch {
      // Refused when the battery is low, or out of sight; the call goes on all the same.
    } finally {
      this.#asking = false;
    }
  }
}
