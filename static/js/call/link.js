/**
 * How long a guest waited for the machines, from the press on the link to the first picture of somebody else: until the
 * page stood there, and again from being let in. The time in which people type, or wait for each other, is nobody's
 * fault, and is not in it. Told to the hub once. Knows no DOM.
 */

import * as protocol from "./protocol.js";
import { tenth } from "./quality.js";

/** @typedef {import("./parts.js").Part} Part */

/** @implements {Part} */
export class LinkToPicture {
  /** When the wait began: we are let in, and somebody's camera is on. @type {number | null} */ #since = null;
  /** @type {number | null} */ #opening;

  /**
   * @param {Pick<import("./parts.js").PartOptions, "you" | "people" | "say">} options
   * @param {number | null} opening milliseconds from the press on the link until the page stood there; null: it was not
   *   opened by a link, and nothing is told
   * @param {() => number} [clock] milliseconds, never jumping
   */
  constructor(options, opening, clock = () => performance.now()) {
    this.options = options;
    this.clock = clock;
    this.#opening = opening;
  }

  welcomed() {
    this.#look();
  }

  participant() {
    this.#look();
  }

  gone() {
    this.#look();
  }

  /** @param {import("./call.js").Call | null} call */
  call(call) {
    if (call) {
      this.#look();
    } else {
      this.#since = null;
    }
  }

  /** @param {Map<string, any[]>} reports */
  reports(reports) {
    if (this.#opening === null || this.#since === null) {
      return;
    }
    for (const [seat, report] of reports) {
      const first = firstPicture(report);
      if (first !== null) {
        const waited = Math.max(0, this.clock() - first - this.#since);
        const linkToPictureSeconds = tenth((this.#opening + waited) / 1000);
        if (this.options.say(protocol.quality({ peer: seat, linkToPictureSeconds }))) {
          this.#opening = null;
        }
        return;
      }
    }
  }

  #look() {
    const you = this.options.you();
    const seen = this.options.people().some(({ connected, media }) => connected && media.camera && !media.paused);
    const due = you?.role === "guest" && you.state === "admitted" && seen;
    this.#since = due ? (this.#since ?? this.clock()) : null;
  }
}

/**
 * @param {any[]} report the entries of an RTCStatsReport (W3C WebRTC Statistics)
 * @returns {number | null} how many milliseconds ago the first picture was decoded; null: none was
 */
function firstPicture(report) {
  const shown = report.filter(({ type, kind, framesDecoded }) => type === "inbound-rtp" && kind === "video" && framesDecoded > 0);
  // Where a browser adds up the time between pictures, the first one was so long ago.
  return shown.length === 0 ? null : Math.max(...shown.map(({ totalInterFrameDelay }) => (totalInterFrameDelay ?? 0) * 1000));
}

/**
 * From the press on the link until the page stood there, as this browser has timed it.
 *
 * @param {Pick<Performance, "getEntriesByType">} [timing]
 * @returns {number | null} milliseconds; null where the page was reloaded, or come back to
 */
export function openingOf(timing = performance) {
  const navigation = /** @type {PerformanceNavigationTiming | undefined} */ (timing.getEntriesByType("navigation")[0]);
  if (navigation?.type !== "navigate") {
    return null;
  }
  const painted = timing.getEntriesByType("paint").find(({ name }) => name === "first-contentful-paint");
  return painted?.startTime ?? navigation.domContentLoadedEventStart;
}
