/**
 * The socket to the hub: speaks first, keeps beating, and comes back by itself.
 *
 * Knows no page: sockets, timers and chance are handed in.
 */

import { DEAD_AFTER, FINAL_CLOSES, HEARTBEAT, SUBPROTOCOL, heartbeat, hello, parse } from "./protocol.js";

/** Milliseconds before the first and at most before any further attempt. */
export const SHORTEST_DELAY = 200;
export const LONGEST_DELAY = 5000;
/** The same while a call waits for it, for its first half minute: then everybody's next attempt is spread wider. */
export const LONGEST_IN_CALL = 1500;
const HURRY = 30000;
/** Milliseconds that a socket gets to open and be welcomed; less while a call waits for it. */
const PATIENCE = 10000;
const PATIENCE_IN_CALL = 4000;
/** Milliseconds that the hub has to answer when we ask whether the socket still lives. */
export const PROOF = 2000;
const OPEN = 1;

/**
 * How long to wait before an attempt: doubled each time, and spread so that a restarted hub is not stormed.
 *
 * @param {number} attempt 0 for the first
 * @param {number} chance 0 to 1
 * @param {number} [longest] milliseconds
 * @returns {number} milliseconds
 */
export function delayBefore(attempt, chance, longest = LONGEST_DELAY) {
  const delay = Math.min(longest, SHORTEST_DELAY * 2 ** attempt);
  return delay * (0.5 + chance / 2);
}

/**
 * @typedef {"connecting" | "open" | "lost" | "ended"} State
 * `lost`: was open, and is being tried again; `ended`: for good.
 *
 * @typedef {object} Wire a WebSocket, or what looks like one
 * @property {number} readyState
 * @property {(data: string) => void} send
 * @property {(code?: number) => void} close
 * @property {((event: any) => void) | null} onopen
 * @property {((event: any) => void) | null} onmessage
 * @property {((event: any) => void) | null} onclose
 *
 * @typedef {object} Options
 * @property {string} url
 * @property {string} instance
 * @property {() => string | null} name what the others shall read; nothing where the hub may still know
 * @property {() => boolean} resumed whether the connections to the others have lived on
 * @property {() => number | null} [epoch] of the connections to the media server, where they have lived on
 * @property {() => boolean} [urgent] whether a call waits for the socket
 * @property {(message: import("./protocol.js").ServerMessage) => void} onMessage
 * @property {(state: State, code: number) => void} onState `code`: the close code, or 0
 * @property {new (url: string, protocol: string) => Wire} [Socket]
 * @property {Timers} [timers]
 * @property {() => number} [chance]
 *
 * @typedef {object} Timers
 * @property {(work: () => void, milliseconds: number) => any} set
 * @property {(timer: any) => void} clear
 */

/** @type {Timers} */
export const realTimers = {
  set: (work, milliseconds) => setTimeout(work, milliseconds),
  clear: (timer) => clearTimeout(timer),
};

