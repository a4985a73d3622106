/**
 * Whether one of the others is heard and seen here: what this device tells them. Knows no DOM.
 */

/** Milliseconds without a packet, or without a new picture, after which somebody is not heard, or stands still. */
export const STOPPED = 3000;
/** Milliseconds of perfect silence, as no room has it: the microphone there is dead. */
export const DEAD = 8000;
/** Milliseconds that a connection may take to bring the first sound. */
export const COMING = 10000;

/** What should come. @typedef {{sound: boolean, picture: boolean}} Due */
/** Whether it does; null: nothing is due. @typedef {{sound: boolean | null, picture: boolean | null}} Heard */

export class Ear {
  #packets = 0;
  /** @type {number | null} */ #energy = null;
  #frames = 0;
  /** When it was last seen to grow, or fell due. */
  #packetsAt = 0;
  #energyAt = 0;
  #framesAt = 0;
  /** Since when sound, and pictures, are due. @type {number | null} */ #soundSince = null;
  /** @type {number | null} */ #pictureSince = null;
  #at = 0;

  /**
   * @param {any[]} report the entries of an RTCStatsReport
   * @param {Due} due
   * @param {number} now milliseconds of a clock that never jumps
   * @returns {Heard}
   */
  listen(report, due, now) {
    let packets = 0;
    /** @type {number | null} */ let energy = null;
    let frames = 0;
    for (const entry of report) {
      if (entry.type === "inbound-rtp" && entry.kind === "audio") {
        packets += entry.packetsReceived ?? 0;
        energy = entry.totalAudioEnergy === undefined ? energy : (energy ?? 0) + entry.totalAudioEnergy;
      } else if (entry.type === "inbound-rtp") {
        frames += entry.framesDecoded ?? 0;
      }
    }
    // This device slept, or the page was put on ice: nobody was there to listen.
    const slept = now - this.#at > STOPPED;
    this.#at = now;
    if (!due.sound || slept) {
      this.#soundSince = null;
    }
    if (!due.picture || slept) {
      this.#pictureSince = null;
    }
    if (due.sound && this.#soundSince === null) {
      this.#soundSince = this.#packetsAt = this.#energyAt = now;
    }
    if (due.picture && this.#pictureSince === null) {
      this.#pictureSince = this.#framesAt = now;
    }
    // Any other number than before means that something came: a connection made anew counts from nothing.
    this.#packetsAt = packets !== this.#packets ? now : this.#packetsAt;
    this.#energyAt = energy === null || energy !== this.#energy ? now : this.#energyAt;
    this.#framesAt = frames !== this.#frames ? now : this.#framesAt;
    this.#packets = packets;
    this.#energy = energy;
    this.#frames = frames;
    return {
      sound: due.sound ? this.#judge(packets, now, this.#packetsAt, this.#soundSince, now - this.#energyAt >= DEAD) : null,
      picture: due.picture ? this.#judge(frames, now, this.#framesAt, this.#pictureSince, false) : null,
    };
  }

  /** @param {number} count @param {number} now @param {number} cameAt @param {number | null} since @param {boolean} dead */
  #judge(count, now, cameAt, since, dead) {
    if (count === 0) {
      return now - (since ?? now) >= COMING ? false : null;
    }
    return now - cameAt < STOPPED && !dead;
  }
}
