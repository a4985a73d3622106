/**
 * Choosing a picture and seeing it before anybody else does.
 */

import { fill } from "../../lib/page-data.js";
import { PictureProblem, prepare } from "../exchange/prepare.js";
import { byId, label, part } from "./dom.js";

/** @typedef {import("../protocol.js").Participant} Participant */

/** @type {import("../exchange/prepare.js").Tools} */
export const browserTools = { open, write };

/**
 * Opens a picture upright. What `createImageBitmap` does not read, an image may: Safari opens more kinds that way.
 *
 * @param {Blob} file
 */
async function open(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    return { source: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() };
  } catch {
    const image = new Image();
    const url = URL.createObjectURL(file);
    image.src = url;
    try {
      await image.decode();
    } catch (error) {
      URL.revokeObjectURL(url);
      throw error;
    }
    return { source: image, width: image.naturalWidth, height: image.naturalHeight, close: () => URL.revokeObjectURL(url) };
  }
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {number} quality 0 to 1
 * @returns {Promise<Blob | null>}
 */
function write(source, width, height, quality) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) {
    return Promise.resolve(null);
  }
  context.imageSmoothingQuality = "high";
  // A JPEG has no transparent places.
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

export class PictureChoice {
  /** What is about to be shown. @type {Blob | null} */ #jpeg = null;
  #preview = "";
  /** Counts the files chosen, so that an older one that was slow to open is not taken for the newest. */ #chosen = 0;

  /**
   * @param {import("../texts.js").Texts} texts
   * @param {{isHost: boolean, nameOf: (participant: Participant) => string}} who
   * @param {(jpeg: Blob) => Promise<boolean>} show whether there was anybody to see it
   */
  constructor(texts, who, show) {
    this.texts = texts;
    this.who = who;
    this.show = show;
    this.dialog = byId("picture-dialog", HTMLDialogElement);
    // Only phones and tablets go from here to their camera.
    part("take-picture").hidden = !matchMedia("(pointer: coarse)").matches;
    for (const [button, field] of /** @type {const} */ ([["take-picture", "picture-camera"], ["choose-picture", "picture-file"]])) {
      const input = byId(field, HTMLInputElement);
      part(button).addEventListener("click", () => input.click());
      input.addEventListener("change", () => {
        const file = input.files?.[0];
        if (file) {
          void this.#take(file);
        }
        input.value = "";
      });
    }
    part("picture-other").addEventListener("click", () => {
      this.#forget();
      part("choose-picture").focus();
    });
    part("picture-show").addEventListener("click", () => void this.#show());
    for (const button of this.dialog.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => this.dialog.close());
    }
    this.dialog.addEventListener("close", () => this.#forget());
  }

  open() {
    this.#forget();
    this.dialog.showModal();
    part("picture-dialog-heading").focus();
  }

  close() {
    this.dialog.close();
    this.#forget();
  }

  /** @param {Participant[]} people who would see it */
  company(people) {
    const { texts, who } = this;
    const [first] = people;
    const doctors = !who.isHost && people.every(({ role }) => role === "host");
    const one = first && people.length === 1 ? fill(texts.exchangeShowOne, { name: who.nameOf(first) }) : texts.exchangeShowAll;
    label(part("picture-show"), doctors ? texts.exchangeShowDoctor : one);
  }

  /** @param {File} file */
  async #take(file) {
    this.#forget();
    const number = this.#chosen;
    part("picture-busy").hidden = false;
    try {
      const jpeg = await prepare(file, browserTools);
      if (number === this.#chosen && this.dialog.open) {
        this.#ready(jpeg);
      }
    } catch (error) {
      if (!(error instanceof PictureProblem)) {
        throw error;
      }
      if (number === this.#chosen) {
        this.#refused(error.problem);
      }
    } finally {
      if (number === this.#chosen) {
        part("picture-busy").hidden = true;
      }
    }
  }

  /** @param {import("../exchange/prepare.js").Problem} problem */
  #refused(problem) {
    const { texts } = this;
    const words = {
      tooLarge: texts.exchangePictureLarge,
      notPicture: texts.exchangePictureNot,
      heic: texts.exchangePictureHeic,
      broken: texts.exchangePictureBroken,
    };
    part("picture-problem").textContent = words[problem];
  }

  /** @param {Blob} jpeg */
  #ready(jpeg) {
    this.#jpeg = jpeg;
    this.#preview = URL.createObjectURL(jpeg);
    byId("picture-preview", HTMLImageElement).src = this.#preview;
    part("picture-choose").hidden = true;
    part("picture-ready").hidden = false;
    part("picture-show").focus();
  }

  async #show() {
    const jpeg = this.#jpeg;
    this.#jpeg = null;
    if (!jpeg) {
      // Pressed twice.
      return;
    }
    if (await this.show(jpeg)) {
      this.dialog.close();
    } else {
      this.#jpeg = jpeg;
      part("picture-nobody").textContent = this.texts.exchangeNobody;
    }
  }

  #forget() {
    this.#chosen += 1;
    this.#jpeg = null;
    URL.revokeObjectURL(this.#preview);
    this.#preview = "";
    byId("picture-preview", HTMLImageElement).removeAttribute("src");
    part("picture-problem").textContent = part("picture-nobody").textContent = "";
    part("picture-choose").hidden = false;
    part("picture-ready").hidden = part("picture-busy").hidden = true;
  }
}
