/**
 * Buttons that copy a text to the clipboard.
 *
 *     <button type="button" data-copy="message" data-copy-done="Kopieret" data-copy-failed="Markér teksten, og kopiér den selv">
 *
 * `data-copy` is the id of a field or an element; its value or text is copied. The button says that it worked for
 * three seconds. Where the browser refuses, the text is selected instead and the button says what to do.
 */

import { announce } from "./announcer.js";

/** Milliseconds that a button shows its answer. */
const ANSWER_SHOWN = 3000;

/**
 * The text that an element holds for a person.
 *
 * @param {Element} element
 * @returns {string}
 */
export function textOf(element) {
  if ("value" in element && typeof element.value === "string") {
    return element.value;
  }
  return (element.textContent ?? "").trim();
}

/**
 * Marks an element's text, so that it can be copied by hand.
 *
 * @param {Element} element
 */
function select(element) {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    element.focus();
    element.select();
    return;
  }
  const selection = getSelection();
  selection?.selectAllChildren(element);
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether the clipboard took it
 */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused by the browser, or no secure context: the caller shows the way by hand.
    return false;
  }
}

/**
 * Gives a copy button its work.
 *
 * @param {HTMLElement} button
 * @param {{write?: (text: string) => Promise<boolean>}} [options] another clipboard
 */
export function enhanceCopy(button, { write = toClipboard } = {}) {
  const label = button.querySelector("span") ?? button;
  const standing = label.textContent ?? "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resetting;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset["copy"] ?? "");
    if (!source) {
      return;
    }
    const copied = await write(textOf(source));
    if (!copied) {
      select(source);
    }
    const answer = (copied ? button.dataset["copyDone"] : button.dataset["copyFailed"]) ?? "";
    label.textContent = answer;
    button.classList.toggle("is-done", copied);
    announce(answer);
    clearTimeout(resetting);
    resetting = setTimeout(() => {
      label.textContent = standing;
      button.classList.remove("is-done");
    }, ANSWER_SHOWN);
  });
}
