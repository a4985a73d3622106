/**
 * Which of somebody's tracks are shown. What replaces a track that is seen or heard waits until it can be seen or
 * heard itself, so that nobody looks at a black picture while connections are made anew or another engine takes over.
 */

import { SOURCES } from "./engines/lines.js";

/** Milliseconds between two looks at what waits; and the longest that it waits for, where the old is no use any more. */
export const LOOK = 100;
export const LONGEST = 1500;

/** @typedef {import("./protocol.js").Source} Source */
/** @typedef {import("./engines/engine.js").Engine} Engine */
/** @typedef {Map<Source, MediaStreamTrack>} Tracks */
/** @typedef {{from: Engine, shown: Tracks, next: Engine, held: Tracks, waited: number}} Entry */

/**
 * @param {Iterable<any>} report
 * @param {MediaStreamTrack} track
 * @returns {boolean} whether something of it has been decoded, or heard
 */
export function decodes(report, track) {
  for (const entry of report) {
    const same = entry.trackIdentifier === undefined ? entry.kind === track.kind : entry.trackIdentifier === track.id;
    if (entry.type === "inbound-rtp" && same) {
      return (track.kind === "video" ? entry.framesDecoded : entry.packetsReceived) > 0;
    }
  }
  return false;
}

export class Gate {
  /** @type {Map<string, Entry>} */ #seats = new Map();
  /** @type {any} */ #timer = null;

  /**
   * @param {object} options
   * @param {(seat: string, source: Source, track: MediaStreamTrack) => void} options.put
   * @param {(seat: string) => import("./protocol.js").Media | undefined} options.media what they have switched on
   * @param {(seat: string) => void} options.onTaken they come from the newer engine now
   * @param {import("./signalling.js").Timers} options.timers
   */
  constructor(options) {
    this.options = options;
    this.timers = options.timers;
  }

  /** @param {string} seat @returns {Engine | undefined} from which they are shown */
  engineOf(seat) {
    return this.#seats.get(seat)?.from;
  }

  /**
   * @param {Engine} from
   * @param {string} seat
   * @param {Source} source
   * @param {MediaStreamTrack} track
   */
  offer(from, seat, source, track) {
    const entry = this.#seats.get(seat);
    if (!entry) {
      this.#seats.set(seat, { from, shown: new Map([[source, track]]), next: from, held: new Map(), waited: 0 });
      this.options.put(seat, source, track);
      return;
    }
    const shown = entry.shown.get(source);
    if (entry.from === from && entry.next === from && (!shown || shown === track || shown.readyState === "ended")) {
      entry.held.delete(source);
      this.#put(seat, entry, source, track);
      return;
    }
    if (entry.next !== from) {
      if (entry.from === from) {
        // The old engine's own change while the new one is on its way.
        this.#put(seat, entry, source, track);
        return;
      }
      entry.next = from;
      entry.held.clear();
    }
    if (entry.held.size === 0) {
      entry.waited = 0;
    }
    entry.held.set(source, track);
    this.#keepLooking();
  }

  /** @param {string} seat whose old connection is gone: whatever waits is shown */
  release(seat) {
    const entry = this.#seats.get(seat);
    if (entry && entry.held.size > 0) {
      this.#take(seat, entry, [...entry.held.keys()]);
    }
  }

  /** @param {string} seat */
  forget(seat) {
    this.#seats.delete(seat);
  }

  close() {
    this.#seats.clear();
    this.timers.clear(this.#timer);
    this.#timer = null;
  }

  #keepLooking() {
    this.#timer ??= this.timers.set(async () => {
      const waiting = [...this.#seats].filter(([, entry]) => entry.held.size > 0);
      await Promise.all(waiting.map(([seat, entry]) => this.#look(seat, entry)));
      this.#timer = null;
      if ([...this.#seats.values()].some(({ held }) => held.size > 0)) {
        this.#keepLooking();
      }
    }, LOOK);
  }

  /** @param {string} seat @param {Entry} entry */
  async #look(seat, entry) {
    const { next } = entry;
    const peer = next.peers.find(([key]) => key === seat)?.[1];
    const report = peer ? [...(await peer.getStats()).values()] : [];
    if (this.#seats.get(seat) !== entry || entry.next !== next || entry.held.size === 0) {
      return;
    }
    entry.waited += LOOK;
    const media = this.options.media(seat);
    const ready = SOURCES.filter((source) => {
      const track = entry.held.get(source);
      return track && decodes(report, track);
    });
    const due = SOURCES.filter((source) => media?.[source]);
    if (due.every((source) => ready.includes(source)) || (!this.#lives(seat, entry) && entry.waited >= LONGEST)) {
      this.#take(seat, entry, [...entry.held.keys()]);
    } else if (!this.#lives(seat, entry)) {
      this.#take(seat, entry, ready);
    }
  }

  /** @param {string} seat @param {Entry} entry @returns {boolean} whether the old engine still shows them */
  #lives(seat, { from, next }) {
    return from !== next && from.peers.some(([key, peer]) => key === seat && peer.state === "connected");
  }

  /** @param {string} seat @param {Entry} entry @param {Source[]} sources that are shown from the newer engine on */
  #take(seat, entry, sources) {
    const moved = entry.from !== entry.next && sources.length > 0;
    entry.from = sources.length > 0 ? entry.next : entry.from;
    for (const source of sources) {
      const track = entry.held.get(source);
      entry.held.delete(source);
      if (track) {
        this.#put(seat, entry, source, track);
      }
    }
    if (moved) {
      this.options.onTaken(seat);
    }
  }

  /** @param {string} seat @param {Entry} entry @param {Source} source @param {MediaStreamTrack} track */
  #put(seat, entry, source, track) {
    entry.shown.set(source, track);
    this.options.put(seat, source, track);
  }
}
