/**
 * A picture shown large: over the whole window, nearer and farther by buttons and keys.
 */

import { fill } from "../../lib/page-data.js";
import { byId, part } from "./dom.js";

const STEPS = [1, 1.5, 2, 3, 4];

export class Viewer {
  #step = 0;
  /** Width of the whole picture in the window, in pixels. */ #whole = 0;

  /** @param {import("../texts.js").Texts} texts */
  constructor(texts) {
    this.texts = texts;
    this.dialog = byId("picture-viewer", HTMLDialogElement);
    this.picture = byId("viewer-picture", HTMLImageElement);
    part("viewer-larger").addEventListener("click", () => this.#zoom(this.#step + 1));
    part("viewer-smaller").addEventListener("click", () => this.#zoom(this.#step - 1));
    part("viewer-whole").addEventListener("click", () => this.#zoom(0));
    this.dialog.querySelector("[data-close]")?.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.#forget());
    this.dialog.addEventListener("keydown", (event) => {
      const step = { "+": this.#step + 1, "-": this.#step - 1, 0: 0 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        this.#zoom(step);
      }
    });
    this.picture.addEventListener("load", () => this.#fit());
    window.addEventListener("resize", () => this.dialog.open && this.#fit());
  }

  /**
   * @param {string} address
   * @param {string} name
   * @param {{save: boolean}} how `save`: a host may keep it
   */
  open(address, name, { save }) {
    part("viewer-heading").textContent = name;
    this.picture.alt = name;
    this.picture.src = address;
    const link = document.getElementById("viewer-save");
    if (link instanceof HTMLAnchorElement) {
      link.hidden = !save;
      part("viewer-save-words").hidden = !save;
      link.href = address;
      // Neither a name nor a code: what is in the picture is the practice's to note.
      link.download = `billede-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, "-")}.jpg`;
    }
    this.dialog.showModal();
    part("viewer-stage").focus();
  }

  close() {
    this.dialog.close();
    this.#forget();
  }

  #fit() {
    const stage = part("viewer-stage");
    const { naturalWidth: width, naturalHeight: height } = this.picture;
    this.#whole = Math.min(width, stage.clientWidth, (width * stage.clientHeight) / Math.max(1, height));
    this.#zoom(this.#step, { quiet: true });
  }

  /** @param {number} step @param {{quiet?: boolean}} [how] */
  #zoom(step, { quiet = false } = {}) {
    this.#step = Math.max(0, Math.min(STEPS.length - 1, step));
    const factor = STEPS[this.#step] ?? 1;
    const stage = part("viewer-stage");
    // What is in the middle stays there.
    const x = (stage.scrollLeft + stage.clientWidth / 2) / Math.max(1, stage.scrollWidth);
    const y = (stage.scrollTop + stage.clientHeight / 2) / Math.max(1, stage.scrollHeight);
    this.picture.style.width = `${this.#whole * factor}px`;
    stage.scrollLeft = x * stage.scrollWidth - stage.clientWidth / 2;
    stage.scrollTop = y * stage.scrollHeight - stage.clientHeight / 2;
    part("viewer-larger").toggleAttribute("disabled", this.#step === STEPS.length - 1);
    part("viewer-smaller").toggleAttribute("disabled", this.#step === 0);
    if (!quiet) {
      part("viewer-zoom").textContent = fill(this.texts.exchangeZoom, { percent: Math.round(factor * 100) });
    }
  }

  #forget() {
    this.#step = 0;
    this.picture.removeAttribute("src");
    this.picture.alt = "";
    part("viewer-zoom").textContent = "";
    document.getElementById("viewer-save")?.removeAttribute("href");
  }
}
