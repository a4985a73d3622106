/**
 * The direct engine: one connection to the only other seat that takes part, browser to browser.
 *
 * A third seat waits: the hub moves such a room to the media server (docs/protocol.md, "Which way sound and picture go").
 */

import { Peer } from "../peer.js";
import { realTimers } from "../signalling.js";
import { SOURCES } from "./lines.js";

/** Milliseconds after our own word that somebody comes from the server now, until which the other side may say so. */
export const FAREWELL = 10000;

/** @typedef {import("../protocol.js").Source} Source */
/** `asked`: the other has been told at least once what is wanted of them. @typedef {{instance: string, peer: Peer, told: boolean, heard: boolean, asked: boolean, farewell: any}} Entry */

export class DirectEngine {
  name = "direct";
  epoch = null;
  /** @type {Map<string, Entry>} */ #peers = new Map();
  /** Seats that would be a third. @type {Map<string, string>} */ #waiting = new Map();
  /** Instances that a newer page has replaced: their late words are passed over. @type {Set<string>} */
  #replaced = new Set();
  /** @type {Record<Source, MediaStreamTrack | null>} */
  #tracks = { microphone: null, camera: null, screen: null };
  /** @type {Record<string, Source[]>} */ #wants = {};
  /** @type {RTCIceServer[]} */ #iceServers = [];
  /** @type {RTCIceTransportPolicy} */ #policy = "all";
  #leaving = false;

  /** @param {import("./engine.js").EngineOptions} options */
  constructor(options) {
    this.options = options;
    this.timers = options.timers ?? realTimers;
  }

  /** @param {import("../protocol.js").EngineInfo} info */
  start({ iceServers, iceTransportPolicy = "all" }) {
    this.#iceServers = iceServers;
    this.#policy = iceTransportPolicy;
  }

