/**
 * The parts of a stay in the room that are no part of the call itself: each listens to what happens and does its own
 * work beside the others. Knows no DOM.
 *
 * A part is an object with any of the members of `Part`. It is made with `session.forParts` and handed to
 * `session.add`; each is told of everything, in the order in which they were added.
 */

/** @typedef {import("./protocol.js").Participant} Participant */
/** @typedef {import("./protocol.js").Room} Room */

/**
 * @typedef {object} Part
 * @property {(message: import("./protocol.js").ServerMessage) => boolean} [message] the hub says something while this
 *   seat is in the room; true: it was mine, and goes no further. Its type must stand in protocol.js.
 * @property {(you: Participant, room: Room) => void} [welcomed] the socket stands, at first or once more
 * @property {(room: Room) => void} [room] something about the room may have changed
 * @property {(participant: Participant) => void} [participant] somebody came or changed, oneself too
 * @property {(seat: string) => void} [gone] somebody is gone for good
 * @property {(call: import("./call.js").Call | null) => void} [call] a call begins, or (null) has ended
 * @property {() => void} [serverless] this seat is let in, and no media server answers; said again while that lasts
 * @property {(found: {microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[]}) => void} [devices] what there is to choose from
 * @property {(state: import("./signalling.js").State) => void} [socket] how the socket to the hub is
 * @property {() => void} [localChanged] one's own camera, microphone or screen
 * @property {(seat: string, state: import("./engines/engine.js").PeerState) => void} [peerState]
 * @property {(seat: string, flowing: boolean) => void} [flow] whether what is due comes from there, when that changes
 * @property {(levels: Map<string, number>) => void} [levels] how loud the others are, by seat, 0 to 1; twice a second
 * @property {(reports: Map<string, any[]>) => void} [reports] each one's entries of getStats, by seat; twice a second
 * @property {() => void} [ended] the room is left behind; another stay may follow
 */

/**
 * What a part is made with.
 *
 * @typedef {object} PartOptions
 * @property {(message: import("./protocol.js").BrowserMessage) => boolean} say something to the hub; whether it went
 * @property {import("./view.js").View} view
 * @property {import("./texts.js").Texts} texts
 * @property {import("./signalling.js").Timers} timers
 * @property {import("./local.js").LocalMedia} local
 * @property {import("./surroundings.js").PageData} data
 * @property {() => Participant | null} you
 * @property {() => Participant[]} people the others who take part, oldest first
 */

export class Parts {
  /** @type {Part[]} */ #parts = [];

  /** @param {Part} part */
  add(part) {
    this.#parts.push(part);
  }

  /** @param {import("./protocol.js").ServerMessage} message @returns {boolean} whether it was some part's own */
  takes(message) {
    return this.#parts.some((part) => part.message?.(message) ?? false);
  }

  /**
   * Tells every part.
   *
   * @template {Exclude<keyof Part, "message">} What
   * @param {What} what
   * @param {Parameters<NonNullable<Part[What]>>} about
   */
  tell(what, ...about) {
    for (const part of this.#parts) {
      /** @type {((...about: any[]) => void) | undefined} */ (part[what])?.apply(part, about);
    }
  }
}
