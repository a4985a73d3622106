/**
 * One of the two connections to the media server: on `publish` this page sends, on `subscribe` it gets what the others
 * send. Knows no page, no hub and no other connection.
 */

import { tuneOpus } from "../sdp.js";
import { SOURCES, kindOf, laidOut, limit } from "./lines.js";

/** Milliseconds that a connection may stutter. */
export const STUTTER = 2000;

/** @typedef {import("../protocol.js").Source} Source */
/** @typedef {"publish" | "subscribe"} Side */
/** @typedef {"connecting" | "connected" | "shaky" | "broken" | "closed"} LegState */

/**
 * @typedef {object} LegOptions
 * @property {Side} side
 * @property {RTCConfiguration} configuration
 * @property {Record<Source, MediaStreamTrack | null>} tracks what this page sends now
 * @property {(word: Record<string, unknown>) => void} say
 * @property {() => void} onState
 * @property {(error: unknown) => void} onError
 * @property {typeof RTCPeerConnection} PeerConnection
 * @property {import("../signalling.js").Timers} timers
 */

export class Leg {
  /** @type {LegState} */ state = "connecting";
  /** Work on the descriptions, one after the other. @type {Promise<void>} */ #queue = Promise.resolve();
  /** @type {Map<Source, RTCRtpTransceiver>} */ #lines = new Map();
  /** @type {WeakSet<RTCRtpSender>} */ #limited = new WeakSet();
  /** @type {{revision: number, word: Record<string, unknown>} | null} */ #said = null;
  /** @type {any} */ #timer = null;

  /** @param {LegOptions} options */
  constructor(options) {
    this.options = options;
    this.tracks = { ...options.tracks };
    this.connection = new options.PeerConnection(options.configuration);
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) {
        options.say({ candidate: { leg: options.side, candidate: candidate.candidate.replace(/^candidate:/, "") } });
      }
    };
    this.connection.onconnectionstatechange = () => this.#changed();
  }

  /** @returns {{source: Source, sender: RTCRtpSender}[]} */
  get outgoing() {
    return [...this.#lines].map(([source, { sender }]) => ({ source, sender }));
  }

  /** @param {Source} source @param {MediaStreamTrack | null} track sent from now on */
  setTrack(source, track) {
    this.tracks[source] = track;
    this.#do(async () => {
      await this.#lines.get(source)?.sender.replaceTrack(this.tracks[source]);
    });
  }

  /**
   * Answers an offer. One that was answered already gets the same answer: the first one was lost.
   *
   * @param {number} revision
   * @param {string} sdp
   * @param {() => void} [described] called when the offer has been taken
   */
  offered(revision, sdp, described) {
    this.#do(async () => {
      if (this.#said && revision <= this.#said.revision) {
        if (revision === this.#said.revision) {
          this.options.say(this.#said.word);
        }
        return;
      }
      await this.connection.setRemoteDescription({ type: "offer", sdp: tuneOpus(sdp) });
      if (this.options.side === "publish") {
        await this.#layOut();
      }
      described?.();
      await this.#describe("answer", revision);
    });
  }

  /** Makes an offer itself, for a server that asks for one. @param {number} revision */
  makeOffer(revision) {
    this.#do(async () => {
      if (this.#lines.size === 0) {
        for (const source of SOURCES) {
          const line = this.connection.addTransceiver(this.tracks[source] ?? kindOf(source), { direction: "sendonly" });
          this.#lines.set(source, line);
        }
      }
      await this.#describe("offer", revision);
    });
  }

  /** @param {number} revision @param {string} sdp the server's answer to that offer */
  answered(revision, sdp) {
    this.#do(async () => {
      if (this.#said?.revision === revision && this.connection.signalingState === "have-local-offer") {
        await this.connection.setRemoteDescription({ type: "answer", sdp: tuneOpus(sdp) });
        await this.#applyLimits();
      }
    });
  }

  /** The server says that the connection is gone, or it carries nothing any more. */
  lost() {
    this.#tell("broken");
  }

  close() {
    if (this.state !== "closed") {
      this.options.timers.clear(this.#timer);
      this.connection.onconnectionstatechange = null;
      this.connection.onicecandidate = null;
      this.connection.close();
      this.#tell("closed");
    }
  }

  /** Sends on every line from the beginning, also where there is no track yet: none needs a new offer later. */
  async #layOut() {
    const laid = laidOut(this.connection.getTransceivers());
    for (const source of SOURCES) {
      const line = laid[source];
      if (line && this.#lines.get(source) !== line) {
        this.#lines.set(source, line);
        line.direction = "sendonly";
        await line.sender.replaceTrack(this.tracks[source]);
      }
    }
  }

  /** @param {"offer" | "answer"} type @param {number} revision */
  async #describe(type, revision) {
    await this.connection.setLocalDescription();
    const sdp = tuneOpus(this.connection.localDescription?.sdp ?? "");
    this.#said = { revision, word: { [type]: { leg: this.options.side, revision, sdp } } };
    this.options.say(this.#said.word);
    await this.#applyLimits();
  }

  async #applyLimits() {
    for (const [source, { sender }] of this.#lines) {
      if (!this.#limited.has(sender) && (await limit(sender, source))) {
        this.#limited.add(sender);
      }
    }
  }

  #changed() {
    const { timers } = this.options;
    const state = this.connection.connectionState;
    timers.clear(this.#timer);
    if (state === "connected") {
      this.#tell("connected");
    } else if (state === "disconnected") {
      this.#timer = timers.set(() => this.#tell("broken"), STUTTER);
      this.#tell("shaky");
    } else if (state === "failed" || state === "closed") {
      this.#tell("broken");
    }
  }

  /** @param {LegState} state */
  #tell(state) {
    if (this.state !== state && this.state !== "closed") {
      this.state = state;
      this.options.onState();
    }
  }

  /** @param {() => Promise<void>} work */
  #do(work) {
    this.#queue = this.#queue.then(async () => {
      if (this.state === "closed") {
        return;
      }
      try {
        await work();
      } catch (error) {
        if (/** @type {LegState} */ (this.state) !== "closed") {
          // A description that does not fit: new connections mend it.
          this.options.onError(error);
          this.#tell("broken");
        }
      }
    });
  }
}
