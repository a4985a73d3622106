/**
 * Sending a link: the dialog, and how an address is shown.
 */

import { checkedLink } from "../exchange/link.js";
import { byId, make, part } from "./dom.js";

/**
 * An address in full, its host in bold: that is where it leads.
 *
 * @param {import("../exchange/link.js").Link} link
 * @returns {HTMLElement}
 */
export function addressed({ before, host, after }) {
  const line = make("p", "exchange__address");
  line.append(before, make("strong", "", host), after);
  return line;
}

/**
 * Gives the host's button and dialog their work, where the page has them.
 *
 * @param {import("../texts.js").Texts} texts
 * @param {(link: import("../exchange/link.js").Link) => boolean} send whether there was somebody to get it
 */
export function enhanceLink(texts, send) {
  const button = document.getElementById("send-link");
  if (!button) {
    return;
  }
  const dialog = byId("link-dialog", HTMLDialogElement);
  const field = byId("link-address", HTMLInputElement);
  const why = {
    missing: texts.exchangeLinkMissing,
    notHttps: texts.exchangeLinkNotHttps,
    hidden: texts.exchangeLinkHidden,
    broken: texts.exchangeLinkBroken,
    long: texts.exchangeLinkLong,
  };
  /** @param {string} problem */
  const refuse = (problem) => {
    part("link-problem").textContent = problem;
    field.setAttribute("aria-invalid", String(problem !== ""));
  };
  button.addEventListener("click", () => {
    field.value = "";
    refuse("");
    part("link-shown").replaceChildren();
    dialog.showModal();
    field.focus();
  });
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  field.addEventListener("input", () => {
    const link = checkedLink(field.value);
    refuse("");
    part("link-shown").replaceChildren(...(typeof link === "string" ? [] : addressed(link).childNodes));
  });
  byId("link-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const link = checkedLink(field.value);
    if (typeof link === "string") {
      refuse(why[link]);
      field.focus();
    } else if (send(link)) {
      dialog.close();
    } else {
      refuse(texts.exchangeNobody);
    }
  });
}
