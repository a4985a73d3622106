/**
 * One direct connection to one other browser (docs/protocol.md, "The direct engine").
 *
 * Knows no page and no socket: `send` hands a word to the other side, callbacks tell what became of it. Glare is
 * solved as in W3C WebRTC 1.0, "perfect negotiation". The impolite side lays out three lines from the start (sound,
 * camera, screen), so that switching something on or off never needs a new negotiation.
 */

import { nameStreams, sessionId, tuneOpus } from "./sdp.js";
import { realTimers } from "./signalling.js";

/** Milliseconds: how long a connection may stutter, how long a repair and the first way through may take, and when a
 * word is said again. */
export const STUTTER = 4000;
export const REPAIR = 10000;
export const CONNECT = 15000;
export const REPEAT = 5000;
/** Failed repairs after which the connection is made anew. */
export const REPAIRS = 2;

/** @typedef {"microphone" | "camera" | "screen"} Source */
/** The lines of a description, in their order. @type {readonly Source[]} */
export const SOURCES = Object.freeze(["microphone", "camera", "screen"]);

/** @typedef {"connecting" | "connected" | "interrupted" | "closed"} PeerState */
/** @typedef {import("./protocol.js").SignalData} SignalData */

/**
 * @typedef {object} PeerOptions
 * @property {boolean} polite gives way when both offer at once, and never makes the first offer
 * @property {RTCIceServer[]} iceServers
 * @property {Record<Source, MediaStreamTrack | null>} tracks what this side sends now
 * @property {Partial<Record<Source, number>>} limits bits a second at most
 * @property {(data: SignalData) => boolean} send false while there is no way to the other side
 * @property {() => boolean} reachable whether the way to the other side is open: without it nothing can be repaired
 * @property {() => Promise<RTCIceServer[]>} freshServers
 * @property {(source: Source, track: MediaStreamTrack) => void} onTrack
 * @property {(state: PeerState) => void} onState
 * @property {(error: unknown) => void} onError something went wrong that repair must mend
 * @property {typeof RTCPeerConnection} [PeerConnection]
 * @property {import("./signalling.js").Timers} [timers]
 */

export class Peer {
  /** @type {PeerState} */
  state = "connecting";
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
  /** @type {any} */ #watch = null;
  /** @type {any} */ #repeat = null;

  /** @param {PeerOptions} options */
  constructor(options) {
    this.options = options;
    this.timers = options.timers ?? realTimers;
    this.tracks = { ...options.tracks };
    this.limits = options.limits;
    this.iceServers = options.iceServers;
    this.#connection = this.#connect();
  }

  /** The statistics of the connection, for the samples of quality. */
  getStats() {
    return this.#connection.getStats();
  }

