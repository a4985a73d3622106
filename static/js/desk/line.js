/**
 * The desk's socket: shows its ticket, keeps beating, and comes back by itself (docs/protocol.md, "The desk").
 * Knows no page: socket, timers and chance are handed in.
 */

import { DEAD_AFTER, HEARTBEAT } from "../call/protocol.js";
import { delayBefore, realTimers } from "../call/signalling.js";

export const DESK_SUBPROTOCOL = "vdx.desk.1";
/** The hub has said something for good. */
const FATAL = 4001;

/**
 * @typedef {import("../call/protocol.js").Participant} Participant
 * @typedef {{type: "watching", rooms: string[]} | {type: "participant", room: string, participant: Participant} | {type: "gone", room: string, seat: string, reason: string} | {type: "heartbeat", at: string} | {type: "error", code: string, message: string, fatal: boolean}} DeskMessage
 *
 * @typedef {object} LineOptions
 * @property {string} url
 * @property {() => string} ticket the newest
 * @property {(message: DeskMessage) => void} onMessage
 * @property {(state: "open" | "lost" | "refused") => void} onState `refused`: the ticket or the login is not good
 * @property {new (url: string, protocol: string) => import("../call/signalling.js").Wire} [Socket]
 * @property {import("../call/signalling.js").Timers} [timers]
 * @property {() => number} [chance]
 */

export class Line {
  /** @type {import("../call/signalling.js").Wire | null} */ #wire = null;
  #attempt = 0;
  #watching = false;
  #over = false;
  /** @type {any} */ #beat = null;
  /** @type {any} */ #silence = null;
  /** @type {any} */ #retry = null;

  /** @param {LineOptions} options */
  constructor(options) {
    this.options = options;
    this.timers = options.timers ?? realTimers;
    this.chance = options.chance ?? Math.random;
    /** @type {new (url: string, protocol: string) => import("../call/signalling.js").Wire} */
    this.Socket = options.Socket ?? /** @type {any} */ (globalThis.WebSocket);
  }

  /** Opens the socket, or opens it anew at once when the page or the network is back. */
  open() {
    if (this.#over) {
      return;
    }
    this.timers.clear(this.#retry);
    if (this.#wire) {
      this.#send({ type: "heartbeat" });
      return;
    }
    const wire = new this.Socket(this.options.url, DESK_SUBPROTOCOL);
    this.#wire = wire;
    this.#watching = false;
    this.#expect();
    wire.onopen = () => this.#wire === wire && this.#send({ type: "watch", ticket: this.options.ticket() });
    wire.onmessage = (event) => this.#wire === wire && this.#hear(event.data);
    wire.onclose = (event) => this.#wire === wire && this.#closed(event.code);
  }

  /** There is a new ticket. */
  renew() {
    if (this.#watching) {
      this.#send({ type: "watch", ticket: this.options.ticket() });
    }
  }

  /** Ends it for good. */
  close() {
    this.#over = true;
    this.timers.clear(this.#retry);
    const wire = this.#wire;
    this.#hush();
    wire?.close(1000);
  }

  /** @param {unknown} text */
  #hear(text) {
    this.#expect();
    /** @type {DeskMessage} */
    let message;
    try {
      message = JSON.parse(String(text));
    } catch {
      // Not ours: a proxy on the way has its own ideas.
      return;
    }
    if (message.type === "watching" && !this.#watching) {
      this.#watching = true;
      this.#attempt = 0;
      this.#keepBeating();
      this.options.onState("open");
    }
    this.options.onMessage(message);
  }

  /** @param {object} message */
  #send(message) {
    if (this.#wire?.readyState === 1) {
      this.#wire.send(JSON.stringify(message));
    }
  }

  #keepBeating() {
    this.timers.clear(this.#beat);
    this.#beat = this.timers.set(() => {
      this.#send({ type: "heartbeat" });
      this.#keepBeating();
    }, HEARTBEAT);
  }

  /** @param {boolean} [asked] whether the hub has been asked for a word since it was heard last */
  #expect(asked = false) {
    this.timers.clear(this.#silence);
    this.#silence = this.timers.set(() => {
      if (!asked) {
        // A page in the background is let to its timers once a minute only: it may be we who were silent.
        this.#send({ type: "heartbeat" });
        this.#expect(true);
        return;
      }
      const dead = this.#wire;
      this.#closed(1006);
      dead?.close();
    }, DEAD_AFTER);
  }

  /** @param {number} code */
  #closed(code) {
    this.#hush();
    this.options.onState(code === FATAL ? "refused" : "lost");
    if (!this.#over) {
      this.#retry = this.timers.set(() => this.open(), delayBefore(this.#attempt, this.chance()));
      this.#attempt += 1;
    }
  }

  #hush() {
    this.#wire = null;
    this.timers.clear(this.#beat);
    this.timers.clear(this.#silence);
  }
}
