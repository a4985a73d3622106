/**
 * What the server hands to a page's script: texts, addresses and settings, as `json_script` elements.
 */

/**
 * The parsed content of `<script type="application/json" id="…">`.
 *
 * @template [T=any]
 * @param {string} id the element's id
 * @param {Document} [page]
 * @returns {T}
 * @throws {Error} when the page has no such element; a template and its script have come apart
 */
export function readData(id, page = document) {
  const element = page.getElementById(id);
  if (!element) {
    throw new Error(`The page has no data element "${id}".`);
  }
  return JSON.parse(element.textContent ?? "");
}

/**
 * A text with its named gaps filled: `fill("{minutes} min.", {minutes: 5})`. A gap without a value stays as it is.
 *
 * @param {string} text
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
}
