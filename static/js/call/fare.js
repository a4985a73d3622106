/**
 * How a call fares: whether sound and picture come from the others, what is sent and wanted accordingly, and what the
 * hub is told of it. Knows no DOM.
 */

import { Adaptation } from "./adaptation.js";
import { Flow } from "./flow.js";
import { ALL } from "./line.js";
import { Samples } from "./samples.js";

/** @typedef {import("./engines/engine.js").PeerView} PeerView */
/** @typedef {import("./engines/engine.js").PeerState} PeerState */
/** @typedef {import("./protocol.js").Source} Source */

/** What is wanted of the others where their faces are not. @type {readonly Source[]} */
const NO_FACES = Object.freeze(["microphone", "screen"]);

/**
 * Who else would know, by seat: how loud each is and what getStats says, twice a second; and whether what is due comes,
 * when that changes.
 *
 * @typedef {object} Watchers
 * @property {(levels: Map<string, number>) => void} levels
 * @property {(reports: Map<string, any[]>) => void} reports
 * @property {(seat: string, flowing: boolean) => void} flow
 */
/**
 * @typedef {object} FareOptions
 * @property {() => [string, PeerView][]} peers the others as they are shown
 * @property {(seat: string) => import("./protocol.js").Participant | undefined} participant
 * @property {() => {source: Source, sender: RTCRtpSender}[]} outgoing
 * @property {() => number} devices in the call, this one included
 * @property {() => boolean} direct whether the other browser gets what this one sends by itself
 * @property {(message: import("./protocol.js").BrowserMessage) => boolean} send
 * @property {() => boolean} reachable whether the hub hears us just now
 * @property {() => number} heardAt when the hub was heard last, by the clock
 * @property {(seat: string, state: PeerState) => void} onState
 * @property {Watchers} [watch] who else would know
 * @property {() => void} onWant `wants` may have changed
 * @property {(weak: {weakUp: boolean, weakDown: boolean}) => void} onWeak
 * @property {import("./signalling.js").Timers} timers
 * @property {() => number} [clock] milliseconds, never jumping
 */

export class Fare {
  /** What is wanted of the others, by the reasons not to want everything. @type {Map<string, readonly Source[]>} */
  #limits = new Map();
  /** What the engines say of the others. @type {Map<string, PeerState>} */ #states = new Map();

  /** @param {FareOptions} options */
  constructor(options) {
    this.options = options;
    const { timers, onWeak, outgoing, devices, direct, peers, send, reachable, heardAt } = options;
    const { watch } = options;
    const clock = options.clock ?? (() => performance.now());
    this.adaptation = new Adaptation({
      outgoing,
      devices,
      direct,
      onWant: () => this.limit("line", this.adaptation.wants),
      onWeak,
      clock,
    });
    this.flow = new Flow({
      peers,
      expects: (seat) => this.#expects(seat),
      onFlow: (seat, flowing) => {
        this.#tell(seat);
        watch?.flow(seat, flowing);
      },
      onLevel: (levels) => watch?.levels(levels),
      onReports: (reports) => {
        void this.adaptation.look(reports);
        watch?.reports(reports);
      },
      timers,
      clock,
    });
    this.samples = new Samples({ peers, missed: () => this.flow.take(heardAt()), send, reachable, timers });
    this.samples.start();
  }

  /** Whether a weak line holds back what we send, or what we get. */
  get weak() {
    return this.adaptation.weak;
  }

  /** What is wanted of the others. @returns {Source[]} */
  get wants() {
    return ALL.filter((source) => [...this.#limits.values()].every((sources) => sources.includes(source)));
  }

  /** @param {string} why @param {boolean} wanted whether, as far as this reason goes, the others' faces are wanted */
  faces(why, wanted) {
    this.limit(why, wanted ? ALL : NO_FACES);
  }

  /** @param {string} why @param {readonly Source[]} sources what, as far as this reason goes, is wanted */
  limit(why, sources) {
    this.#limits.set(why, sources);
    this.options.onWant();
  }

  /** @param {string} seat @param {PeerState} state as the engine has it */
  stateChanged(seat, state) {
    this.#states.set(seat, state);
    this.#tell(seat);
    if (state === "closed") {
      this.#states.delete(seat);
      this.samples.forget(seat);
    }
  }

  close() {
    this.samples.stop();
    this.flow.close();
  }

  /** @param {string} seat */
  #tell(seat) {
    const state = this.#states.get(seat);
    if (state) {
      // A connection may stand for seconds after the last packet.
      this.options.onState(seat, state === "connected" && !this.flow.flowing(seat) ? "interrupted" : state);
    }
  }

  /** @param {string} seat */
  #expects(seat) {
    const participant = this.options.participant(seat);
    if (!participant) {
      return null;
    }
    const { microphone, camera, paused } = participant.media;
    const due = { sound: microphone, picture: camera && !paused && this.wants.includes("camera") };
    return { due, connected: participant.connected };
  }
}