export class Signalling {
  /** @type {State} */
  state = "connecting";
  /** @type {Wire | null} */
  #wire = null;
  #attempt = 0;
  #welcomed = false;
  /** @type {any} */ #beat = null;
  /** When the hub was heard last, by a clock that never jumps. */
  heardAt = 0;
  /** @type {any} */ #silence = null;
  /** @type {any} */ #retry = null;
  /** @type {any} */ #waiting = false;
  /** A call waits for the socket, and has not waited long. */ #hurry = false;
  /** @type {any} */ #calm = null;

  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    this.timers = options.timers ?? realTimers;
    this.chance = options.chance ?? Math.random;
    /** @type {new (url: string, protocol: string) => Wire} */
    this.Socket = options.Socket ?? /** @type {any} */ (globalThis.WebSocket);
  }

  /** Opens the socket; call it once. */
  open() {
    this.#connect();
  }

  /** Whether what is sent now reaches the hub. */
  get ready() {
    return this.#welcomed && this.#wire?.readyState === OPEN;
  }

  /**
   * @param {import("./protocol.js").BrowserMessage} message
   * @returns {boolean} whether it went; nothing is kept for later, since the other side will have moved on
   */
  send(message) {
    if (!this.ready) {
      return false;
    }
    this.#wire?.send(JSON.stringify(message));
    return true;
  }

  /** The network or the page is back: do not wait for the next attempt, and ask whether the socket still lives. */
  wake() {
    if (this.#waiting) {
      this.timers.clear(this.#retry);
      this.#attempt = 0;
      this.#connect();
    } else if (this.#wire) {
      // A connection that was begun on the old network may hang: it has to prove itself as well.
      this.send(heartbeat());
      this.#expect(PROOF);
    }
  }

  /** Ends it for good. */
  close() {
    this.#end(1000);
  }

  #connect() {
    this.#waiting = false;
    this.#welcomed = false;
    const wire = new this.Socket(this.options.url, SUBPROTOCOL);
    this.#wire = wire;
    this.#expect(this.#hurry ? PATIENCE_IN_CALL : PATIENCE);
    wire.onopen = () => {
      if (this.#wire === wire) {
        const { instance, name, resumed, epoch = () => null } = this.options;
        wire.send(JSON.stringify(hello({ instance, name: name(), resumed: resumed(), epoch: epoch() })));
      }
    };
    wire.onmessage = (event) => {
      if (this.#wire === wire) {
        this.#hear(parse(event.data));
      }
    };
    wire.onclose = (event) => {
      if (this.#wire === wire) {
        this.#closed(event.code);
      }
    };
  }

  /** @param {import("./protocol.js").ServerMessage | null} message */
  #hear(message) {
    this.heardAt = performance.now();
    if (this.#welcomed) {
      this.#expect(DEAD_AFTER);
    }
    if (!message || message.type === "heartbeat") {
      return;
    }
    if (message.type === "welcome") {
      this.#welcomed = true;
      this.#attempt = 0;
      this.#relax();
      this.#expect(DEAD_AFTER);
      this.#keepBeating();
      this.#tell("open", 0);
    }
    this.options.onMessage(message);
    if (message.type === "error" && message.fatal) {
      this.#end(4001);
    } else if (message.type === "closed") {
      this.#end(4004);
    } else if (message.type === "refused") {
      this.#end(4003);
    }
  }

  #keepBeating() {
    this.timers.clear(this.#beat);
    this.#beat = this.timers.set(() => {
      this.send(heartbeat());
      this.#keepBeating();
    }, HEARTBEAT);
  }

  /** @param {number} milliseconds after which silence means that the socket is dead */
  #expect(milliseconds) {
    this.timers.clear(this.#silence);
    this.#silence = this.timers.set(() => {
      const dead = this.#wire;
      this.#closed(1006);
      dead?.close();
    }, milliseconds);
  }

  /** @param {number} code */
  #closed(code) {
    if (FINAL_CLOSES.includes(code)) {
      this.#end(code);
      return;
    }
    const urgent = this.#welcomed && this.options.urgent?.();
    this.#hush();
    if (urgent) {
      this.#hurry = true;
      this.#calm = this.timers.set(() => this.#relax(), HURRY);
    }
    this.#tell(this.state === "connecting" ? "connecting" : "lost", code);
    this.#waiting = true;
    const longest = this.#hurry ? LONGEST_IN_CALL : LONGEST_DELAY;
    this.#retry = this.timers.set(() => this.#connect(), delayBefore(this.#attempt, this.chance(), longest));
    this.#attempt += 1;
  }

  #relax() {
    this.#hurry = false;
    this.timers.clear(this.#calm);
  }

  /** @param {number} code */
  #end(code) {
    if (this.state === "ended") {
      return;
    }
    const wire = this.#wire;
    this.#hush();
    this.#relax();
    this.timers.clear(this.#retry);
    this.#waiting = false;
    wire?.close(1000);
    this.#tell("ended", code);
  }

  #hush() {
    this.#wire = null;
    this.#welcomed = false;
    this.timers.clear(this.#beat);
    this.timers.clear(this.#silence);
  }

  /** @param {State} state @param {number} code */
  #tell(state, code) {
    this.state = state;
    this.options.onState(state, code);
  }
}
