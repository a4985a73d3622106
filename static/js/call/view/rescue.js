/** The box "Virker det ikke?" of templates/rooms/_rescue.html, wherever the person is: waiting, in the call, or barred. */

import { byId, part } from "./dom.js";

/** Which of its sentences belongs to what. */
const REASONS = /** @type {const} */ (["socket", "media", "devices", "asked", "old"]);

/**
 * @typedef {object} RescueHandlers
 * @property {() => void} again
 * @property {() => boolean} telephone whether the hub heard it
 * @property {(text: string) => void} announce
 */

export class RescueBox {
  /** Whether the person has put it away, for this trouble. */ #dismissed = "";
  /** Who would rather go on by telephone, as the person has yet to put away. @type {Set<string>} */ #asked = new Set();

  /** @param {RescueHandlers} on */
  constructor(on) {
    this.on = on;
    this.box = part("rescue");
    part("rescue-open").addEventListener("click", () => this.#open("", true));
    part("rescue-close").addEventListener("click", () => this.#close());
    part("rescue-again").addEventListener("click", () => on.again());
    part("rescue-elsewhere").addEventListener("click", () => this.#elsewhere());
    part("rescue-telephone").addEventListener("click", () => void this.#telephone());
  }

  /** @param {import("../rescue/rule.js").Kind | "asked" | "old" | ""} kind */
  offer(kind) {
    if (kind === "") {
      this.#dismissed = "";
      this.#why("");
      // Whoever would rather use the telephone is not answered by packets that come again.
      this.box.hidden = this.#asked.size === 0;
    } else if (kind !== this.#dismissed) {
      this.#open(kind, false);
    }
  }

  /** @param {string} seat of somebody who would rather go on by telephone */
  telephoneAsked(seat) {
    this.#asked.add(seat);
    this.#open("", false);
    part("rescue-asked").hidden = false;
    this.on.announce(part("rescue-asked").textContent?.trim() ?? "");
  }

  /** @param {string} seat that is gone, or wants it no longer */
  telephoneOver(seat) {
    if (this.#asked.delete(seat) && this.#asked.size === 0) {
      part("rescue-asked").hidden = true;
      this.box.hidden = this.box.dataset["why"] === "";
    }
  }

  /** The hub keeps this person's wish. */
  telephoneKept() {
    part("rescue-heard").hidden = false;
    this.on.announce(part("rescue-heard").textContent?.trim() ?? "");
  }

  /** @param {typeof REASONS[number] | ""} kind @param {boolean} byHand */
  #open(kind, byHand) {
    this.#why(kind);
    const was = this.box.hidden;
    this.box.hidden = false;
    if (byHand) {
      part("rescue-heading").focus();
    } else if (was) {
      const words = kind ? (part(`rescue-why-${kind}`).textContent?.trim() ?? "") : "";
      this.on.announce(`${part("rescue-heading").textContent?.trim() ?? ""} ${words}`);
    }
  }

  /** @param {typeof REASONS[number] | ""} kind */
  #why(kind) {
    for (const reason of REASONS) {
      part(`rescue-why-${reason}`).hidden = reason !== kind;
    }
    this.box.dataset["why"] = kind;
  }

  #close() {
    this.#dismissed = this.box.dataset["why"] ?? "";
    this.box.hidden = true;
    this.#asked.clear();
    part("rescue-asked").hidden = true;
  }

  #elsewhere() {
    const handover = document.querySelector("#open-handover, [data-handover]");
    if (handover instanceof HTMLElement && handover.closest("[hidden]") === null) {
      this.#close();
      handover.click();
      return;
    }
    part("rescue-device").hidden = false;
    part("rescue-device").focus();
  }

  async #telephone() {
    const dialog = document.getElementById("rescue-dialog");
    if (dialog instanceof HTMLDialogElement) {
      // A host says so for everybody: asked once more.
      dialog.returnValue = "";
      dialog.showModal();
      await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
      if (dialog.returnValue === "yes" && !this.on.telephone()) {
        part("rescue-unheard").hidden = false;
      }
      return;
    }
    // The number helps at once; whether the doctor gets to know is the hub's to say (telephoneKept).
    this.on.telephone();
    part("rescue-number").hidden = false;
    byId("rescue-telephone", HTMLButtonElement).setAttribute("aria-expanded", "true");
    part("rescue-number").focus();
  }
}
