/**
 * Tells that sound or pictures that came from somebody come no more, though they are switched on: a picture that stands
 * still while packets of sound go on, or a silence as no room has it. Knows no DOM.
 */

import { Ear } from "../ear.js";

/** Milliseconds for which it lasts before it is told, after those by which the ear notices it (ear.js). */
export const LASTS = 5000;

export class Stopped {
  /** @type {Map<string, Ear>} */ #ears = new Map();
  /** By seat and word: whether it ever came. @type {Set<string>} */ #came = new Set();
  /** By seat and word: since when it does not. @type {Map<string, number>} */ #since = new Map();
  /** Words told already. @type {Set<string>} */ #told = new Set();

  /**
   * @param {(what: string) => void} tell a word of rooms.enums.Trouble, once a call
   * @param {() => number} clock milliseconds, never jumping
   */
  constructor(tell, clock) {
    this.tell = tell;
    this.clock = clock;
  }

  /** Another call, or none. */
  forget() {
    for (const known of [this.#ears, this.#came, this.#since, this.#told]) {
      known.clear();
    }
  }

  /**
   * @param {import("../protocol.js").Participant[]} people
   * @param {Map<string, any[]>} reports each one's entries of getStats, by seat
   * @param {boolean} wantsFaces whether this page shows pictures just now
   */
  look(people, reports, wantsFaces) {
    const now = this.clock();
    for (const { seat, connected, media } of people) {
      const report = reports.get(seat);
      if (report) {
        const ear = this.#ears.get(seat) ?? new Ear();
        this.#ears.set(seat, ear);
        const due = { sound: connected && media.microphone, picture: connected && media.camera && !media.paused && wantsFaces };
        const { sound, picture } = ear.listen(report, due, now);
        this.#judge(seat, "no_sound_here", sound, now);
        this.#judge(seat, "frozen_here", picture, now);
      }
    }
  }

  /** @param {string} seat @param {string} what @param {boolean | null} comes @param {number} now */
  #judge(seat, what, comes, now) {
    const key = `${seat} ${what}`;
    if (comes !== false) {
      this.#since.delete(key);
      if (comes) {
        this.#came.add(key);
      }
    } else if (this.#came.has(key)) {
      const since = this.#since.get(key) ?? now;
      this.#since.set(key, since);
      if (now - since >= LASTS && !this.#told.has(what)) {
        this.#told.add(what);
        this.tell(what);
      }
    }
  }
}
