/**
 * Forms that are sent once, and forms whose question a dialog asks.
 */

/** Milliseconds after which a button works again: the browser has stayed on the page, so the answer never came. */
const GIVEN_UP = 8000;

/**
 * A button marked `data-once` does nothing when pressed again while the first answer is on its way.
 *
 * The button is not disabled, since a disabled one sends neither its name nor its address.
 *
 * @param {HTMLElement} button
 * @param {{now?: () => number}} [options] another clock, in milliseconds
 */
export function sendOnce(button, { now = () => performance.now() } = {}) {
  let sentAt = -Infinity;
  button.addEventListener("click", (event) => {
    if (now() - sentAt < GIVEN_UP) {
      event.preventDefault();
      return;
    }
    sentAt = now();
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => button.removeAttribute("aria-disabled"), GIVEN_UP);
  });
}

/**
 * Gives the marked parts of a page, or of a piece of one, their work: `data-once` buttons, and `data-ask` fields,
 * which make the server ask where there is no dialog and are taken away where there is one.
 *
 * @param {ParentNode} part
 */
export function enhanceForms(part) {
  for (const button of part.querySelectorAll("[data-once]")) {
    sendOnce(/** @type {HTMLElement} */ (button));
  }
  for (const field of part.querySelectorAll("[data-ask]")) {
    field.remove();
  }
}
