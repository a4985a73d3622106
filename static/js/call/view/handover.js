/** The dialog on the device that hands its call over: digits and QR code, the question, and the wait. */

import { byId, part } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
/** Light dots around a QR code (ISO/IEC 18004). */
const MARGIN = 4;

/** @typedef {"offer" | "expired" | "asked" | "moving"} Face */

export class HandoverDialog {
  #dialog = byId("handover-dialog", HTMLDialogElement);
  #answered = false;

  /** @param {{begin: () => void, answer: (accept: boolean) => void}} on */
  constructor(on) {
    for (const id of ["open-handover", "handover-new"]) {
      part(id).addEventListener("click", () => on.begin());
    }
    part("handover-yes").addEventListener("click", () => {
      this.#answered = true;
      on.answer(true);
    });
    part("handover-no").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => {
      // A code that is no use any more shall not be read.
      part("handover-digits").textContent = "";
      part("handover-qr").replaceChildren();
      // Closed in whatever way, also by Escape: that is a no.
      if (!this.#answered) {
        on.answer(false);
      }
    });
  }

  /** @param {import("../protocol.js").HandoverMessage} offer */
  offer({ digits, qr }) {
    part("handover-digits").textContent = `${digits.slice(0, 3)} ${digits.slice(3)}`;
    part("handover-qr").replaceChildren(picture(qr));
    this.#show("offer");
  }

  expired() {
    this.#answered = true;
    this.#face("expired");
  }

  asked() {
    this.#show("asked");
    part("handover-asked-heading").focus();
  }

  moving() {
    this.#face("moving");
  }

  close() {
    this.#answered = true;
    this.#dialog.close();
  }

  /** @param {Face} face */
  #show(face) {
    this.#answered = false;
    this.#face(face);
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
  }

  /** @param {Face} face */
  #face(face) {
    for (const one of ["offer", "expired", "asked", "moving"]) {
      part(`handover-${one}`).hidden = one !== face;
    }
    this.#dialog.setAttribute("aria-labelledby", `handover-${face}-heading`);
    part("handover-no").hidden = face === "moving";
  }
}

/** @param {string[]} rows of dark (1) and light (0) dots */
function picture(rows) {
  const size = rows.length + 2 * MARGIN;
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${size} ${size}`);
  drawing.setAttribute("shape-rendering", "crispEdges");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  const dots = rows.flatMap((row, y) => [...row].map((dot, x) => (dot === "1" ? `M${x + MARGIN} ${y + MARGIN}h1v1h-1z` : "")));
  path.setAttribute("d", dots.join(""));
  drawing.append(path);
  return drawing;
}
