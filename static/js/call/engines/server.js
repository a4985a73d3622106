/**
 * What the engines with a media server share (docs/protocol.md, "The server engines"): two connections to it, made
 * anew whenever the server offers a greater epoch or something breaks, while the old picture stays as long as it lives.
 */

import { MEDIA } from "../protocol.js";
import { realTimers } from "../signalling.js";
import { Leg } from "./leg.js";
import { SOURCES } from "./lines.js";
import { Others } from "./others.js";
import { beats } from "./pulse.js";
import { Repair } from "./repair.js";
import { Reports } from "./reports.js";

/** Milliseconds that old connections stay: until the new ones show something, and at the longest. */
export const LINGER = 1500;
export const LONGEST_LINGER = 10000;
/** Milliseconds that everything stays for the others after this page has moved to another engine. */
export const FAREWELL = 10000;

/** @typedef {import("../protocol.js").Source} Source */
/** @typedef {import("./leg.js").Side} Side */
/** @typedef {{seat: string, source: Source}} Given */
/** The connections of one epoch. @typedef {{epoch: number, publish: Leg | null, subscribe: Leg | null, tracks: Map<string, Given & {track: MediaStreamTrack}>}} Round */

/** @param {unknown} value @returns {value is number} */
const isWhole = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;

/** @param {unknown} value @returns {Source[]} */
const sourcesIn = (value) => SOURCES.filter((source) => Array.isArray(value) && value.includes(source));

export class ServerEngine {
  name = "";
  /** @type {Round | null} */ #round = null;
  /** @type {Round | null} */ #old = null;
  #epoch = -1;
  /** @type {Record<Source, MediaStreamTrack | null>} */
  #tracks = { microphone: null, camera: null, screen: null };
  /** @type {Record<string, Source[]>} */ #wants = {};
  /** Whether the server has been told at least once what is wanted. */ #asked = false;
  /** @type {RTCIceServer[]} */ #iceServers = [];
  /** @type {RTCIceTransportPolicy} */ #policy = "all";
  /** @type {any} */ #lingering = null;
  /** @type {any} */ #farewell = null;
  #reports = new Reports();
  #started = false;
  #leaving = false;
  #closed = false;

