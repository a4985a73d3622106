/**
 * The ICE servers that connections are made with: those at hand, and fresh ones of the hub. Knows no connection.
 */

/** Milliseconds that fresh servers may take before the old ones must do. */
export const SERVERS_WAIT = 3000;

export class Servers {
  /** The question that is open. @type {{answer: Promise<RTCIceServer[]>, end: () => void} | null} */ #question = null;

  /**
   * @param {RTCIceServer[]} current
   * @param {() => boolean} ask asks the hub; false where it does not hear us
   * @param {import("./signalling.js").Timers} timers
   */
  constructor(current, ask, timers) {
    this.current = current;
    this.ask = ask;
    this.timers = timers;
  }

  /** @param {RTCIceServer[]} servers that the hub has named, asked or not */
  renew(servers) {
    this.current = servers;
    this.#question?.end();
  }

  /** @returns {Promise<RTCIceServer[]>} fresh ones, or those at hand where the hub does not answer in time */
  async fresh() {
    if (!this.#question) {
      if (!this.ask()) {
        return this.current;
      }
      this.#open();
    }
    return this.#question?.answer ?? this.current;
  }

  /** Whoever asks meanwhile waits for the same answer. */
  #open() {
    /** @type {() => void} */ let settle = () => {};
    /** @type {Promise<RTCIceServer[]>} */
    const answer = new Promise((resolve) => (settle = () => resolve(this.current)));
    const end = () => {
      this.timers.clear(late);
      this.#question = null;
      settle();
    };
    const late = this.timers.set(end, SERVERS_WAIT);
    this.#question = { answer, end };
  }
}
