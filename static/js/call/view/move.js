/**
 * "Åbn i browseren": the link by which a seat goes on outside the app, shown where the page stands in one.
 */

import { byId } from "./dom.js";

/** @typedef {{ok: boolean, address?: string, message?: string}} Offer the hub's answer */

/**
 * Gives the buttons their work, where the page has them.
 *
 * @param {{offer: () => Promise<Offer>, refused: (message: string) => void}} on
 */
export function enhanceMove({ offer, refused }) {
  for (const button of document.querySelectorAll("[data-move]")) {
    button.addEventListener("click", async () => {
      button.toggleAttribute("disabled", true);
      const { ok, address, message } = await offer();
      button.toggleAttribute("disabled", false);
      if (!ok || !address) {
        refused(message ?? "");
        return;
      }
      byId("move-link", HTMLAnchorElement).href = address;
      byId("move-address", HTMLInputElement).value = address;
      byId("move-dialog", HTMLDialogElement).showModal();
    });
  }
}
