/**
 * One direct connection to one other browser (docs/protocol.md, "The direct engine").
 *
 * Knows no page and no socket: `send` hands a word to the other side, callbacks tell what became of it. Glare is solved
 * as in W3C WebRTC 1.0, "perfect negotiation". The impolite side lays out three lines from the start (sound, camera,
 * screen), so that switching something on or off never needs a new negotiation.
 */

import { SOURCES, kindOf, laidOut, limit, sourceOf } from "./engines/lines.js";
import { beats } from "./engines/pulse.js";
import { beginAt, nameStreams, onlyDials, sessionId, tuneOpus } from "./sdp.js";
import { realTimers } from "./signalling.js";
import { BUNDLE } from "./spare.js";

/** Milliseconds that a stutter, a repair and the first way through may take, and after which a word is said again. */
export const STUTTER = 2500;
export const REPAIR = 5000;
export const CONNECT = 6000;
export const REPEAT = 5000;
/** Kilobits a second with which pictures begin: the first frame leaves at once, and a weak line is not flooded. */
export const BEGIN = 800;
/** Failed repairs until the page is told so and all is made anew: of one that has stood, and of one that never did. */
export const REPAIRS = 2;
export const FIRST_REPAIRS = 1;

/** @typedef {import("./protocol.js").Source} Source */
/** @typedef {import("./engines/engine.js").PeerState} PeerState */
/** @typedef {import("./engines/engine.js").PeerOptions} PeerOptions */
/** @typedef {import("./protocol.js").SignalData} SignalData */

export class Peer {
  /** @type {PeerState} */ state = "connecting";
  /** The other side's socket is gone: when its media go too, nothing is repaired. */
  absent = false;
  /** @type {RTCPeerConnection} */ #connection;
  /** @type {Map<Source, RTCRtpTransceiver>} */ #lines = new Map();
  /** Work on the descriptions, one after the other. @type {Promise<void>} */ #queue = Promise.resolve();
  /** @type {(RTCIceCandidateInit | null)[]} */ #early = [];
  /** @type {string | undefined} */ #remote;
  #ignoring = false;
  #repairs = 0;
  #repairing = false;
  /** Whether it has ever stood. */ #stood = false;
  #leaving = false;
  /** Senders that have got their first limit: what comes later is the adaptation's. @type {WeakSet<RTCRtpSender>} */
  #limited = new WeakSet();
  /** @type {any} */ #watch = null;
  /** @type {any} */ #repeat = null;