  /** The connection's own words for how it is. */
  get words() {
    return { connection: this.#connection.connectionState, ice: this.#connection.iceConnectionState };
  }

  /** Whether sound and picture go through, or did until a moment ago. */
  get alive() {
    return this.state === "connected" || this.state === "interrupted";
  }

  /**
   * Sends another track from now on, or nothing.
   *
   * @param {Source} source
   * @param {MediaStreamTrack | null} track
   */
  setTrack(source, track) {
    this.tracks[source] = track;
    this.#do(async () => {
      await this.#lines.get(source)?.sender.replaceTrack(this.tracks[source]);
    });
  }

  /** @param {Partial<Record<Source, number>>} limits bits a second at most, for each source */
  setLimits(limits) {
    this.limits = limits;
    this.#do(() => this.#applyLimits());
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
    if (this.state !== "connected") {
      this.#repairing = false;
      this.#fail();
    }
  }

  close() {
    if (this.state === "closed") {
      return;
    }
    this.#hush();
    this.#connection.close();
    this.#tell("closed");
  }

  #connect() {
    const { polite, PeerConnection = RTCPeerConnection } = this.options;
    const connection = new PeerConnection({ iceServers: this.iceServers, bundlePolicy: "max-bundle" });
    this.#connection = connection;
    this.#lines = new Map();
    this.#early = [];
    this.#remote = undefined;
    this.#ignoring = false;
    connection.onicecandidate = ({ candidate }) => {
      this.options.send({ candidate: candidate ? candidate.toJSON() : null });
    };
    connection.ontrack = ({ track, transceiver, streams }) => {
      this.options.onTrack(this.#sourceOf(track, transceiver, streams), track);
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
        const track = this.tracks[source];
        const kind = source === "microphone" ? "audio" : "video";
        this.#lines.set(source, connection.addTransceiver(track ?? kind, { direction: "sendrecv" }));
      }
    }
    this.#expect(polite ? REPEAT : CONNECT);
    return connection;
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {RTCRtpTransceiver} transceiver
   * @param {readonly MediaStream[]} streams
   * @returns {Source}
   */
  #sourceOf(track, transceiver, streams) {
    if (track.kind === "audio") {
      return "microphone";
    }
    const named = streams[0]?.id;
    if (named === "camera" || named === "screen") {
      return named;
    }
    const videos = this.#connection.getTransceivers().filter((line) => line.receiver.track.kind === "video");
    return videos.indexOf(transceiver) > 0 ? "screen" : "camera";
  }

  async #offer() {
    if (this.#connection.signalingState !== "stable") {
      return;
    }
    await this.#connection.setLocalDescription();
    this.#say();
  }

  /** Sends the present description, and an offer again until it is answered. */
  #say() {
    const description = this.#connection.localDescription;
    if (!description) {
      return;
    }
    this.options.send({ description: { type: description.type, sdp: nameStreams(tuneOpus(description.sdp)) } });
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
    await connection.setRemoteDescription({ type, sdp: tuneOpus(sdp) });
    this.#remote = sessionId(sdp);
    if (offered) {
      await this.#adopt();
      await connection.setLocalDescription();
      this.#say();
      this.#expect(this.state === "connecting" ? CONNECT : REPAIR);
    }
    for (const candidate of this.#early.splice(0)) {
      await this.#candidate(candidate);
    }
    await this.#applyLimits();
  }

  /** Takes up the lines that the other side has laid out, in their order. */
  async #adopt() {
    const lines = this.#connection.getTransceivers();
    const videos = lines.filter((line) => line.receiver.track.kind === "video");
    const laid = { microphone: lines.find((line) => line.receiver.track.kind === "audio"), camera: videos[0], screen: videos[1] };
    for (const source of SOURCES) {
      const line = laid[source];
      if (line && this.#lines.get(source) !== line) {
        this.#lines.set(source, line);
        line.direction = "sendrecv";
        await line.sender.replaceTrack(this.tracks[source]);
      }
    }
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
      const limit = this.limits[source];
      const sender = this.#lines.get(source)?.sender;
      const parameters = sender?.getParameters();
      const encoding = parameters?.encodings?.[0];
      if (sender && parameters && encoding && limit && encoding.maxBitrate !== limit) {
        encoding.maxBitrate = limit;
        await sender.setParameters(parameters);
      }
    }
  }

  #changed() {
    const state = this.#connection.connectionState;
    if (state === "connected") {
      this.#repairs = 0;
      this.#repairing = false;
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

  /** @param {number} milliseconds until which it must be connected */
  #expect(milliseconds) {
    this.timers.clear(this.#watch);
    this.#watch = this.timers.set(() => {
      this.#repairing = false;
      this.#fail();
    }, milliseconds);
  }

  #fail() {
    if (this.state === "closed" || this.#repairing) {
      return;
    }
    if (this.absent) {
      this.close();
    } else if (!this.options.reachable()) {
      // It may yet come back by itself; `resume` repairs it otherwise.
      this.#expect(REPEAT);
    } else if (this.options.polite) {
      this.#repairing = true;
      this.options.send({ again: true });
      this.#expect(REPAIR);
    } else {
      this.#repair();
    }
  }

  /** The polite side cannot hear us: nothing new while a repair is on its way. */
  #askedAgain() {
    if (!this.options.polite && !this.#repairing) {
      this.#repair();
    }
  }

  /** Restarts ICE with fresh servers, and makes the connection anew when that has failed twice. */
  #repair() {
    this.#repairing = true;
    this.#expect(REPAIR);
    this.#repairs += 1;
    this.#do(async () => {
      this.iceServers = await this.options.freshServers();
      if (this.state === "closed") {
        return;
      }
      if (this.#repairs > REPAIRS) {
        this.#repairs = 0;
        this.#connection.close();
        this.#connect();
      } else {
        this.#connection.setConfiguration({ iceServers: this.iceServers, bundlePolicy: "max-bundle" });
        this.#connection.restartIce();
      }
    });
  }

  /** @param {() => Promise<void>} work on the connection, after what is under way */
  #do(work) {
    this.#queue = this.#queue.then(async () => {
      if (this.state === "closed") {
        return;
      }
      try {
        await work();
      } catch (error) {
        // A word of an older round, or a description that does not fit: the watch above repairs what it broke.
        this.options.onError(error);
      }
    });
  }

  #hush() {
    this.timers.clear(this.#watch);
    this.timers.clear(this.#repeat);
  }

  /** @param {PeerState} state */
  #tell(state) {
    if (this.state !== state && this.state !== "closed") {
      this.state = state;
      this.options.onState(state);
    }
  }
}
