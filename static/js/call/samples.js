/** How the call fares with each of the others, told to the hub every five seconds. */

import * as protocol from "./protocol.js";
import { measure, tenth } from "./quality.js";

/** Milliseconds between two samples. */
export const SAMPLE = 5000;

/** @typedef {import("./engines/engine.js").PeerView} PeerView */

export class Samples {
  /** @type {Map<string, import("./quality.js").Counters>} */ #counters = new Map();
  /** @type {any} */ #timer = null;

  /**
   * @param {object} options
   * @param {() => [string, PeerView][]} options.peers
   * @param {() => Map<string, number>} options.missed seconds in which nothing came, not told yet; see Flow.take
   * @param {(message: protocol.BrowserMessage) => boolean} options.send
   * @param {() => boolean} options.reachable whether the hub hears us just now
   * @param {import("./signalling.js").Timers} options.timers
   */
  constructor(options) {
    this.options = options;
  }

  start() {
    this.#timer = this.options.timers.set(() => {
      this.start();
      void this.#take();
    }, SAMPLE);
  }

  stop() {
    this.options.timers.clear(this.#timer);
  }

  /** @param {string} seat whose counters belong to another connection now: growth since then means nothing */
  forget(seat) {
    this.#counters.delete(seat);
  }

  async #take() {
    const { peers, missed, send, reachable } = this.options;
    const taken = await Promise.all(peers().map(async ([seat, peer]) => ({ seat, peer, report: await reportOf(peer) })));
    if (!reachable()) {
      // What grows meanwhile is told with the next sample.
      return;
    }
    const seconds = missed();
    for (const { seat, peer, report } of taken) {
      const { measures, counters } = measure(report, { seat, ...peer.words, at: Date.now() }, this.#counters.get(seat));
      this.#counters.set(seat, counters);
      send(protocol.quality({ ...measures, withoutMediaSeconds: tenth(seconds.get(seat) ?? 0) }));
      seconds.delete(seat);
    }
    for (const [seat, without] of seconds) {
      send(protocol.quality({ peer: seat, withoutMediaSeconds: tenth(without) }));
    }
  }
}

/** @param {PeerView} peer @returns {Promise<any[]>} */
async function reportOf(peer) {
  try {
    return [...(await peer.getStats()).values()];
  } catch {
    // The connection is being taken down: nothing has come over it.
    return [];
  }
}
