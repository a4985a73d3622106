/**
 * How good a line is, as a word: from what getStats says of the last seconds. Knows no DOM.
 */

/** @typedef {"good" | "uneven" | "poor"} Word */

/** Milliseconds that a judgement looks back, and for which a line has to be better before its word is. */
export const WINDOW = 5000;
export const BETTER_AFTER = 8000;

/**
 * From here on a line is uneven, or poor: the share of packets lost, the way there and back and the unevenness of
 * arrival in milliseconds, and the share of the time in which nothing came of what was due. Speech with Opus' error
 * correction is easy to follow up to some 3 % of loss, and hard above 10 %; above 400 ms there and back people begin
 * to interrupt each other (ITU-T G.114 bears 400 ms one way at the most).
 */
export const LIMITS = Object.freeze({
  uneven: { loss: 0.03, rttMs: 400, jitterMs: 60, missing: 0.15 },
  poor: { loss: 0.1, rttMs: 800, jitterMs: 150, missing: 0.4 },
});

/** @typedef {{loss: number, rttMs: number, jitterMs: number, missing: number}} Fare */

/** @param {Fare} fare @returns {Word} */
export function rate(fare) {
  /** @param {Fare} limit */
  const reaches = (limit) =>
    fare.loss >= limit.loss || fare.rttMs >= limit.rttMs || fare.jitterMs >= limit.jitterMs || fare.missing >= limit.missing;
  return reaches(LIMITS.poor) ? "poor" : reaches(LIMITS.uneven) ? "uneven" : "good";
}

/** @type {readonly Word[]} */
const ORDER = ["good", "uneven", "poor"];

/** @param {Iterable<Word>} words @returns {Word | null} the worst; nothing of nobody */
export function worst(words) {
  return [...words].reduce((/** @type {Word | null} */ found, word) => (found && ORDER.indexOf(found) >= ORDER.indexOf(word) ? found : word), null);
}

/** @param {Iterable<Word>} words @returns {Word | null} the best; nothing of nobody */
export function best(words) {
  return [...words].reduce((/** @type {Word | null} */ found, word) => (found && ORDER.indexOf(found) <= ORDER.indexOf(word) ? found : word), null);
}

/** @typedef {{at: number, received: number, lost: number, came: boolean}} Look */

/** How the line to one of the others has been. */
export class Line {
  /** @type {Look[]} */ #looks = [];
  /** @type {Word | null} */ word = null;
  #betterSince = 0;

  /**
   * @param {any[]} report the entries of an RTCStatsReport
   * @param {boolean} due whether anything should come
   * @param {number} now milliseconds of a clock that never jumps
   * @returns {Word | null} nothing until there is enough to judge by
   */
  look(report, due, now) {
    let received = 0;
    let lost = 0;
    let jitter = 0;
    let rtt = 0;
    for (const entry of report) {
      if (entry.type === "inbound-rtp") {
        received += entry.packetsReceived ?? 0;
        lost += entry.packetsLost ?? 0;
        jitter = Math.max(jitter, entry.jitter ?? 0);
      } else if (entry.type === "candidate-pair" && entry.nominated) {
        rtt = Math.max(rtt, entry.currentRoundTripTime ?? 0);
      }
    }
    const before = this.#looks.at(-1);
    if (before && (received < before.received || now - before.at > WINDOW)) {
      // A connection made anew, or a page that slept: what was before says nothing.
      this.#looks = [];
    }
    if (received === 0) {
      // Connecting, which has words of its own.
      return this.word;
    }
    this.#looks.push({ at: now, received, lost, came: !due || !before || received > before.received });
    this.#looks = this.#looks.filter(({ at }) => now - at <= WINDOW);
    const [first] = this.#looks;
    if (!first || now - first.at < WINDOW / 2) {
      return this.word;
    }
    const came = received - first.received;
    const gone = Math.max(0, lost - first.lost);
    const word = rate({
      loss: came + gone > 0 ? gone / (came + gone) : 0,
      rttMs: rtt * 1000,
      jitterMs: jitter * 1000,
      missing: this.#looks.filter((look) => !look.came).length / this.#looks.length,
    });
    return this.#settle(word, now);
  }

  /** Worse at once, better only when it lasts. @param {Word} word @param {number} now */
  #settle(word, now) {
    const isBetter = this.word !== null && ORDER.indexOf(word) < ORDER.indexOf(this.word);
    if (!isBetter) {
      this.#betterSince = 0;
      this.word = word;
    } else if (this.#betterSince === 0) {
      this.#betterSince = now;
    } else if (now - this.#betterSince >= BETTER_AFTER) {
      this.#betterSince = 0;
      this.word = word;
    }
    return this.word;
  }
}
