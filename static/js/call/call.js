/**
 * The call itself while this seat takes part: the engine that carries it, what it is fed with, and how it fares. When
 * the hub names another engine the call moves: the new one is made beside the old one, and each of the others is shown
 * from the new one as soon as there is something to see (gate.js). Knows no DOM.
 */

import * as protocol from "./protocol.js";
import { SOURCES } from "./engines/lines.js";
import { Fare } from "./fare.js";
import { Gate } from "./gate.js";
import { Servers } from "./servers.js";

/** Milliseconds after which the hub is told again that the browsers cannot reach each other. */
export const INSIST = 5000;
/** Milliseconds between two looks at whether the old engine can go. */
const LOOK = 500;

/** @typedef {import("./engines/engine.js").Engine} Engine */
/** @typedef {import("./engines/engine.js").EngineOptions} EngineOptions */
/** @typedef {import("./engines/engine.js").PeerView} PeerView */
/** @typedef {import("./engines/engine.js").PeerState} PeerState */
/** @typedef {(name: string, options: EngineOptions) => Engine} MakeEngine */

/**
 * @typedef {object} CallOptions
 * @property {string} seat our own
 * @property {protocol.EngineInfo} info
 * @property {MakeEngine} makeEngine
 * @property {(message: protocol.BrowserMessage) => boolean} send
 * @property {() => boolean} reachable whether the hub hears us just now
 * @property {import("./local.js").LocalMedia} local
 * @property {import("./signalling.js").Timers} timers
 * @property {EngineOptions["onTrack"]} onTrack
 * @property {EngineOptions["onState"]} onState
 * @property {() => number} [heardAt] when the hub was heard last, by `performance.now`
 * @property {import("./fare.js").Watchers} [watch] of how the others come through
 * @property {() => void} [onNoPlace] the media server has no place for us, once more
 * @property {EngineOptions["onError"]} [onError]
 * @property {() => void} [onWeak] a weak line begins or ceases to hold pictures back: `fare.weak`
 */

export class Call {
  /** Those that take part. @type {Map<string, protocol.Participant>} */ participants = new Map();
  /** Those that the newest engine replaces, while something still comes by them. @type {Engine[]} */ #older = [];
  /** @type {Map<string, PeerState>} */ #told = new Map();
  /** @type {Map<Engine, protocol.Source[]>} */ #wanted = new Map();
  /** @type {any} */ #looking = null;
  /** @type {any} */ #insisting = null;
  #name = "";
  #closed = false;

  /** @param {CallOptions} options */
  constructor(options) {
    this.options = options;
    const { info, timers, send, reachable, heardAt = () => performance.now(), onState, watch, onWeak } = options;
    this.servers = new Servers(info.iceServers, () => send(protocol.engine()), timers);
    this.gate = new Gate({
      put: options.onTrack,
      media: (seat) => this.#due(seat),
      onTaken: (seat) => this.#taken(seat),
      timers,
    });
    this.fare = new Fare({
      peers: () => this.peers,
      participant: (seat) => this.participants.get(seat),
      outgoing: () => this.outgoing(),
      devices: () => this.participants.size + 1,
      direct: () => this.engine.name === "direct",
      onWant: () => this.#tellWants(),
      onWeak: () => {
        this.tellMedia();
        onWeak?.();
      },
      ...{ send, reachable, heardAt, onState, timers },
      ...(watch && { watch }),
    });
    this.#name = info.name;
    this.engine = this.#make(info);
    this.#feed(info);
    this.tellMedia();
  }

  /** The hub has let us in, perhaps once more after an outage. @param {protocol.EngineInfo} info */
  begin(info) {
    this.refreshed(info);
    this.tellMedia();
  }

  /** @param {protocol.EngineInfo} info what carries the call now; perhaps only its servers are new */
  refreshed(info) {
    if (info.name === this.#name) {
      this.engine.start(info);
    } else {
      this.#move(info);
    }
    this.servers.renew(info.iceServers);
  }

  // The others.

  /** @param {protocol.Participant} participant takes part, perhaps with something new */
  participant(participant) {
    const isNew = !this.participants.has(participant.seat);
    this.participants.set(participant.seat, participant);
    for (const engine of this.engines) {
      engine.participant(participant);
    }
    if (isNew && this.#picky) {
      this.#tellWants();
    }
  }

