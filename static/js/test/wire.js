/**
 * The test page's socket (docs/protocol.md, "The test page's socket"). This file and `rooms/protocol/trial.py` alone
 * know the names on it.
 */

import { MEDIA, SUBPROTOCOL, VERSION } from "../call/protocol.js";

/** Milliseconds in which the hub must have answered. */
export const PATIENCE = 10_000;

/** @typedef {{seats: [string, string], engine: import("../call/protocol.js").EngineInfo}} Welcome */

export class Refused extends Error {
  /** @param {string} code what the hub says, or `lost` where there is no connection */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export class Wire {
  /** @type {(seat: string, data: any) => void} */ onWord = () => {};
  /** @type {(code: string) => void} */ onEnd = () => {};
  /** @type {import("../call/signalling.js").Wire | null} */ #socket = null;
  /** What came before anybody listened. @type {[string, any][]} */ #early = [];
  #listening = false;

  /**
   * @param {string} url
   * @param {import("../call/signalling.js").Timers} timers
   * @param {new (url: string, protocol: string) => import("../call/signalling.js").Wire} [Socket]
   */
  constructor(url, timers, Socket = /** @type {any} */ (globalThis.WebSocket)) {
    this.url = url;
    this.timers = timers;
    this.Socket = Socket;
  }

  /**
   * @returns {Promise<Welcome>}
   * @throws {Refused}
   */
  open() {
    return new Promise((resolve, reject) => {
      const socket = new this.Socket(this.url, SUBPROTOCOL);
      this.#socket = socket;
      const late = this.timers.set(() => {
        this.close();
        reject(new Refused("lost"));
      }, PATIENCE);
      socket.onopen = () => socket.send(JSON.stringify({ type: "hello", version: VERSION }));
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === "welcome") {
          this.timers.clear(late);
          resolve({ seats: message.seats, engine: message.engine });
        } else if (message.type === "signal" && message.from === MEDIA) {
          this.#hear(message.to, message.data);
        } else if (message.type === "error") {
          this.timers.clear(late);
          reject(new Refused(message.code));
          this.onEnd(message.code);
        }
      };
      socket.onclose = () => {
        this.timers.clear(late);
        this.#socket = null;
        reject(new Refused("lost"));
        this.onEnd("lost");
      };
    });
  }

  /** @param {(seat: string, data: any) => void} listener */
  listen(listener) {
    this.onWord = listener;
    this.#listening = true;
    for (const [seat, data] of this.#early.splice(0)) {
      listener(seat, data);
    }
  }

  /** @param {string} seat @param {unknown} data @returns {boolean} whether it went */
  say(seat, data) {
    if (this.#socket?.readyState !== 1) {
      return false;
    }
    this.#socket.send(JSON.stringify({ type: "signal", from: seat, data }));
    return true;
  }

  close() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(1000);
    }
  }

  /** @param {string} seat @param {any} data */
  #hear(seat, data) {
    if (this.#listening) {
      this.onWord(seat, data);
    } else {
      this.#early.push([seat, data]);
    }
  }
}
