/**
 * The place for captions, read aloud as they come. Nothing fills it yet: whoever brings captions of what is said (a
 * service of speech to text, a speech-to-text reporter) calls `caption` with each finished sentence.
 */

import { make, part } from "./dom.js";

/** How many sentences stand there at once. */
export const LINES = 3;

/** @param {string} who @param {string} text one sentence; it is kept on the page alone, and goes with the call */
export function caption(who, text) {
  const area = part("captions");
  const line = make("p");
  line.append(make("strong", "", `${who}: `), text);
  area.append(line);
  while (area.children.length > LINES) {
    area.firstElementChild?.remove();
  }
  area.hidden = false;
}
