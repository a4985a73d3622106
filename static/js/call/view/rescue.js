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
      this.box.hidden = true;
    } else if (kind !== this.#dismissed) {
      this.#open(kind, false);
    }
  }

  /** The other side would rather go on by telephone. */
  telephoneAsked() {
    this.#open("", false);
    part("rescue-asked").hidden = false;
    this.on.announce(part("rescue-asked").textContent?.trim() ?? "");
  }

  /** @param {typeof REASONS[number] | ""} kind @param {boolean} byHand */
  #open(kind, byHand) {
    for (const reason of REASONS) {
      part(`rescue-why-${reason}`).hidden = reason !== kind;
    }
    this.box.dataset["why"] = kind;
    const was = this.box.hidden;
    this.box.hidden = false;
    if (byHand) {
      part("rescue-heading").focus();
    } else if (was) {
      const words = kind ? (part(`rescue-why-${kind}`).textContent?.trim() ?? "") : "";
      this.on.announce(`${part("rescue-heading").textContent?.trim() ?? ""} ${words}`);
    }
  }

  #close() {
    this.#dismissed = this.box.dataset["why"] ?? "";
    this.box.hidden = true;
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
    const heard = this.on.telephone();
    part("rescue-number").hidden = false;
    part("rescue-heard").hidden = !heard;
    byId("rescue-telephone", HTMLButtonElement).setAttribute("aria-expanded", "true");
    part("rescue-number").focus();
  }
}
