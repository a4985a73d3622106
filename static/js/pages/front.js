/**
 * The front page: the code is shown in groups of four while it is typed, as it was read aloud.
 */

/** Characters of a code, and of each group as it is spoken. */
const LENGTH = 12;
const GROUP = 4;

/**
 * @param {string} typed a code, or the whole link with one
 * @returns {string} the code's characters with a dash after every four
 */
export function grouped(typed) {
  const plain = typed
    .replace(/^.*\/m\//, "")
    .replace(/[\s\-‐‑–—.·_]/g, "")
    .slice(0, LENGTH);
  return plain.match(new RegExp(`.{1,${GROUP}}`, "g"))?.join("-") ?? "";
}

/** @param {HTMLInputElement} input */
export function enhanceCode(input) {
  input.addEventListener("input", () => {
    // Only at the end of the field: whoever mends a character in the middle keeps their place.
    if (input.selectionStart === input.value.length) {
      input.value = grouped(input.value);
    }
  });
}

const input = globalThis.document?.querySelector("input[name=code]");
if (input) {
  enhanceCode(/** @type {HTMLInputElement} */ (input));
}
