/**
 * The others as a media server's engine knows them: from the hub, that they take part; from the server, what comes.
 */

/** @typedef {import("./engine.js").PeerState} PeerState */
/**
 * @typedef {object} Other
 * @property {PeerState} state
 * @property {boolean} known the hub has told of them
 * @property {boolean} absent their socket is gone: when their media go too, they are gone
 * @property {boolean} away the server has lost them
 * @property {boolean} stood sound and picture have come at some time
 */

export class Others {
  /** @type {Map<string, Other>} */ #all = new Map();

  /**
   * @param {(seat: string, state: PeerState) => void} onState
   * @param {(seat: string) => {given: boolean, comes: boolean}} look whether the server has a place for them now, and
   *   whether the connection that it is on stands
   */
  constructor(onState, look) {
    this.onState = onState;
    this.look = look;
  }

  /** @returns {[string, Other][]} */
  get all() {
    return [...this.#all];
  }

  /** @param {string} seat the hub says that they take part */
  put(seat) {
    const other = this.meet(seat);
    other.known = true;
    other.absent = false;
    this.refresh();
  }

  /** @param {string} seat @returns {Other} */
  meet(seat) {
    const known = this.#all.get(seat);
    if (known) {
      return known;
    }
    /** @type {Other} */
    const other = { state: "connecting", known: false, absent: false, away: false, stood: false };
    this.#all.set(seat, other);
    this.onState(seat, "connecting");
    return other;
  }

  /**
   * @param {string} seat
   * @param {"left" | "refused" | "lost"} reason
   * @returns {boolean} whether the media may go on without the socket
   */
  gone(seat, reason) {
    const other = this.#all.get(seat);
    if (reason === "lost" && other?.state === "connected") {
      other.absent = true;
      return true;
    }
    this.#drop(seat);
    return false;
  }

  /** @param {string} seat @param {boolean} away */
  away(seat, away) {
    const other = this.#all.get(seat);
    if (other) {
      other.away = away;
      this.refresh();
    }
  }

  /** A new connection: whom the server has lost, it tells on it. What it said on the one before is void. */
  renew() {
    for (const [, other] of this.#all) {
      other.away = false;
    }
  }

  /** Looks at everybody anew, and tells whose state has changed. */
  refresh() {
    for (const [seat, other] of this.all) {
      const { given, comes } = this.look(seat);
      const there = comes && !other.away;
      if (!there && (other.absent || !(other.known || given))) {
        this.#drop(seat);
        continue;
      }
      other.stood ||= there;
      const state = there ? "connected" : other.stood ? "interrupted" : "connecting";
      if (state !== other.state) {
        other.state = state;
        this.onState(seat, state);
      }
    }
  }

  clear() {
    for (const [seat] of this.all) {
      this.#drop(seat);
    }
  }

  /** @param {string} seat */
  #drop(seat) {
    if (this.#all.delete(seat)) {
      this.onState(seat, "closed");
    }
  }
}
