/**
 * Whether sound and picture come from each of the others, for how long they did not, and how loud each is.
 *
 * Packets are what counts, not timers: a browser runs the timers of a page in the background late, and a sleeping one
 * runs none, while packets that came in are counted all the same. Knows no DOM.
 */

/** Milliseconds between two looks. */
export const LOOK = 500;
/** Milliseconds without a packet of what is due before somebody counts as cut off. */
export const CUT_OFF = 1500;
/** Milliseconds between two looks by which this device was asleep: a page in the background is let to its timers once
 * a minute at least. What nobody was there to miss is not counted. */
export const ASLEEP = 65000;

/** @typedef {{sound: boolean, picture: boolean}} Due what should come: somebody has switched it on and we want it */
/**
 * @typedef {object} Seen one look at what has come
 * @property {number} sound packets so far
 * @property {number} picture packets so far, camera and screen together
 * @property {number | null} age milliseconds since the last packet, where the browser tells
 * @property {number} level how loud, 0 to 1
 */
/** From when to when nothing came, in milliseconds of the clock. @typedef {{from: number, to: number}} Gap */
/**
 * @typedef {object} Watch what is known of one of the others
 * @property {number} at of the last look
 * @property {number} sound @property {number} picture packets at the last look
 * @property {number} last when something that was due came last, or fell due
 * @property {boolean} due whether anything was
 * @property {boolean} flowed whether anything has come ever: who never came through is connecting, not cut off
 * @property {number | null} since when nothing comes; null while it flows
 * @property {Gap[]} gaps that are over, and not told yet
 */

/**
 * @param {number} now
 * @returns {Watch} of somebody new
 */
export function firstWatch(now) {
  return { at: now, sound: 0, picture: 0, last: now, due: false, flowed: false, since: null, gaps: [] };
}

/**
 * @param {Iterable<any>} report the entries of an RTCStatsReport (W3C WebRTC Statistics)
 * @returns {Seen}
 */
export function see(report) {
  const seen = { sound: 0, picture: 0, level: 0, age: /** @type {number | null} */ (null) };
  for (const entry of report) {
    if (entry.type === "inbound-rtp") {
      seen[entry.kind === "audio" ? "sound" : "picture"] += entry.packetsReceived ?? 0;
      seen.level = Math.max(seen.level, entry.audioLevel ?? 0);
      const age = entry.timestamp - entry.lastPacketReceivedTimestamp;
      if (Number.isFinite(age)) {
        seen.age = Math.max(0, Math.min(seen.age ?? age, age));
      }
    }
  }
  return seen;
}

/**
 * What one more look makes of it.
 *
 * Anything that is due and comes will do: a picture that stands still while the sound goes on is a freeze, which the
 * statistics of quality count. A screen is never due, since one on which nothing moves may rightly send nothing.
 *
 * @param {Watch} before
 * @param {Seen | null} seen nothing where there is no connection
 * @param {Due} due
 * @param {number} now of a clock that never jumps, in milliseconds
 * @returns {Watch}
 */
export function follow(before, seen, due, now) {
  const { sound, picture } = seen ?? before;
  const isDue = due.sound || due.picture;
  // A connection made anew counts from nothing: any other number than before means that something came.
  const came = (due.sound && sound > 0 && sound !== before.sound) || (due.picture && picture > 0 && picture !== before.picture);
  const next = { ...before, at: now, sound, picture, due: isDue, flowed: before.flowed || came };
  if (came || !isDue) {
    next.last = came ? Math.max(before.at, now - (seen?.age ?? 0)) : now;
    // It came some time after the look before: however late this one is, the gap was no longer than to there.
    return before.since === null ? next : { ...next, since: null, gaps: [...before.gaps, over(before, now)] };
  }
  if (now - before.at > ASLEEP) {
    const gaps = before.since === null ? before.gaps : [...before.gaps, { from: before.since, to: before.at }];
    return { ...next, last: now, since: before.since === null ? null : now, gaps };
  }
  if (!before.due) {
    next.last = now;
  }
  const cutOff = next.flowed && before.since === null && now - next.last >= CUT_OFF;
  return cutOff ? { ...next, since: next.last } : next;
}

/** @param {Watch} before @param {number} now @returns {Gap} */
function over(before, now) {
  const from = before.since ?? now;
  return { from, to: Math.max(from, Math.min(now, before.at + LOOK)) };
}

