/**
 * Says a line to people who use a screen reader, without moving focus.
 *
 * The region stands empty in the page from the start, as screen readers ask.
 */

/** Milliseconds between emptying and filling the region, so that the same line twice is said twice. */
const PAUSE = 60;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/**
 * @param {string} text one short sentence
 * @param {HTMLElement | null} [region] the page's own `#announcer` unless given
 */
export function announce(text, region = document.getElementById("announcer")) {
  if (!region) {
    return;
  }
  clearTimeout(waiting);
  region.textContent = "";
  waiting = setTimeout(() => {
    region.textContent = text;
  }, PAUSE);
}
