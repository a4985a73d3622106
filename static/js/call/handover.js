/**
 * Handing the call to another device: this is the device that has it. Knows no DOM.
 */

import * as protocol from "./protocol.js";

/**
 * @typedef {object} HandoverView
 * @property {(offer: protocol.HandoverMessage) => void} offer shows digits and QR code
 * @property {() => void} expired the code is no use any more
 * @property {() => void} asked another device asks for the seat
 * @property {() => void} moving the answer was yes
 * @property {() => void} close
 */

export class Handover {
  /** @type {any} */ #timer = null;
  #open = false;

  /**
   * @param {import("./parts.js").PartOptions} options
   * @param {HandoverView} view
   * @param {{onOffer?: () => void, now?: () => number}} [page] `onOffer`: the seat may soon be another browser's
   */
  constructor(options, view, { onOffer = () => {}, now = Date.now } = {}) {
    this.options = options;
    this.view = view;
    this.onOffer = onOffer;
    this.now = now;
  }

  /** @param {protocol.ServerMessage} message */
  message(message) {
    if (message.type === "handover") {
      this.#offered(message);
    } else if (message.type === "handover-asked") {
      this.#stopClock();
      this.#open = true;
      this.view.asked();
    } else {
      return false;
    }
    return true;
  }

  /** Asks for a code; the last one is dead with it. */
  begin() {
    if (!this.options.say(protocol.handover())) {
      this.options.view.notice(this.options.texts.noAnswer, "warning", { brief: true });
    }
  }

  /** @param {boolean} accept the person's answer; a no also takes the code back */
  answer(accept) {
    if (!this.#open) {
      return;
    }
    this.#stopClock();
    this.#open = false;
    const went = this.options.say(protocol.handoverAnswer(accept));
    if (accept && went) {
      this.view.moving();
    } else {
      this.view.close();
      if (accept) {
        this.options.view.notice(this.options.texts.noAnswer, "warning", { brief: true });
      }
    }
  }

  ended() {
    this.#stopClock();
    this.#open = false;
    this.view.close();
  }

  /** @param {protocol.HandoverMessage} message */
  #offered(message) {
    this.onOffer();
    this.#open = true;
    this.view.offer(message);
    this.#stopClock();
    const left = Math.max(0, new Date(message.expiresAt).getTime() - this.now());
    this.#timer = this.options.timers.set(() => {
      this.#open = false;
      this.view.expired();
    }, left);
  }

  #stopClock() {
    this.options.timers.clear(this.#timer);
    this.#timer = null;
  }
}
