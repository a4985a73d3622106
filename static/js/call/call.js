/**
 * The call itself while this seat takes part: one engine, what it is fed with, and how it fares. Knows no DOM.
 */

import * as protocol from "./protocol.js";
import { measure } from "./quality.js";
import { SOURCES } from "./peer.js";

/** Milliseconds between two samples of quality. */
const SAMPLE = 5000;
/** Milliseconds that fresh servers may take before the old ones must do. */
const SERVERS_WAIT = 3000;

/** @typedef {Pick<import("./engines/direct.js").DirectEngine, "alive" | "peers" | "start" | "participant" | "gone" | "signal" | "send" | "resume" | "close">} Engine */
/** @typedef {(name: string, options: import("./engines/direct.js").DirectOptions) => Engine} MakeEngine */

/**
 * @typedef {object} CallOptions
 * @property {string} seat our own
 * @property {protocol.EngineInfo} info
 * @property {MakeEngine} makeEngine
 * @property {(message: protocol.BrowserMessage) => boolean} send
 * @property {() => boolean} reachable whether the hub hears us just now
 * @property {import("./local.js").LocalMedia} local
 * @property {import("./signalling.js").Timers} timers
 * @property {import("./engines/direct.js").DirectOptions["onTrack"]} onTrack
 * @property {import("./engines/direct.js").DirectOptions["onState"]} onState
 */

export class Call {
  /** @type {((servers: RTCIceServer[]) => void)[]} */ #asked = [];
  /** @type {Map<string, import("./quality.js").Counters>} */ #counters = new Map();
  /** @type {any} */ #sampling = null;

  /** @param {CallOptions} options */
  constructor(options) {
    this.options = options;
    const { seat, info, makeEngine, send, onTrack, onState } = options;
    this.servers = info.iceServers;
    this.engine = makeEngine(info.name, {
      seat,
      signal: (to, instance, data) => send(protocol.signal(to, instance, data)),
      reachable: options.reachable,
      freshServers: () => this.#freshServers(),
      onTrack,
      onState: (of, state) => {
        if (state === "closed") {
          this.#counters.delete(of);
        }
        onState(of, state);
      },
    });
    this.#keepSampling();
    this.begin(info);
  }

  /** The hub has let us in, perhaps once more after an outage. @param {protocol.EngineInfo} info */
  begin(info) {
    this.servers = info.iceServers;
    this.engine.start(info);
    for (const source of SOURCES) {
      this.engine.send(source, this.options.local.tracks[source]);
    }
    this.tellMedia();
  }

  /** @param {import("./peer.js").Source} source whose track has changed */
  localChanged(source) {
    this.engine.send(source, this.options.local.tracks[source]);
    this.tellMedia();
  }

  /** Tells the others what is switched on. */
  tellMedia() {
    this.options.send(protocol.media(this.options.local.state));
  }

  /** @param {protocol.EngineInfo} info the hub's answer with fresh servers */
  refreshed(info) {
    this.servers = info.iceServers;
    for (const answer of this.#asked.splice(0)) {
      answer(this.servers);
    }
  }

  /** @param {string} seat @returns {boolean} whether sound and picture still come from there */
  hears(seat) {
    return this.engine.peers.some(([key, peer]) => key === seat && peer.alive);
  }

  close() {
    this.options.timers.clear(this.#sampling);
    this.engine.close();
  }

  /** @returns {Promise<RTCIceServer[]>} fresh ones, or those at hand where the hub does not answer in time */
  #freshServers() {
    return new Promise((resolve) => {
      if (!this.options.send(protocol.engine())) {
        resolve(this.servers);
        return;
      }
      this.#asked.push(resolve);
      this.options.timers.set(() => resolve(this.servers), SERVERS_WAIT);
    });
  }

  #keepSampling() {
    this.#sampling = this.options.timers.set(() => {
      this.#keepSampling();
      void this.#sample();
    }, SAMPLE);
  }

  async #sample() {
    for (const [seat, peer] of this.engine.peers) {
      const report = await peer.getStats();
      const about = { seat, ...peer.words, at: Date.now() };
      const { measures, counters } = measure(report.values(), about, this.#counters.get(seat));
      this.#counters.set(seat, counters);
      this.options.send(protocol.quality(measures));
    }
  }
}
