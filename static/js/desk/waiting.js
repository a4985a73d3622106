/**
 * Who is in which of today's rooms, as far as the desk knows. Knows no DOM and no socket.
 */

/** @typedef {import("../call/protocol.js").Participant} Participant */
/**
 * @typedef {object} Meeting
 * @property {string} room
 * @property {string} at time of day, as people read it
 * @property {string} starts
 * @property {string} title
 * @property {string} doctor empty for one's own
 * @property {string} letIn
 * @property {string} ring
 * @property {string} say
 * @property {string} page
 */
/** @typedef {{participant: Participant & {test?: string | null}, meeting: Meeting, others: Participant[]}} Waiting */

export class WaitingRoom {
  /** @type {Map<string, Meeting>} */ #meetings = new Map();
  /** By room, by seat. @type {Map<string, Map<string, Participant>>} */ #people = new Map();
  /** Whom the hub has not told of since the socket came back. @type {Set<string>} */ #unheard = new Set();
  #settled = false;
  /** The rooms in which one is connected as host oneself. @type {Set<string>} */ #hosting = new Set();

  /** @returns {Meeting[]} by start */
  get meetings() {
    return [...this.#meetings.values()];
  }

  /**
   * Those who wait: the earliest meeting first, and who has waited longest in it. Who waits for somebody else's
   * meeting comes in the same row: the order is the day's. Who has asked to be rung waits while their page sleeps
   * too, with `connected` false: they can be rung, and not be let in.
   *
   * @returns {Waiting[]}
   */
  get waiting() {
    const found = [];
    for (const meeting of this.#meetings.values()) {
      const people = [...(this.#people.get(meeting.room)?.values() ?? [])];
      const others = people.filter(({ state }) => state === "admitted");
      for (const participant of people) {
        if (participant.state === "waiting") {
          found.push({ participant, meeting, others });
        }
      }
    }
    return found.sort(
      (one, other) =>
        one.meeting.starts.localeCompare(other.meeting.starts) ||
        one.participant.since.localeCompare(other.participant.since),
    );
  }

  /** @returns {Waiting | undefined} who can be let in next; nobody until the hub has had time to tell of everybody */
  get next() {
    return this.#settled ? this.waiting.find(({ participant }) => participant.connected) : undefined;
  }

  /**
   * The meetings as the hub has them now.
   *
   * @param {Meeting[]} meetings by start
   * @param {string[]} hosting rooms in which this login is host just now
   */
  replace(meetings, hosting) {
    this.#meetings = new Map(meetings.map((meeting) => [meeting.room, meeting]));
    this.#hosting = new Set(hosting);
    for (const room of this.#people.keys()) {
      if (!this.#meetings.has(room)) {
        this.#people.delete(room);
      }
    }
  }

  /** @param {string} room @param {Participant} participant @returns {boolean} whether somebody waits here who did not before */
  put(room, participant) {
    this.#unheard.delete(`${room} ${participant.seat}`);
    const people = this.#people.get(room) ?? new Map();
    const before = people.get(participant.seat);
    people.set(participant.seat, participant);
    this.#people.set(room, people);
    const waitsHere = (/** @type {Participant | undefined} */ one) => one?.state === "waiting" && one.connected;
    return waitsHere(participant) === true && !waitsHere(before);
  }

  /** @param {string} room @param {string} seat @returns {Participant | undefined} who that was */
  remove(room, seat) {
    const people = this.#people.get(room);
    const participant = people?.get(seat);
    people?.delete(seat);
    return participant;
  }

  /** The socket is back: whoever is still there is about to be told of again. */
  begin() {
    this.#unheard = new Set([...this.#people].flatMap(([room, people]) => [...people.keys()].map((seat) => `${room} ${seat}`)));
  }

  /** Whoever has not been told of since `begin` is gone. */
  settle() {
    this.#settled = true;
    for (const key of this.#unheard) {
      const [room = "", seat = ""] = key.split(" ");
      this.remove(room, seat);
    }
    this.#unheard.clear();
  }

  /** @param {string} room @returns {boolean} whether somebody waits there */
  waits(room) {
    return this.#some(room, "waiting");
  }

  /** @param {string} room @returns {boolean} whether somebody is in the call there */
  talks(room) {
    return this.#some(room, "admitted");
  }

  /** @param {string} room @returns {boolean} whether this login is host in the call of another room */
  elsewhere(room) {
    return [...this.#hosting].some((other) => other !== room);
  }

  /** @param {string} room @param {Participant["state"]} state */
  #some(room, state) {
    return [...(this.#people.get(room)?.values() ?? [])].some((one) => one.state === state && one.connected);
  }
}

/**
 * @param {string} since
 * @param {number} now milliseconds
 * @returns {number} whole minutes, never below zero: clocks differ
 */
export function minutesSince(since, now) {
  return Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
}
