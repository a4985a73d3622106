/**
 * The capacity page: the number of calls follows along while the page is in sight.
 */

import { readData } from "../lib/page-data.js";

/** Milliseconds between two looks. */
export const LOOK = 10_000;

const TONES = { full: "alert-error", grace: "alert-warning", within: "alert-success" };

/** @typedef {{calls: string, places: string, level: keyof typeof TONES, says: string}} Now */

/** @param {Now} now @param {Document} page */
export function show(now, page = document) {
  put(page, "capacity-calls", now.calls);
  put(page, "capacity-places", now.places);
  // Read aloud, and so only when it is another sentence.
  put(page, "capacity-says", now.says);
  const box = page.getElementById("capacity-level");
  box?.classList.remove(...Object.values(TONES));
  box?.classList.add(TONES[now.level]);
}

/** @param {Document} page @param {string} id @param {string} text */
function put(page, id, text) {
  const element = page.getElementById(id);
  if (element && element.textContent !== text) {
    element.textContent = text;
  }
}

/** @param {string} url */
async function look(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.ok) {
      show(await answer.json());
    } else if (answer.type === "opaqueredirect" || answer.status === 403) {
      // The login does not stand any more.
      location.reload();
    }
  } catch {
    // The connection is away for a moment: the number stands as it was, and the next look tells.
  }
}

const live = globalThis.document?.getElementById("capacity-live");
if (live) {
  const url = readData("capacity-now-url");
  live.hidden = false;
  setInterval(() => document.hidden || void look(url), LOOK);
  document.addEventListener("visibilitychange", () => document.hidden || void look(url));
}
