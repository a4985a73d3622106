/** The line under one's own picture: whether the others hear and see this person, and how the line is. */

import { part } from "./dom.js";

/**
 * @param {import("../texts.js").Texts} texts
 * @param {(text: string) => void} announce
 * @returns {(said: import("../mirror.js").Said, word: import("../rating.js").Word | null) => void}
 */
export function showOwn(texts, announce) {
  let wasBad = false;
  /** @type {import("../rating.js").Word | null} */ let before = null;
  return ({ text, bad }, word) => {
    part("own-heard").textContent = text;
    part("own-heard").classList.toggle("is-bad", bad);
    const line = word && { good: texts.ownGood, uneven: texts.ownUneven, poor: texts.ownPoor }[word];
    part("own-line").textContent = line ?? "";
    part("own-line").classList.toggle("is-bad", word === "poor");
    part("call-own").hidden = !text && !line;
    // Read aloud when it becomes bad and when that is over: nobody wants to hear of each change.
    if (text && bad !== wasBad) {
      announce(text);
    }
    if (text) {
      wasBad = bad;
    }
    if (word === "poor" && before !== "poor") {
      announce(texts.ownPoor);
    }
    before = word;
  };
}
