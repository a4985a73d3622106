/**
 * Who is in the room, as far as this seat may see, and what is new about them.
 */

/** @typedef {import("./protocol.js").Participant} Participant */
/**
 * @typedef {object} News
 * @property {boolean} knocked somebody waits who did not before
 * @property {boolean} joined somebody takes part who did not before
 * @property {boolean} shared somebody shows their screen who did not before
 * @property {boolean} [muted] a microphone was switched off (true) or on (false)
 */

export class Roster {
  /** @type {Map<string, Participant>} */
  #people = new Map();

  /** @returns {Participant[]} those who take part, oldest first */
  get admitted() {
    return this.#in("admitted");
  }

  /** @returns {Participant[]} those who wait, oldest first */
  get waiting() {
    return this.#in("waiting");
  }

  /** @param {Participant} participant @returns {News} */
  put(participant) {
    const before = this.#people.get(participant.seat);
    this.#people.set(participant.seat, participant);
    const takesPart = participant.state === "admitted";
    const tookPart = before?.state === "admitted";
    const { microphone } = participant.media;
    return {
      // Whose page sleeps until it is rung is no news: its coming back is.
      knocked: waitsHere(participant) && !(before && waitsHere(before)),
      joined: takesPart && !tookPart,
      shared: takesPart && participant.media.screen && !(tookPart && before.media.screen),
      ...(takesPart && tookPart && microphone !== before.media.microphone && { muted: !microphone }),
    };
  }

  /**
   * A new list from the hub. Who is not on it is gone, but for those whom `keeps` knows better: after a restart
   * the hub has not heard of everybody yet.
   *
   * @param {Participant[]} participants
   * @param {(seat: string) => boolean} keeps
   * @returns {string[]} the seats that are gone
   */
  replace(participants, keeps) {
    const listed = new Set(participants.map(({ seat }) => seat));
    const gone = [...this.#people.keys()].filter((seat) => !listed.has(seat) && !keeps(seat));
    for (const seat of gone) {
      this.#people.delete(seat);
    }
    for (const seat of this.#people.keys()) {
      if (!listed.has(seat)) {
        this.lose(seat);
      }
    }
    return gone;
  }

  /** @param {string} seat whose socket is gone, while their media may go on */
  lose(seat) {
    const participant = this.#people.get(seat);
    if (participant) {
      this.#people.set(seat, { ...participant, connected: false });
    }
  }

  /** @param {string} seat @returns {boolean} whether only the media were left of them */
  isLost(seat) {
    return this.#people.get(seat)?.connected === false;
  }

  /** @param {string} seat @returns {Participant | undefined} who that was */
  remove(seat) {
    const participant = this.#people.get(seat);
    this.#people.delete(seat);
    return participant;
  }

  /** @returns {string[]} everybody's seat, now forgotten */
  clear() {
    const seats = [...this.#people.keys()];
    this.#people.clear();
    return seats;
  }

  /** @param {Participant["state"]} state */
  #in(state) {
    return [...this.#people.values()]
      .filter((participant) => participant.state === state)
      .sort((one, other) => one.since.localeCompare(other.since));
  }
}

/** @param {Participant} participant */
const waitsHere = (participant) => participant.state === "waiting" && participant.connected;
