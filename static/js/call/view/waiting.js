/**
 * The waiting room's own elements: where the doctor is, what the doctor says, the ring, and the button that asks for it.
 */

import { byId, label, part } from "./dom.js";

export class WaitingView {
  #dialog = byId("ringing", HTMLDialogElement);
  #title = document.title;
  /** Whether the page's title is the ring's just now. */ #rings = false;

  /**
   * @param {import("../texts.js").Texts} texts
   * @param {{here: () => void, ringMe: () => void}} on
   * @param {import("../arrival/browser.js").Browser} browser
   */
  constructor(texts, on, browser) {
    this.texts = texts;
    this.browser = browser;
    // By the button or by Escape.
    this.#dialog.addEventListener("close", () => on.here());
    part("ring-me").addEventListener("click", () => on.ringMe());
  }

  /** @param {string} line @param {boolean} here */
  doctor(line, here) {
    part("host-presence").classList.toggle("is-here", here);
    part("host-presence").textContent = line;
  }

  /** @param {string} text of the doctor; empty: none any more */
  told(text) {
    part("told").hidden = text === "";
    part("told-text").textContent = text;
  }

  /** @param {string} text why the call cannot begin just now; empty: it can */
  noPlace(text) {
    part("no-place").hidden = text === "";
    part("no-place-text").textContent = text;
  }

  /** @param {boolean} shown */
  phone(shown) {
    const line = document.getElementById("waiting-phone");
    if (line) {
      line.hidden = !shown;
    }
  }

  /** @param {import("../arrival/ring_me.js").Reach} reach */
  ringMe(reach) {
    const { texts, browser } = this;
    const button = part("ring-me");
    button.classList.toggle("button-primary", reach === "off");
    button.classList.toggle("button-secondary", reach !== "off");
    label(button, reach === "off" ? texts.ringMe : texts.ringMeNot);
    const nearby = browser.mobile ? texts.ringMeInSight : texts.ringMeOpen;
    part("ring-me-words").textContent = reach === "off" ? texts.ringMeWhat : reach === "push" ? texts.ringMeAway : nearby;
  }

  /** @param {boolean} shown */
  ringing(shown) {
    if (shown && !this.#dialog.open) {
      this.#dialog.showModal();
    } else if (!shown && this.#dialog.open) {
      this.#dialog.close();
    }
  }

  /** @param {string | null} title in place of the page's own */
  title(title) {
    if (title !== null && !this.#rings) {
      this.#title = document.title;
    }
    if (title !== null || this.#rings) {
      document.title = title ?? this.#title;
    }
    this.#rings = title !== null;
  }
}
