/**
 * Loaded by every page: gives the parts that templates mark with data attributes their work.
 */

import { enhanceConfirm } from "./confirm.js";
import { enhanceCopy } from "./copy.js";
import { enhanceHelp } from "./help.js";
import { enhanceMenu } from "./menu.js";

document.documentElement.classList.add("js");

for (const button of document.querySelectorAll("[data-menu-button]")) {
  enhanceMenu(/** @type {HTMLElement} */ (button));
}
for (const button of document.querySelectorAll("[data-copy]")) {
  enhanceCopy(/** @type {HTMLElement} */ (button));
}
enhanceHelp(document, navigator);
for (const form of document.querySelectorAll("form[data-confirm]")) {
  enhanceConfirm(/** @type {HTMLFormElement} */ (form));
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// The first of them only: a form's list of errors asks for focus when the page opens with one.
/** @type {HTMLElement | null} */ (document.querySelector("[data-focus]"))?.focus();
