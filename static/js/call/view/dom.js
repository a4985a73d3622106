/**
 * Small helpers around the page's elements.
 */

/**
 * The element with this id.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 * @throws {Error} when the template and the script have come apart
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) {
    throw new Error(`The page has no ${kind.name} "${id}".`);
  }
  return element;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export const part = (id) => byId(id, HTMLElement);

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/**
 * Gives a call button the words and the icon for what a press does next.
 *
 * @param {HTMLElement} button
 * @param {string} words
 * @param {string} [icon] name in the sprite that the button's icon comes from
 */
export function label(button, words, icon) {
  const span = button.querySelector("span") ?? button;
  span.textContent = words;
  const use = button.querySelector("use");
  if (icon && use) {
    const address = (use.getAttribute("href") ?? "").split("#")[0];
    use.setAttribute("href", `${address}#${icon}`);
  }
}

/**
 * Plays a stream in a video element; tells whether the browser wants a touch first.
 *
 * @param {HTMLVideoElement} video
 * @returns {Promise<boolean>} true when it plays
 */
export async function play(video) {
  try {
    await video.play();
    return true;
  } catch (error) {
    // AbortError: the stream changed meanwhile, and the next call plays it.
    return !(error instanceof DOMException && error.name === "NotAllowedError");
  }
}