  /** @returns {[string, Peer][]} */
  get peers() {
    return [...this.#peers].map(([seat, { peer }]) => [seat, peer]);
  }

  get alive() {
    return this.peers.some(([, peer]) => peer.alive);
  }

  /** @returns {{source: Source, sender: RTCRtpSender}[]} */
  outgoing() {
    return this.peers.flatMap(([, peer]) => peer.outgoing);
  }

  /** @param {import("../protocol.js").Participant} participant perhaps with a new instance */
  participant({ seat, instance, connected }) {
    if (seat === this.options.seat || !instance || !connected) {
      return;
    }
    const peer = this.#meet(seat, instance);
    if (peer?.absent) {
      peer.resume();
    }
  }

  /**
   * @param {string} seat
   * @param {"left" | "refused" | "lost"} reason
   * @returns {boolean} whether the media may go on without the socket
   */
  gone(seat, reason) {
    const peer = this.#peers.get(seat)?.peer;
    this.#waiting.delete(seat);
    if (reason === "lost" && peer?.state === "connected") {
      peer.absent = true;
      return true;
    }
    this.#drop(seat);
    return false;
  }

  /**
   * @param {string} seat
   * @param {string | null} instance
   * @param {import("../protocol.js").SignalData} data
   */
  signal(seat, instance, data) {
    if (!instance || !data) {
      return;
    }
    const peer = this.#meet(seat, instance);
    const entry = this.#peers.get(seat);
    if (!peer || !entry) {
      return;
    }
    if (Array.isArray(data.want)) {
      this.options.onWanted?.(SOURCES.filter((source) => data.want?.includes(source)));
    } else if (data.moved) {
      entry.heard = true;
      this.#part(seat, entry);
    } else {
      peer.hear(data);
    }
  }

  /** @param {Source} source @param {MediaStreamTrack | null} track */
  send(source, track) {
    this.#tracks[source] = track;
    for (const [, peer] of this.peers) {
      peer.setTrack(source, track);
    }
  }

  /** @param {Record<string, Source[]>} wants */
  want(wants) {
    const before = this.#wants;
    this.#wants = wants;
    for (const [seat] of this.#peers) {
      if (String(before[seat]) !== String(wants[seat])) {
        this.#tellWant(seat);
      }
    }
  }

  /** The socket is back: connections that did not live through it are repaired. */
  resume() {
    for (const [seat, { peer, asked }] of this.#peers) {
      peer.resume();
      if (asked) {
        // The last word may be lost, also the one that everything is wanted again.
        this.#tellWant(seat);
      }
    }
  }

  wake() {
    for (const [, peer] of this.peers) {
      void peer.wake();
    }
  }

  leaving() {
    this.#leaving = true;
    this.#waiting.clear();
    for (const [, peer] of this.peers) {
      peer.leave();
    }
  }

  /** @param {string} seat @returns {boolean} whether the word went, or nobody is there who could hear it */
  moved(seat) {
    const entry = this.#peers.get(seat);
    if (!entry || entry.told) {
      return true;
    }
    entry.told = this.options.signal(seat, entry.instance, { moved: true });
    if (entry.told) {
      // An older page never answers.
      entry.farewell = this.timers.set(() => this.#drop(seat), FAREWELL);
      this.#part(seat, entry);
    }
    return entry.told;
  }

  close() {
    this.#waiting.clear();
    for (const [seat] of this.peers) {
      this.#drop(seat);
    }
  }

  /** @param {string} seat @param {Entry} entry whose connection nobody needs once both have said so */
  #part(seat, entry) {
    if (entry.told && entry.heard) {
      this.#drop(seat);
    }
  }

  /** @param {string} seat */
  #tellWant(seat) {
    const entry = this.#peers.get(seat);
    if (entry) {
      entry.asked = true;
      this.options.signal(seat, entry.instance, { want: this.#wants[seat] ?? [...SOURCES] });
    }
  }

  /**
   * @param {string} seat
   * @param {string} instance
   * @returns {Peer | null}
   */
  #meet(seat, instance) {
    const known = this.#peers.get(seat);
    if (known?.instance === instance) {
      return known.peer;
    }
    if (this.#replaced.has(instance)) {
      return null;
    }
    this.#drop(seat, { next: false });
    if (this.#leaving) {
      return null;
    }
    if (this.peers.some(([, peer]) => !peer.absent)) {
      this.#waiting.set(seat, instance);
      return null;
    }
    const peer = this.#makePeer(seat, instance);
    this.#peers.set(seat, { instance, peer, told: false, heard: false, asked: false, farewell: null });
    if (this.#wants[seat]) {
      this.#tellWant(seat);
    }
    this.options.onState(seat, "connecting");
    return peer;
  }

  /** @param {string} seat @param {string} instance @returns {Peer} */
  #makePeer(seat, instance) {
    const { signal, reachable, freshServers, onTrack, onState, onHopeless, onError = () => {}, spare, PeerConnection } = this.options;
    const peer = new Peer({
      polite: this.options.seat > seat,
      iceServers: this.#iceServers,
      iceTransportPolicy: this.#policy,
      tracks: this.#tracks,
      send: (data) => signal(seat, instance, data),
      reachable,
      freshServers: async () => {
        this.#iceServers = await freshServers();
        return this.#iceServers;
      },
      onTrack: (source, track) => onTrack(seat, source, track),
      onState: (state) => {
        if (this.#peers.get(seat)?.peer === peer) {
          if (state === "closed") {
            this.#drop(seat);
          } else {
            onState(seat, state);
          }
        }
      },
      onError,
      ...(onHopeless && { onHopeless }),
      ...(spare && { spare }),
      ...(PeerConnection && { PeerConnection }),
      timers: this.timers,
    });
    return peer;
  }

  /** @param {string} seat @param {{next?: boolean}} [how] `next`: whoever waits for the place gets it */
  #drop(seat, { next = true } = {}) {
    const entry = this.#peers.get(seat);
    if (!entry) {
      return;
    }
    this.#peers.delete(seat);
    this.#replaced.add(entry.instance);
    this.timers.clear(entry.farewell);
    entry.peer.close();
    this.options.onState(seat, "closed");
    const [waiting] = this.#waiting;
    if (next && waiting && !this.#leaving) {
      this.#waiting.delete(waiting[0]);
      this.#meet(...waiting);
    }
  }
}
