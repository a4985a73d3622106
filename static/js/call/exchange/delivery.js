/**
 * What has to arrive: finished lines, links and pictures, in pieces that each seat answers one by one.
 *
 * Each seat gets its own pieces, so that one with a slow line holds up nobody else. Few are on their way at a time, one
 * at first, so that heartbeats and signalling never wait long behind a picture. Knows no DOM and no socket.
 */

/** Pieces on their way to one seat at most. */
export const WINDOW = 4;
/** Milliseconds between two pieces, so that the hub's limit for a seat is never met. */
export const PACE = 100;
/** Milliseconds within which an answer shows that the line carries more, and after which a piece counts as lost. */
export const SWIFT = 1500;
export const LOST_AFTER = 12000;

/** @typedef {{id: string, kind: "text" | "picture" | "link", first: number, pieces: Record<string, unknown>[]}} Parcel `first`: the number of its first part */
/** @typedef {{parcel: Parcel, missing: number[], away: Map<number, number>, got: Set<number>}} Lane what one seat has yet to get of a parcel; parts are counted from 0 */
/** @typedef {{lanes: Map<string, Lane>, window: number, ready: boolean}} Line to one seat */

export class Delivery {
  /** By seat. @type {Map<string, Line>} */ #lines = new Map();
  /** How many pieces each parcel has for all seats, and how many have come. @type {Map<string, {all: number, come: number, arrived: number}>} */ #parcels = new Map();
  /** @type {any} */ #timer = null;
  /** @type {any} */ #watch = null;
  #saidAt = -Infinity;
  /** Whose turn it is. */ #turn = 0;

  /**
   * @param {object} on
   * @param {(message: {to: string, id: string, kind: string, part: number, parts: number, data: Record<string, unknown>}) => boolean} on.say whether it went
   * @param {(id: string, share: number) => void} on.progress 0 to 1
   * @param {(id: string, arrived: number) => void} on.done everybody has it, or is gone; `arrived`: with how many it is
   * @param {import("../signalling.js").Timers} timers
   * @param {() => number} [now] milliseconds, by a clock that never jumps
   */
  constructor(on, timers, now = () => performance.now()) {
    this.on = on;
    this.timers = timers;
    this.now = now;
  }

  /** @param {Parcel} parcel @param {string[]} seats */
  send(parcel, seats) {
    this.#parcels.set(parcel.id, { all: seats.length * parcel.pieces.length, come: 0, arrived: 0 });
    for (const seat of seats) {
      const missing = parcel.pieces.map((_piece, number) => number);
      this.#line(seat).lanes.set(parcel.id, { parcel, missing, away: new Map(), got: new Set() });
    }
    if (seats.length === 0) {
      this.#settle(parcel.id);
    }
    this.#pump();
  }

  /** A seat has got a piece. @param {string} seat @param {string} id @param {number} part */
  got(seat, id, part) {
    const line = this.#lines.get(seat);
    const lane = line?.lanes.get(id);
    const number = lane ? part - lane.parcel.first : -1;
    if (!line || !lane || lane.got.has(number) || !lane.parcel.pieces[number]) {
      return;
    }
    const sent = lane.away.get(number);
    if (sent !== undefined) {
      line.window = this.now() - sent < SWIFT ? Math.min(WINDOW, line.window + 1) : Math.max(1, line.window - 1);
    }
    lane.away.delete(number);
    lane.missing = lane.missing.filter((one) => one !== number);
    lane.got.add(number);
    const parcel = this.#parcels.get(id);
    if (parcel) {
      parcel.come += 1;
      this.on.progress(id, parcel.come / parcel.all);
      if (lane.got.size === lane.parcel.pieces.length) {
        parcel.arrived += 1;
        line.lanes.delete(id);
        this.#settle(id);
      }
    }
    this.#pump();
  }

  /** Whether a seat's socket stands; nothing is sent to one whose does not. @param {string} seat @param {boolean} ready */
  reachable(seat, ready) {
    const line = this.#line(seat);
    if (ready && !line.ready) {
      this.#takeBack(line);
    }
    line.ready = ready;
    this.#pump();
  }

  /** A seat's page was loaded anew: what was under way begins from its first piece. @param {string} seat */
  restart(seat) {
    const line = this.#line(seat);
    for (const [id, lane] of line.lanes) {
      const parcel = this.#parcels.get(id);
      if (parcel) {
        parcel.come -= lane.got.size;
      }
      lane.got.clear();
      lane.away.clear();
      lane.missing = lane.parcel.pieces.map((_piece, number) => number);
    }
    line.window = 1;
    this.#pump();
  }