  /**
   * @param {string} seat
   * @param {"left" | "refused" | "lost"} reason
   * @returns {boolean} whether their media may go on without the socket
   */
  gone(seat, reason) {
    const stays = this.engines.map((engine) => engine.gone(seat, reason)).includes(true);
    const participant = this.participants.get(seat);
    if (!stays) {
      this.participants.delete(seat);
      this.gate.forget(seat);
    } else if (participant) {
      this.participants.set(seat, { ...participant, connected: false });
    }
    return stays;
  }

  /** @param {protocol.Signal} message from one of the others, or from the media server */
  signal({ from, instance, data }) {
    const engine = from === protocol.MEDIA ? this.engine : this.engines.find(({ name }) => name === "direct");
    (engine ?? this.engine).signal(from, instance, data);
  }

  /** @param {string} seat @returns {boolean} whether sound and picture still come from there */
  hears(seat) {
    return this.engines.some((engine) => engine.peers.some(([key, peer]) => key === seat && peer.alive));
  }

  /** Everybody as they are shown. @returns {[string, PeerView][]} */
  get peers() {
    /** @type {Map<string, PeerView>} */ const found = new Map();
    for (const engine of this.engines) {
      for (const [seat] of engine.peers) {
        const peer = this.#peer(seat);
        if (peer) {
          found.set(seat, peer);
        }
      }
    }
    return [...found];
  }

  /** @param {string} why @param {boolean} wanted whether, as far as this reason goes, the others' faces are wanted */
  faces(why, wanted) {
    this.fare.faces(why, wanted);
  }

  // What we send.

  /** @param {protocol.Source} source whose track has changed */
  localChanged(source) {
    for (const engine of this.engines) {
      engine.send(source, this.options.local.tracks[source]);
    }
    this.tellMedia();
  }

  /** Tells the others what is switched on. */
  tellMedia() {
    this.options.send(protocol.media({ ...this.options.local.state, paused: this.fare.weak.weakUp }));
  }

  /** Every sender of every connection. @returns {{source: protocol.Source, sender: RTCRtpSender}[]} */
  outgoing() {
    return this.engines.flatMap((engine) => engine.outgoing());
  }

