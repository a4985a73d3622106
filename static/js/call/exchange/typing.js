/**
 * The line that is being written here, seen by the others as it grows: real-time text (EN 301 549, 6.2).
 *
 * The whole line is said each time. RFC 4103 repeats what was typed before, since datagrams get lost; over a socket only
 * a reconnect loses anything, and the next word or the next welcome heals it.
 */

/** Milliseconds between two tellings at least. EN 301 549, 6.2.4 allows half a second from key to network. */
export const EVERY = 250;

/** @returns {string} the id of a line, a picture or a link: 16 hexadecimal digits */
export function drawId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Typing {
  #id = drawId();
  #revision = 0;
  #text = "";
  /** What the others were told last. */ #told = "";
  #toldAt = -Infinity;
  /** @type {any} */ #timer = null;

  /**
   * @param {(line: {id: string, part: number, text: string}) => boolean} tell whether it went
   * @param {import("../signalling.js").Timers} timers
   * @param {() => number} [now] milliseconds, by a clock that never jumps
   */
  constructor(tell, timers, now = () => performance.now()) {
    this.tell = tell;
    this.timers = timers;
    this.now = now;
  }

  /** @param {string} text the line as it stands */
  change(text) {
    this.#text = text;
    if (this.#timer !== null) {
      return;
    }
    const wait = this.#toldAt + EVERY - this.now();
    if (wait <= 0) {
      this.#say();
    } else {
      this.#timer = this.timers.set(() => {
        this.#timer = null;
        this.#say();
      }, wait);
    }
  }

  /** Says the line once more: somebody has come, or the socket is back. */
  again() {
    if (this.#text || this.#told) {
      this.#told = "\0";
      this.#say();
    }
  }

  /** The line is finished. @returns {{id: string, part: number}} its id and last revision */
  finish() {
    const line = { id: this.#id, part: this.#revision + 1 };
    this.forget();
    return line;
  }

  /** Begins anew, with nothing. */
  forget() {
    this.timers.clear(this.#timer);
    this.#timer = null;
    this.#id = drawId();
    this.#revision = 0;
    this.#text = this.#told = "";
  }

  #say() {
    if (this.#text === this.#told) {
      return;
    }
    this.#revision += 1;
    this.#toldAt = this.now();
    if (this.tell({ id: this.#id, part: this.#revision, text: this.#text })) {
      this.#told = this.#text;
    }
  }
}
