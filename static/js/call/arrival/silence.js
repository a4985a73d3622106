/**
 * Notices a microphone that is on and gives nothing at all: unplugged, switched off at its cable, or silenced by the
 * system. Whoever is only quiet makes more noise than that.
 */

/** Loudest sample, of 1, that no working microphone stays below for long (-80 dB of full scale). */
export const FLOOR = 1e-4;
/** Milliseconds of it until the person is told. */
export const AFTER = 5000;

export class Silence {
  /** @type {number | null} */ #since = null;

  /**
   * @param {number | null} peak loudest sample since the last call, 0 to 1; null: nobody listens, or it is off
   * @param {number} now milliseconds
   * @returns {boolean} whether it has given nothing for too long
   */
  hear(peak, now) {
    if (peak === null || peak > FLOOR) {
      this.#since = null;
      return false;
    }
    this.#since ??= now;
    return now - this.#since >= AFTER;
  }
}
