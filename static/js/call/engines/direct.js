/**
 * The direct engine: a connection of its own to every other seat that takes part, browser to browser.
 *
 * Engines share this interface: `start`, `participant`, `gone`, `signal`, `send`, `resume`, `close`.
 */

import { Peer } from "../peer.js";

/** Bits a second for the camera with one, two, and more others: every one of them gets a copy of its own. */
const CAMERA = [1_500_000, 800_000, 400_000];
const SCREEN = 1_500_000;
const SOUND = 48_000;

/**
 * @param {number} others
 * @returns {Record<import("../peer.js").Source, number>}
 */
export function limitsFor(others) {
  const camera = CAMERA[Math.min(Math.max(others, 1), CAMERA.length) - 1] ?? 0;
  return { microphone: SOUND, camera, screen: SCREEN };
}

/**
 * @typedef {object} DirectOptions
 * @property {string} seat our own
 * @property {(seat: string, instance: string, data: import("../protocol.js").SignalData) => boolean} signal
 * @property {() => boolean} reachable whether the hub passes signals on just now
 * @property {() => Promise<RTCIceServer[]>} freshServers
 * @property {(seat: string, source: import("../peer.js").Source, track: MediaStreamTrack) => void} onTrack
 * @property {(seat: string, state: import("../peer.js").PeerState) => void} onState
 * @property {(error: unknown) => void} [onError]
 * @property {typeof RTCPeerConnection} [PeerConnection]
 * @property {import("../signalling.js").Timers} [timers]
 */

export class DirectEngine {
  /** @type {Map<string, {instance: string, peer: Peer}>} */
  #peers = new Map();
  /** Instances that a newer page has replaced: their late words are passed over. @type {Set<string>} */
  #replaced = new Set();
  /** @type {Record<import("../peer.js").Source, MediaStreamTrack | null>} */
  #tracks = { microphone: null, camera: null, screen: null };
  /** @type {RTCIceServer[]} */ #iceServers = [];

  /** @param {DirectOptions} options */
  constructor(options) {
    this.options = options;
  }

  /** @param {import("../protocol.js").EngineInfo} info */
  start(info) {
    this.#iceServers = info.iceServers;
  }

  /** Seats with their connections, for the samples of quality. @returns {[string, Peer][]} */
  get peers() {
    return [...this.#peers].map(([seat, { peer }]) => [seat, peer]);
  }

  /** Whether a connection to anybody lives. */
  get alive() {
    return this.peers.some(([, peer]) => peer.alive);
  }

  /**
   * Somebody takes part, perhaps with a new instance.
   *
   * @param {import("../protocol.js").Participant} participant
   */
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
    const entry = this.#peers.get(seat);
    if (reason === "lost" && entry?.peer.state === "connected") {
      entry.peer.absent = true;
      return true;
    }
    this.#drop(seat);
    return false;
  }

  /**
   * @param {string} seat
   * @param {string} instance
   * @param {import("../protocol.js").SignalData} data
   */
  signal(seat, instance, data) {
    this.#meet(seat, instance)?.hear(data);
  }

  /**
   * Sends a track to everybody, or nothing.
   *
   * @param {import("../peer.js").Source} source
   * @param {MediaStreamTrack | null} track
   */
  send(source, track) {
    this.#tracks[source] = track;
    for (const [, peer] of this.peers) {
      peer.setTrack(source, track);
    }
  }

  /** The socket is back: connections that did not live through it are repaired. */
  resume() {
    for (const [, peer] of this.peers) {
      peer.resume();
    }
  }

  close() {
    for (const [seat] of this.peers) {
      this.#drop(seat);
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
    this.#drop(seat);
    const { signal, reachable, freshServers, onTrack, onState, onError = () => {}, PeerConnection, timers } = this.options;
    const peer = new Peer({
      polite: this.options.seat > seat,
      iceServers: this.#iceServers,
      tracks: this.#tracks,
      limits: limitsFor(this.#peers.size + 1),
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
      ...(PeerConnection && { PeerConnection }),
      ...(timers && { timers }),
    });
    this.#peers.set(seat, { instance, peer });
    this.#share();
    onState(seat, "connecting");
    return peer;
  }

  /** @param {string} seat */
  #drop(seat) {
    const entry = this.#peers.get(seat);
    if (entry) {
      this.#peers.delete(seat);
      this.#replaced.add(entry.instance);
      entry.peer.close();
      this.options.onState(seat, "closed");
      this.#share();
    }
  }

  /** Divides the uplink among those who are there. */
  #share() {
    for (const [, peer] of this.peers) {
      peer.setLimits(limitsFor(this.#peers.size));
    }
  }
}
