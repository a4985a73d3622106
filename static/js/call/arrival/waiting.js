/**
 * While the patient waits: where the doctor is, what the doctor says, the ring, and the telephone after a while.
 * A part of the session (parts.js). Knows no DOM.
 */

import { fill } from "../../lib/page-data.js";
import { doctorLine } from "./words.js";

/** Milliseconds of waiting after which the practice's telephone number is shown. */
export const PHONE_AFTER = 5 * 60_000;
/** Milliseconds that the doctor's whereabouts stay before those who listen are told: a page that reloads is no news. */
export const SETTLED = 2000;

/**
 * @typedef {object} WaitingOptions
 * @property {import("../texts.js").Texts} texts
 * @property {import("../signalling.js").Timers} timers
 * @property {(text: string) => void} announce
 * @property {{doctor: (line: string, here: boolean) => void, told: (text: string) => void, phone: (shown: boolean) => void}} screen
 * @property {{start: () => void, stop: () => void}} ringing
 * @property {{over: () => void}} ringMe
 * @property {() => void} chime a short sound for a message
 * @property {() => number} now milliseconds, UTC
 */

export class Waiting {
  /** @type {string | null} */ #said = null;
  #line = "";
  /** @type {any} */ #settling = null;
  /** @type {any} */ #phoning = null;
  #waits = false;

  /** @param {WaitingOptions} options */
  constructor(options) {
    this.with = options;
  }

  /** @param {import("../parts.js").Participant} you @param {import("../parts.js").Room} room */
  welcomed(you, room) {
    if (you.state !== "waiting") {
      this.#over();
      return;
    }
    this.#waits = true;
    this.#phoneAfter(new Date(you.since).getTime() + PHONE_AFTER - this.with.now());
    this.room(room);
  }

  /** @param {import("../parts.js").Room} room */
  room(room) {
    const { texts, timers, screen } = this.with;
    const { here, line } = doctorLine(room, texts);
    screen.doctor(line, here);
    this.#line = line;
    if (!this.#waits) {
      return;
    }
    if (this.#said === null) {
      // What stands there at first is read with the page.
      this.#said = line;
    }
    timers.clear(this.#settling);
    this.#settling = timers.set(() => this.#settled(), SETTLED);
  }

  /** @param {import("../protocol.js").ServerMessage} message @returns {boolean} */
  message(message) {
    const { ringing, screen, announce, chime, texts } = this.with;
    const { type, text } = /** @type {{type: string, text?: string}} */ (message);
    if (type === "ringing" && this.#waits) {
      ringing.start();
    } else if (type === "told" && text && this.#waits) {
      screen.told(text);
      announce(fill(texts.toldYou, { text }));
      chime();
    }
    return type === "ringing" || type === "told";
  }

  /** @param {unknown} call */
  call(call) {
    if (call) {
      this.#over();
    }
  }

  /** Left, turned away, or taken to another window. */
  ended() {
    this.#over();
  }

  #settled() {
    if (this.#waits && this.#said !== this.#line) {
      this.#said = this.#line;
      this.with.announce(this.#line);
    }
  }

  /** @param {number} milliseconds */
  #phoneAfter(milliseconds) {
    const { timers, screen } = this.with;
    timers.clear(this.#phoning);
    screen.phone(milliseconds <= 0);
    if (milliseconds > 0) {
      this.#phoning = timers.set(() => screen.phone(true), milliseconds);
    }
  }

  #over() {
    const { timers, screen, ringing, ringMe } = this.with;
    timers.clear(this.#settling);
    timers.clear(this.#phoning);
    this.#said = null;
    if (this.#waits) {
      this.#waits = false;
      screen.told("");
      ringing.stop();
      ringMe.over();
    }
  }
}