  /** What anybody wants of us: while the call moves, by either way. @returns {protocol.Source[]} */
  get wanted() {
    return SOURCES.filter((source) => this.engines.some((engine) => this.#wanted.get(engine)?.includes(source) ?? true));
  }

  // The connections.

  /** All that carry something, the newest first. @returns {Engine[]} */
  get engines() {
    return [this.engine, ...this.#older];
  }

  /** Whether any connection lives that should outlast the socket. */
  get alive() {
    return this.engines.some((engine) => engine.alive);
  }

  /** The socket is back. */
  resume() {
    this.engine.resume();
    if (this.#insisting !== null) {
      this.#insist();
    }
  }

  /** The network or the page is back. */
  wake() {
    this.engine.wake();
  }

  close() {
    const { timers } = this.options;
    this.#closed = true;
    timers.clear(this.#looking);
    timers.clear(this.#insisting);
    this.fare.close();
    this.gate.close();
    for (const engine of this.engines) {
      engine.close();
    }
  }

  // Inside.

  /** @param {protocol.EngineInfo} info @returns {Engine} */
  #make({ name }) {
    const { seat, makeEngine, send, reachable, timers, onError } = this.options;
    const engine = makeEngine(name, {
      seat,
      signal: (to, instance, data) =>
        send(instance === null ? protocol.toMedia(data) : protocol.signal(to, instance, data)),
      reachable,
      freshServers: () => this.servers.fresh(),
      onTrack: (of, source, track) => {
        this.gate.offer(engine, of, source, track);
        this.#refresh(of);
      },
      onState: (of, state) => this.#stateChanged(engine, of, state),
      onWanted: (sources) => {
        this.#wanted.set(engine, sources);
        this.fare.adaptation.wanted(this.wanted);
      },
      onPoor: () => this.fare.adaptation.poor(),
      onHopeless: () => engine === this.engine && this.#insist(),
      onFailed: () => engine === this.engine && this.options.onNoPlace?.(),
      ...(onError && { onError }),
      timers,
    });
    return engine;
  }

  /** Another engine takes over, beside the old one until nobody needs that any more. @param {protocol.EngineInfo} info */
  #move(info) {
    const old = this.engine;
    this.options.timers.clear(this.#insisting);
    this.#insisting = null;
    this.#name = info.name;
    this.engine = this.#make(info);
    this.#older.unshift(old);
    old.leaving();
    this.#feed(info);
    this.#settle();
  }

  /** Tells a new engine everything. @param {protocol.EngineInfo} info */
  #feed(info) {
    this.engine.start(info);
    for (const source of SOURCES) {
      this.engine.send(source, this.options.local.tracks[source]);
    }
    for (const participant of this.participants.values()) {
      this.engine.participant(participant);
    }
    if (this.#picky) {
      this.#tellWants();
    }
  }

  /** Whether not everything is wanted. */
  get #picky() {
    return this.fare.wants.length < SOURCES.length;
  }

  /** @param {string} seat @returns {protocol.Media | undefined} what should come from there */
  #due(seat) {
    const media = this.participants.get(seat)?.media;
    const comes = (/** @type {protocol.Source} */ source) => !media?.paused && this.fare.wants.includes(source);
    return media && { ...media, camera: media.camera && comes("camera"), screen: media.screen && comes("screen") };
  }

  /** Says good-bye by the old engines to those who come from the new one, and lets go of engines that carry nothing. */
  #settle() {
    const { timers } = this.options;
    for (const old of [...this.#older]) {
      for (const [seat] of old.peers) {
        if (this.gate.engineOf(seat) === this.engine) {
          old.moved(seat);
        }
      }
      if (old.peers.length === 0) {
        this.#older = this.#older.filter((engine) => engine !== old);
        this.#wanted.delete(old);
        old.close();
        this.fare.adaptation.wanted(this.wanted);
      }
    }
    timers.clear(this.#looking);
    if (this.#older.length > 0 && !this.#closed) {
      this.#looking = timers.set(() => this.#settle(), LOOK);
    }
  }

  /** @param {string} seat who is shown from the newest engine from now on */
  #taken(seat) {
    this.fare.samples.forget(seat);
    this.#refresh(seat);
    this.#settle();
  }

  /** @param {string} seat @returns {PeerView | undefined} as they are shown */
  #peer(seat) {
    const shown = this.gate.engineOf(seat);
    const order = shown && this.engines.includes(shown) ? [shown, ...this.engines] : this.engines;
    for (const engine of order) {
      const found = engine.peers.find(([key]) => key === seat);
      if (found) {
        return found[1];
      }
    }
    return undefined;
  }

  /** @param {Engine} engine @param {string} seat @param {PeerState} state */
  #stateChanged(engine, seat, state) {
    if (this.#closed) {
      return;
    }
    const hasNew = this.engine.peers.some(([key]) => key === seat);
    if (state === "closed" && hasNew && this.gate.engineOf(seat) === engine) {
      this.gate.release(seat);
    }
    if (state === "connecting" && engine.name === "direct") {
      // Somebody new there, who has not said what is wanted of us.
      this.#wanted.delete(engine);
      this.fare.adaptation.wanted(this.wanted);
    }
    if (state === "connected" && engine === this.engine) {
      this.options.timers.clear(this.#insisting);
      this.#insisting = null;
    }
    this.#refresh(seat);
  }

  /** Tells how somebody is, if that is new. @param {string} seat */
  #refresh(seat) {
    const state = this.#peer(seat)?.state ?? "closed";
    if (this.#told.get(seat) === state) {
      return;
    }
    this.#told.set(seat, state);
    if (state === "closed") {
      this.gate.forget(seat);
    }
    this.fare.stateChanged(seat, state);
  }

  #tellWants() {
    /** @type {Record<string, protocol.Source[]>} */
    const wants = {};
    for (const seat of this.#picky ? this.participants.keys() : []) {
      wants[seat] = this.fare.wants;
    }
    for (const engine of this.engines) {
      engine.want(wants);
    }
  }

  /** The browsers cannot reach each other: the hub is told until it has moved the call, or they can after all. */
  #insist() {
    const { timers, send } = this.options;
    timers.clear(this.#insisting);
    send(protocol.engine({ failed: true }));
    this.#insisting = timers.set(() => this.#insist(), INSIST);
  }
}
