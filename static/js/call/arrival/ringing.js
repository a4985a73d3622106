/**
 * The doctor rings: a sound that comes again for half a minute, a title that blinks, and a notification where the page
 * is out of sight, until the person says that they are here. Knows no DOM.
 */

/** Milliseconds between two rings, how long it rings, and between two titles. */
export const AGAIN = 4000;
export const RINGS_FOR = 30_000;
export const BLINK = 1000;

/**
 * @typedef {object} RingingOptions
 * @property {() => void} sound one ring
 * @property {(shown: boolean) => void} show the large button
 * @property {(title: string | null) => void} title in place of the page's own; null: its own again
 * @property {(title: string, body: string) => void} notify where the page is out of sight and may
 * @property {import("../texts.js").Texts} texts
 * @property {import("../signalling.js").Timers} timers
 */

export class Ringing {
  /** @type {any} */ #sounding = null;
  /** @type {any} */ #blinking = null;
  #left = 0;
  #blink = false;

  /** @param {RingingOptions} options */
  constructor(options) {
    this.with = options;
  }

  /** It rings, from the beginning if it rings already. */
  start() {
    this.#quiet();
    this.#left = RINGS_FOR / AGAIN;
    this.with.show(true);
    const { texts } = this.with;
    this.with.notify(texts.ringing, texts.ringingWhat);
    this.#sound();
    this.#turn();
  }

  /** The person is here, or there is nothing to answer any more. */
  stop() {
    this.#quiet();
    this.with.show(false);
    this.with.title(null);
  }

  #sound() {
    this.with.sound();
    this.#left -= 1;
    if (this.#left > 0) {
      this.#sounding = this.with.timers.set(() => this.#sound(), AGAIN);
    }
  }

  /** The title goes on: it is what one sees of a page in the background. */
  #turn() {
    this.#blink = !this.#blink;
    this.with.title(this.#blink ? this.with.texts.ringing : null);
    this.#blinking = this.with.timers.set(() => this.#turn(), BLINK);
  }

  #quiet() {
    this.with.timers.clear(this.#sounding);
    this.with.timers.clear(this.#blinking);
    this.#sounding = this.#blinking = null;
    this.#blink = false;
  }
}
