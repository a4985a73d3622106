/**
 * The guard against the wrong patient: before somebody is let in, name and time are shown large, and the person at the
 * door says once that it is the right one. The safe answer has the focus (templates/rooms/_guard.html).
 */

import { ask } from "./confirm.js";

/**
 * @typedef {object} Who
 * @property {string} name as the one who waits has written it
 * @property {string} [at] the meeting's time of day; the page's own where there is only one
 * @property {string} [doctor] whose meeting it is, where it is not one's own
 * @property {boolean} [leave] whether another call is left for it
 */

/** The name that the question shows, while it does. */
let shown = "";

/** @param {string} id */
const part = (id) => document.getElementById(id);

/**
 * Asks. Closing the dialog by Escape counts as no answer: nobody is let in, and nobody is told to wait.
 *
 * @param {Who} who
 * @returns {Promise<"yes" | "no" | "">}
 */
export async function askRight({ name, at, doctor = "", leave = false }) {
  const dialog = part("guard-dialog");
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) {
    return "";
  }
  const words = { "guard-name": name, "guard-doctor": doctor && ` · ${doctor}`, ...(at && { "guard-at": at }) };
  for (const [id, text] of Object.entries(words)) {
    const element = part(id);
    if (element) {
      element.textContent = text;
    }
  }
  part("guard-time")?.toggleAttribute("hidden", !part("guard-at")?.textContent);
  part("guard-leave")?.toggleAttribute("hidden", !leave);
  shown = name;
  await ask(dialog);
  return dialog.returnValue === "yes" || dialog.returnValue === "no" ? dialog.returnValue : "";
}

/**
 * While the question is asked: whether its name still is that of the one whom it is about. A name that has changed takes
 * the question away, since a yes would be to somebody else.
 *
 * @param {string} name as it is now
 * @returns {boolean}
 */
export function stillRight(name) {
  const right = name === shown;
  if (!right) {
    withdraw();
  }
  return right;
}

/** Takes the question away: the one it was about has gone. */
export function withdraw() {
  const dialog = part("guard-dialog");
  if (dialog instanceof HTMLDialogElement && dialog.open) {
    dialog.close("");
  }
}