  /** @param {PeerOptions} options */
  constructor(options) {
    this.options = options;
    this.timers = options.timers ?? realTimers;
    this.tracks = { ...options.tracks };
    this.iceServers = options.iceServers;
    const spare = options.polite ? null : (options.spare?.(this.#configuration) ?? null);
    this.#connection = this.#connect(spare);
    if (!options.polite) {
      // Not left to the event that asks for it: the browser writes the offer while the page lays out the call.
      this.#queue = this.#attempt(() => (spare ? this.#offerAtOnce(spare) : this.#offer()));
    }
  }

  /** @returns {Promise<Map<string, any>>} the statistics of the connection */
  async getStats() {
    return /** @type {any} */ (await this.#connection.getStats());
  }

  /** What it sends by. @returns {{source: Source, sender: RTCRtpSender}[]} */
  get outgoing() {
    return [...this.#lines].map(([source, { sender }]) => ({ source, sender }));
  }

  /** The connection's own words for how it is. */
  get words() {
    return { connection: this.#connection.connectionState, ice: this.#connection.iceConnectionState };
  }

  /** Whether sound and picture go through, or did until a moment ago. */
  get alive() {
    return this.state === "connected" || this.state === "interrupted";
  }

  /** @param {Source} source @param {MediaStreamTrack | null} track sent from now on */
  setTrack(source, track) {
    this.tracks[source] = track;
    this.#do(async () => {
      await this.#lines.get(source)?.sender.replaceTrack(this.tracks[source]);
    });
  }

  /** @param {SignalData} data what the other side said */
  hear(data) {
    if (data.again) {
      this.#askedAgain();
    } else if (data.description) {
      const { type, sdp } = data.description;
      this.#do(() => this.#describe(/** @type {RTCSdpType} */ (type), sdp));
    } else if (data.candidate !== undefined) {
      const { candidate } = data;
      this.#do(() => this.#candidate(candidate ?? null));
    }
  }

  /** The way to the other side is open again after an outage: what was said meanwhile is lost. */
  resume() {
    this.absent = false;
    if (this.state === "connected") {
      void this.wake();
    } else {
      this.#repairing = false;
      this.#fail();
    }
  }

  /** The network or the page is back: a connection that carries nothing any more is repaired without waiting. */
  async wake() {
    const connection = this.#connection;
    // Whoever gets something of ours reports on it about once a second.
    const busy = SOURCES.some((source) => this.tracks[source]);
    if (this.alive && (this.state === "interrupted" || !(await beats(connection, busy, this.timers)))) {
      if (connection === this.#connection) {
        this.#fail();
      }
    }
  }

  /** Another engine takes over: what stands goes on, nothing is repaired. */
  leave() {
    this.#leaving = true;
    if (!this.alive) {
      this.close();
    }
  }

  close() {
    if (this.state === "closed") {
      return;
    }
    this.timers.clear(this.#watch);
    this.timers.clear(this.#repeat);
    this.#connection.close();
    this.#tell("closed");
  }

  /** @param {import("./spare.js").LaidOut | null} [spare] */
  #connect(spare = null) {
    const { polite, PeerConnection = RTCPeerConnection } = this.options;
    const connection = spare?.connection ?? new PeerConnection(this.#configuration);
    this.#connection = connection;
    this.#lines = new Map();
    this.#early = [];
    this.#remote = undefined;
    this.#ignoring = false;
    connection.onicecandidate = ({ candidate }) => {
      if (!onlyDials(candidate)) {
        this.options.send({ candidate: candidate ? candidate.toJSON() : null });
      }
    };
    connection.ontrack = ({ track, transceiver, streams }) => {
      this.options.onTrack(sourceOf(track, transceiver, streams, connection.getTransceivers()), track);
    };
    connection.onconnectionstatechange = () => {
      if (connection === this.#connection) {
        this.#changed();
      }
    };
    connection.onnegotiationneeded = () => {
      if (connection === this.#connection) {
        this.#do(() => this.#offer());
      }
    };
    if (!polite) {
      for (const source of SOURCES) {
        const line = spare?.lines.get(source);
        const track = this.tracks[source] ?? kindOf(source);
        this.#lines.set(source, line ?? connection.addTransceiver(track, { direction: "sendrecv" }));
      }
    }
    this.#expect(polite ? REPEAT : CONNECT);
    return connection;
  }

  /** @returns {RTCConfiguration} */
  get #configuration() {
    const { iceTransportPolicy = "all" } = this.options;
    return { iceServers: this.iceServers, iceTransportPolicy, bundlePolicy: BUNDLE };
  }

  async #offer() {
    if (this.#connection.signalingState !== "stable") {
      return;
    }
    await this.#connection.setLocalDescription();
    this.#say();
  }

  /** @param {import("./spare.js").LaidOut} spare whose offer is said before it is set: the other side answers meanwhile */
  async #offerAtOnce({ lines, offer }) {
    this.#say(offer);
    const tracks = [...lines].map(([source, { sender }]) => sender.replaceTrack(this.tracks[source]));
    await Promise.all([this.#connection.setLocalDescription(offer), ...tracks]);
  }

  /** Sends a description, and an offer again until it is answered. @param {RTCSessionDescriptionInit | null} [description] */
  #say(description = this.#connection.localDescription) {
    if (!description || this.state === "closed") {
      return;
    }
    this.options.send({ description: { type: description.type, sdp: nameStreams(tuneOpus(description.sdp ?? "")) } });
    this.timers.clear(this.#repeat);
    if (description.type === "offer") {
      this.#repeat = this.timers.set(() => {
        if (this.#connection.signalingState === "have-local-offer") {
          this.#say();
        }
      }, REPEAT);
    }
  }

  /** @param {RTCSdpType} type @param {string} sdp */
  async #describe(type, sdp) {
    const offered = type === "offer";
    if (offered && this.#remote && sessionId(sdp) !== this.#remote) {
      // The other side has made its connection anew.
      this.#connection.close();
      this.#connect();
    }
    const connection = this.#connection;
    this.#ignoring = offered && !this.options.polite && connection.signalingState !== "stable";
    if (this.#ignoring || (type === "answer" && connection.signalingState !== "have-local-offer")) {
      return;
    }
    await connection.setRemoteDescription({ type, sdp: beginAt(tuneOpus(sdp), BEGIN) });
    this.#remote = sessionId(sdp);
    if (offered) {
      await Promise.all([this.#adopt(), connection.setLocalDescription()]);
      this.#say();
      this.#expect(this.#patience);
    }
    for (const candidate of this.#early.splice(0)) {
      await this.#candidate(candidate);
    }
    await this.#applyLimits();
  }

  /** Takes up the lines that the other side has laid out, in their order. */
  async #adopt() {
    const laid = laidOut(this.#connection.getTransceivers());
    const fresh = SOURCES.filter((source) => laid[source] && this.#lines.get(source) !== laid[source]);
    await Promise.all(
      fresh.map((source) => {
        const line = /** @type {RTCRtpTransceiver} */ (laid[source]);
        this.#lines.set(source, line);
        line.direction = "sendrecv";
        return line.sender.replaceTrack(this.tracks[source]);
      }),
    );
  }

  /** @param {RTCIceCandidateInit | null} candidate */
  async #candidate(candidate) {
    if (this.#ignoring) {
      return;
    }
    if (!this.#connection.remoteDescription) {
      this.#early.push(candidate);
      return;
    }
    await this.#connection.addIceCandidate(candidate ?? undefined);
  }

  async #applyLimits() {
    for (const source of SOURCES) {
      const sender = this.#lines.get(source)?.sender;
      if (sender && !this.#limited.has(sender) && (await limit(sender, source))) {
        this.#limited.add(sender);
      }
    }
  }

  #changed() {
    const state = this.#connection.connectionState;
    if (state === "connected") {
      this.#repairs = 0;
      this.#repairing = false;
      this.#stood = true;
      this.timers.clear(this.#watch);
      this.#tell("connected");
    } else if (state === "disconnected") {
      this.#tell("interrupted");
      this.#expect(STUTTER);
    } else if (state === "failed") {
      this.#tell("interrupted");
      this.#fail();
    }
  }

  /** Milliseconds that a try may take. */
  get #patience() {
    return this.#stood ? REPAIR : CONNECT;
  }

  /** @param {number} milliseconds until which it must be connected */
  #expect(milliseconds) {
    this.timers.clear(this.#watch);
    this.#watch = this.timers.set(() => {
      this.#repairing = false;
      if (this.state !== "connected" || this.#connection.connectionState !== "connected") {
        this.#fail();
      }
    }, milliseconds);
  }

  #fail() {
    if (this.state === "closed" || this.#repairing) {
      return;
    }
    if (this.absent || this.#leaving) {
      this.close();
    } else if (!this.options.reachable()) {
      // It may yet come back by itself; `resume` repairs it otherwise.
      this.#expect(REPEAT);
    } else if (this.options.polite) {
      this.#repairing = true;
      this.#count();
      this.options.send({ again: true });
      this.#expect(this.#patience);
    } else {
      this.#repair();
    }
  }

  /** The polite side cannot hear us: nothing new while a repair is on its way. */
  #askedAgain() {
    if (!this.options.polite && !this.#repairing && !this.#leaving) {
      this.#repair();
    }
  }

  /** One try more. @returns {boolean} whether there were too many of them already */
  #count() {
    this.#repairs += 1;
    if (this.#repairs <= (this.#stood ? REPAIRS : FIRST_REPAIRS)) {
      return false;
    }
    this.#repairs = 0;
    this.options.onHopeless?.();
    return true;
  }

  /** Restarts ICE with fresh servers, and makes the connection anew when that has failed too often. */
  #repair() {
    this.#repairing = true;
    this.#expect(this.#patience);
    const hopeless = this.#count();
    if (this.#leaving) {
      return;
    }
    this.#do(async () => {
      this.iceServers = await this.options.freshServers();
      if (this.state === "closed" || this.#leaving) {
        return;
      }
      if (hopeless) {
        this.#connection.close();
        this.#connect();
      } else {
        this.#connection.setConfiguration(this.#configuration);
        this.#connection.restartIce();
      }
    });
  }

  /** @param {() => Promise<void>} work on the connection, after what is under way */
  #do(work) {
    this.#queue = this.#queue.then(() => this.#attempt(work));
  }

  /** @param {() => Promise<void>} work */
  async #attempt(work) {
    if (this.state === "closed") {
      return;
    }
    try {
      await work();
    } catch (error) {
      // A word of an older round, or a description that does not fit: the watch above repairs what it broke.
      this.options.onError(error);
    }
  }

  /** @param {PeerState} state */
  #tell(state) {
    if (this.state !== state && this.state !== "closed") {
      this.state = state;
      this.options.onState(state);
    }
  }
}
