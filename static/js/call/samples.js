/** How the call fares with each of the others, told to the hub every five seconds. */

import * as protocol from "./protocol.js";
import { measure } from "./quality.js";

/** Milliseconds between two samples. */
export const SAMPLE = 5000;

export class Samples {
  /** @type {Map<string, import("./quality.js").Counters>} */ #counters = new Map();
  /** @type {any} */ #timer = null;

  /**
   * @param {() => [string, import("./engines/engine.js").PeerView][]} peers
   * @param {(message: protocol.BrowserMessage) => boolean} send
   * @param {import("./signalling.js").Timers} timers
   */
  constructor(peers, send, timers) {
    this.peers = peers;
    this.send = send;
    this.timers = timers;
  }

  start() {
    this.#timer = this.timers.set(() => {
      this.start();
      void this.#take();
    }, SAMPLE);
  }

  stop() {
    this.timers.clear(this.#timer);
  }

  /** @param {string} seat whose counters belong to another connection now: growth since then means nothing */
  forget(seat) {
    this.#counters.delete(seat);
  }

  async #take() {
    for (const [seat, peer] of this.peers()) {
      const report = await peer.getStats();
      const about = { seat, ...peer.words, at: Date.now() };
      const { measures, counters } = measure(report.values(), about, this.#counters.get(seat));
      this.#counters.set(seat, counters);
      this.send(protocol.quality(measures));
    }
  }
}