  /** One's own socket is back. */
  resume() {
    for (const line of this.#lines.values()) {
      this.#takeBack(line);
    }
    this.#pump();
  }

  /** @param {string} seat that is gone for good */
  drop(seat) {
    const line = this.#lines.get(seat);
    this.#lines.delete(seat);
    for (const [id, lane] of line?.lanes ?? []) {
      const parcel = this.#parcels.get(id);
      if (parcel) {
        parcel.all -= lane.parcel.pieces.length;
        parcel.come -= lane.got.size;
        this.#settle(id);
      }
    }
  }

  /** Sends no more of it. @param {string} id @returns {string[]} the seats that have not got all of it */
  cancel(id) {
    const seats = [...this.#lines].filter(([, line]) => line.lanes.delete(id)).map(([seat]) => seat);
    this.#parcels.delete(id);
    return seats;
  }

  /** Everything is over. */
  clear() {
    this.timers.clear(this.#timer);
    this.timers.clear(this.#watch);
    this.#timer = this.#watch = null;
    this.#lines.clear();
    this.#parcels.clear();
  }

  /** @param {string} seat @returns {Line} */
  #line(seat) {
    let line = this.#lines.get(seat);
    if (!line) {
      line = { lanes: new Map(), window: 1, ready: true };
      this.#lines.set(seat, line);
    }
    return line;
  }

  /** What is on its way counts as lost. @param {Line} line @param {number} [before] sent before this moment */
  #takeBack(line, before = Infinity) {
    for (const lane of line.lanes.values()) {
      const lost = [...lane.away].filter(([, sent]) => sent < before).map(([number]) => number);
      for (const number of lost) {
        lane.away.delete(number);
        line.window = 1;
      }
      lane.missing = [...lane.missing, ...lost].sort((one, other) => one - other);
    }
  }

  /** @param {string} id */
  #settle(id) {
    const parcel = this.#parcels.get(id);
    if (parcel && ![...this.#lines.values()].some(({ lanes }) => lanes.has(id))) {
      this.#parcels.delete(id);
      this.on.done(id, parcel.arrived);
    }
  }

  #pump() {
    if (this.#timer !== null) {
      return;
    }
    const next = this.#next();
    if (!next) {
      return;
    }
    const wait = this.#saidAt + PACE - this.now();
    if (wait <= 0 && !this.#sayPiece(next)) {
      // The socket is away; `resume` comes when it is back.
      return;
    }
    this.#timer = this.timers.set(() => {
      this.#timer = null;
      this.#pump();
    }, wait > 0 ? wait : PACE);
  }

  /** @returns {{seat: string, lane: Lane, number: number} | null} the piece whose turn it is */
  #next() {
    const lines = [...this.#lines].filter(([, line]) => line.ready && size(line) < line.window);
    for (let step = 0; step < lines.length; step += 1) {
      const [seat, line] = lines[(this.#turn + step) % lines.length] ?? ["", null];
      // Words do not wait behind pictures.
      const lanes = [...(line?.lanes.values() ?? [])].sort((one, other) => one.parcel.pieces.length - other.parcel.pieces.length);
      const lane = lanes.find(({ missing }) => missing.length > 0);
      if (lane) {
        return { seat, lane, number: lane.missing[0] ?? 0 };
      }
    }
    return null;
  }

  /** @param {{seat: string, lane: Lane, number: number}} piece @returns {boolean} whether it went */
  #sayPiece({ seat, lane, number }) {
    const { id, kind, first, pieces } = lane.parcel;
    const parts = kind === "text" ? 1 : pieces.length;
    if (!this.on.say({ to: seat, id, kind, part: first + number, parts, data: pieces[number] ?? {} })) {
      return false;
    }
    this.#saidAt = this.now();
    this.#turn += 1;
    lane.missing.shift();
    lane.away.set(number, this.#saidAt);
    this.#watchOver();
    return true;
  }

  /** Looks every second for what was not answered. */
  #watchOver() {
    this.#watch ??= this.timers.set(() => {
      this.#watch = null;
      for (const line of this.#lines.values()) {
        this.#takeBack(line, this.now() - LOST_AFTER);
      }
      if ([...this.#lines.values()].some((line) => line.lanes.size > 0)) {
        this.#watchOver();
      }
      this.#pump();
    }, 1000);
  }
}

/** How many pieces are on their way. @param {Line} line */
function size(line) {
  return [...line.lanes.values()].reduce((sum, { away }) => sum + away.size, 0);
}