/**
 * @typedef {object} FlowOptions
 * @property {() => [string, {getStats: () => Promise<{values(): Iterable<any>}>}][]} peers seats with their connections
 * @property {(seat: string) => {due: Due, connected: boolean} | null} expects what should come from that seat, and whether
 *   its socket stands; nothing for one that does not take part
 * @property {(seat: string, flowing: boolean) => void} onFlow
 * @property {(levels: Map<string, number>) => void} onLevel how loud each is, at every look
 * @property {(reports: Map<string, any[]>) => void} [onReports] what was looked at, for others who would ask the same
 * @property {import("./signalling.js").Timers} timers
 * @property {() => number} [clock] milliseconds, never jumping
 */

export class Flow {
  /** @type {Map<string, Watch>} */ #watches = new Map();
  /** Seconds up to here are told. */ #told = -Infinity;
  /** @type {any} */ #timer = null;
  #looking = false;
  #closed = false;

  /** @param {FlowOptions} options */
  constructor(options) {
    this.options = options;
    this.clock = options.clock ?? (() => performance.now());
    this.#keepLooking();
  }

  /** @param {string} seat @returns {boolean} whether what is due comes from there, as far as anybody knows */
  flowing(seat) {
    return (this.#watches.get(seat)?.since ?? null) === null;
  }

  /**
   * Takes the seconds without media that are not told yet, of each seat. A second in which several were missed is
   * given to one of them, so that a device can add all of them up.
   *
   * Of somebody whose socket is gone, the gap counts once they are back: otherwise they have left, and nobody was cut
   * off.
   *
   * @param {number} until up to which moment; a later word could get lost with this device's own line
   * @returns {Map<string, number>}
   */
  take(until) {
    /** @type {{seat: string, gap: Gap}[]} */
    const found = [];
    for (const [seat, watch] of this.#watches) {
      found.push(...watch.gaps.filter(({ to }) => to <= until).map((gap) => ({ seat, gap })));
      watch.gaps = watch.gaps.filter(({ to }) => to > until);
      if (watch.since !== null && watch.since < until && this.options.expects(seat)?.connected) {
        found.push({ seat, gap: { from: watch.since, to: Math.min(until, watch.at) } });
      }
    }
    found.sort((one, other) => one.gap.from - other.gap.from);
    /** @type {Map<string, number>} */
    const seconds = new Map();
    for (const { seat, gap } of found) {
      const untold = Math.max(0, gap.to - Math.max(gap.from, this.#told)) / 1000;
      this.#told = Math.max(this.#told, gap.to);
      if (untold > 0) {
        seconds.set(seat, (seconds.get(seat) ?? 0) + untold);
      }
    }
    return seconds;
  }

  close() {
    this.#closed = true;
    this.options.timers.clear(this.#timer);
  }

  #keepLooking() {
    this.#timer = this.options.timers.set(() => {
      this.#keepLooking();
      if (!this.#looking) {
        void this.#look();
      }
    }, LOOK);
  }

  async #look() {
    this.#looking = true;
    /** @type {Map<string, any[]>} */
    const reports = new Map();
    await Promise.all(
      this.options.peers().map(async ([seat, peer]) => {
        try {
          reports.set(seat, [...(await peer.getStats()).values()]);
        } catch {
          // The connection is being taken down: nothing has come over it.
        }
      }),
    );
    this.#looking = false;
    if (!this.#closed) {
      this.#judge(reports);
    }
  }

  /** @param {Map<string, any[]>} reports */
  #judge(reports) {
    const { expects, onFlow, onLevel, onReports } = this.options;
    const now = this.clock();
    /** @type {Map<string, number>} */
    const levels = new Map();
    for (const seat of new Set([...this.#watches.keys(), ...reports.keys()])) {
      const expected = expects(seat);
      if (!expected) {
        this.#watches.delete(seat);
        continue;
      }
      const report = reports.get(seat);
      const seen = report ? see(report) : null;
      const before = this.#watches.get(seat) ?? firstWatch(now);
      const watch = follow(before, seen, expected.due, now);
      this.#watches.set(seat, watch);
      levels.set(seat, expected.due.sound ? (seen?.level ?? 0) : 0);
      if ((before.since === null) !== (watch.since === null)) {
        onFlow(seat, watch.since === null);
      }
    }
    onLevel(levels);
    onReports?.(reports);
  }
}