  /** @param {import("./engine.js").EngineOptions} options */
  constructor(options) {
    this.options = options;
    this.timers = options.timers ?? realTimers;
    this.others = new Others(options.onState, (seat) => this.#look(seat));
    this.repair = new Repair({ reachable: options.reachable, ask: () => this.#ask(), timers: this.timers });
  }

  /** @param {import("../protocol.js").EngineInfo} info */
  start({ iceServers, iceTransportPolicy = "all" }) {
    this.#iceServers = iceServers;
    this.#policy = iceTransportPolicy;
    if (!this.#started) {
      this.#started = true;
      this.repair.expect();
    }
  }

  get alive() {
    return this.#legs(this.#round).some((leg) => leg.state === "connected" || leg.state === "shaky");
  }

  /** @returns {number | null} */
  get epoch() {
    return this.#stands ? this.#epoch : null;
  }

  /** @returns {[string, import("./engine.js").PeerView][]} */
  get peers() {
    return this.others.all.map(([seat, { state }]) => [
      seat,
      {
        state,
        alive: state === "connected" || state === "interrupted",
        words: {
          connection: this.#round?.subscribe?.connection.connectionState ?? "new",
          ice: this.#round?.subscribe?.connection.iceConnectionState ?? "new",
        },
        getStats: () => this.#statsOf(seat),
      },
    ]);
  }

  /** @returns {{source: Source, sender: RTCRtpSender}[]} */
  outgoing() {
    return [this.#round, this.#old].flatMap((round) => round?.publish?.outgoing ?? []);
  }

  /** @param {import("../protocol.js").Participant} participant */
  participant({ seat, instance, connected }) {
    if (seat === this.options.seat || !instance || !connected || this.#closed) {
      return;
    }
    const returns = !this.others.all.some(([key]) => key === seat);
    this.others.put(seat);
    // Counted as gone, while the server kept the place: it has nothing new to tell, and the tile is a new one.
    const kept = returns ? [...(this.#round?.tracks.values() ?? [])].filter((given) => given.seat === seat) : [];
    kept.forEach(({ source, track }) => this.options.onTrack(seat, source, track));
  }

  /**
   * @param {string} seat
   * @param {"left" | "refused" | "lost"} reason
   * @returns {boolean} whether the media may go on without the socket
   */
  gone(seat, reason) {
    return this.others.gone(seat, reason);
  }

  /**
   * @param {string} from
   * @param {string | null} _instance
   * @param {import("../protocol.js").MediaEvent} data
   */
  signal(from, _instance, data) {
    const epoch = data?.epoch;
    if (from !== MEDIA || this.#closed || !isWhole(epoch) || epoch < this.#epoch) {
      return;
    }
    if (data.event === "failed" && typeof data.code === "string") {
      this.options.onFailed?.(data.code);
      this.repair.refused();
    } else if (this.opens(data)) {
      if (epoch > this.#epoch && !this.#leaving) {
        this.#begin(epoch);
      }
      if (epoch === this.#epoch) {
        this.describe(data);
      }
    } else if (epoch === this.#epoch) {
      this.hear(data);
    }
  }

  /** @param {Source} source @param {MediaStreamTrack | null} track */
  send(source, track) {
    this.#tracks[source] = track;
    for (const round of [this.#round, this.#old]) {
      round?.publish?.setTrack(source, track);
    }
  }

  /** @param {Record<string, Source[]>} wants */
  want(wants) {
    const before = JSON.stringify(this.#wants);
    this.#wants = wants;
    if (before !== JSON.stringify(wants)) {
      this.#tellWants();
    }
  }

  /** The socket is back. Of connections that do not live the hub was not told: it offers new ones by itself. */
  resume() {
    if (this.epoch === null) {
      this.repair.expect();
    } else {
      if (this.#asked) {
        // The last word may be lost, also the one that everything is wanted again.
        this.#tellWants();
      }
      void this.wake();
    }
  }

  async wake() {
    const round = this.#round;
    if (!round || !this.#stands) {
      for (const leg of this.#legs(round)) {
        if (leg.state === "shaky") {
          leg.lost();
        }
      }
      this.repair.hurry();
      return;
    }
    const sending = SOURCES.some((source) => this.#tracks[source]);
    const hearing = this.others.all.some(([, { state }]) => state === "connected");
    const found = await Promise.all(
      this.#legs(round).map(async (leg) => {
        const busy = leg === round.publish ? sending : hearing;
        return { leg, beating: await beats(leg.connection, busy, this.timers) };
      }),
    );
    for (const { leg, beating } of found) {
      if (!beating && round === this.#round) {
        leg.lost();
      }
    }
  }

  leaving() {
    this.#leaving = true;
    this.repair.stop();
  }

  /** The others may still see us by these connections. @returns {boolean} */
  moved() {
    this.timers.clear(this.#farewell);
    this.#farewell = this.timers.set(() => this.close(), FAREWELL);
    return true;
  }

  close() {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.repair.stop();
    this.timers.clear(this.#farewell);
    this.#closeRound(this.#round);
    this.#forgetOld();
    this.others.clear();
  }

  // What engines with another way of offering change.

  /** @param {import("../protocol.js").MediaEvent} data @returns {boolean} whether it may begin a new epoch */
  opens({ event, leg, revision, sdp }) {
    return event === "offer" && (leg === "publish" || leg === "subscribe") && isWhole(revision) && typeof sdp === "string";
  }

  /** @param {import("../protocol.js").MediaEvent} data that {@link opens} has found good, of the newest epoch */
  describe({ leg, revision, sdp, tracks }) {
    const side = /** @type {Side} */ (leg);
    const round = this.#round;
    this.leg(side)?.offered(Number(revision), String(sdp), () => {
      if (side === "subscribe" && round && round === this.#round) {
        this.#given(round, tracks);
      }
    });
  }

  /** @param {import("../protocol.js").MediaEvent} data anything else, of the newest epoch */
  hear(data) {
    const { event, leg } = data;
    if (event === "lost" && (leg === "publish" || leg === "subscribe")) {
      this.#round?.[leg]?.lost();
      this.repair.broken();
    } else if (event === "away" && typeof data.seat === "string") {
      this.others.away(data.seat, data.away === true);
    } else if (event === "wanted" && Array.isArray(data.sources)) {
      this.options.onWanted?.(sourcesIn(data.sources));
    } else if (event === "poor") {
      this.options.onPoor?.();
    }
  }

  /** @param {Side} side @returns {Leg | null} of the newest epoch; made where there is none yet */
  leg(side) {
    const round = this.#round;
    if (round && !round[side]) {
      const { PeerConnection = RTCPeerConnection, onError = () => {} } = this.options;
      round[side] = new Leg({
        side,
        configuration: { iceServers: this.#iceServers, iceTransportPolicy: this.#policy, bundlePolicy: "max-bundle" },
        tracks: this.#tracks,
        say: (word) => this.options.signal(MEDIA, null, { ...word, epoch: round.epoch }),
        onState: () => this.#changed(round),
        onError,
        PeerConnection,
        timers: this.timers,
      });
      if (side === "subscribe" && Object.keys(this.#wants).length > 0) {
        this.#tellWants();
      }
    }
    return round?.[side] ?? null;
  }

  // Inside.

  /** @param {Round | null} round @returns {Leg[]} */
  #legs(round) {
    return [round?.publish, round?.subscribe].filter((leg) => leg instanceof Leg);
  }

  /** Whether both of the newest connections stand. */
  get #stands() {
    const legs = this.#legs(this.#round);
    return legs.length === 2 && legs.every((leg) => leg.state === "connected");
  }

  /** @param {number} epoch */
  #begin(epoch) {
    this.#forgetOld();
    this.#old = this.#round;
    this.#epoch = epoch;
    this.#round = { epoch, publish: null, subscribe: null, tracks: new Map() };
    this.#linger(LONGEST_LINGER);
    this.others.renew();
    this.repair.offered();
  }

  /** @param {Round} round @param {unknown} tracks by the `mid` of the section: whose and what it carries */
  #given(round, tracks) {
    const told = /** @type {Record<string, unknown>} */ (tracks && typeof tracks === "object" ? tracks : {});
    const before = round.tracks;
    round.tracks = new Map();
    for (const { mid, receiver } of round.subscribe?.connection.getTransceivers() ?? []) {
      const given = /** @type {Partial<Given> | undefined} */ (mid === null ? undefined : told[mid]);
      const [source] = sourcesIn([given?.source]);
      if (mid !== null && typeof given?.seat === "string" && given.seat !== this.options.seat && source) {
        const { seat } = given;
        const was = before.get(mid);
        round.tracks.set(mid, { seat, source, track: receiver.track });
        this.others.meet(seat);
        if (was?.seat !== seat || was.source !== source) {
          this.options.onTrack(seat, source, receiver.track);
        }
      }
    }
    this.others.refresh();
  }

  /** @param {Round} round of which a connection has changed */
  #changed(round) {
    if (round === this.#round && !this.#closed) {
      if (this.#stands) {
        this.repair.healed();
      } else if (this.#legs(round).some((leg) => leg.state === "broken")) {
        this.repair.broken();
      }
      if (this.#old && round.subscribe?.state === "connected") {
        this.#linger(LINGER);
      }
      if (round.publish?.state === "connected") {
        this.#old?.publish?.close();
      }
    }
    this.others.refresh();
  }

  /** @param {number} milliseconds that the old connections stay */
  #linger(milliseconds) {
    this.timers.clear(this.#lingering);
    this.#lingering = this.timers.set(() => {
      this.#forgetOld();
      this.others.refresh();
    }, milliseconds);
  }

  #forgetOld() {
    const old = this.#old;
    this.#old = null;
    this.timers.clear(this.#lingering);
    this.#closeRound(old);
  }

  /** @param {Round | null} round */
  #closeRound(round) {
    for (const leg of this.#legs(round)) {
      leg.close();
    }
  }

  async #ask() {
    this.#iceServers = await this.options.freshServers();
    // An offer may have come by itself meanwhile, or another engine has taken over.
    if (this.repair.state === "asked") {
      this.options.signal(MEDIA, null, { again: true });
    }
  }

  #tellWants() {
    if (this.#round?.subscribe) {
      this.#asked = true;
      this.options.signal(MEDIA, null, { want: { sources: this.#wants }, epoch: this.#epoch });
    }
  }

  /** @param {string} seat */
  #look(seat) {
    /** @param {Round | null} round */
    const gives = (round) => [...(round?.tracks.values() ?? [])].some((given) => given.seat === seat);
    const rounds = [this.#round, this.#old];
    return { given: gives(this.#round), comes: rounds.some((round) => round?.subscribe?.state === "connected" && gives(round)) };
  }

  /** @param {string} seat @returns {Promise<Map<string, any>>} */
  #statsOf(seat) {
    const { publish = null, subscribe = null, tracks = new Map() } = this.#round ?? {};
    const own = [...tracks].filter(([, given]) => given.seat === seat);
    const mids = new Set(own.map(([mid]) => mid));
    const ids = new Set(own.map(([, { track }]) => track.id));
    const legs = [subscribe, publish].filter((leg) => leg !== null);
    return this.#reports.about(
      legs.map(({ connection }) => connection),
      (entry) => mids.has(entry.mid) || ids.has(entry.trackIdentifier),
    );
  }
}
