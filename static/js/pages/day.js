/**
 * The day: suggests times for the doctor chosen, and keeps the list and the page's title up to date.
 */

import { announce } from "../lib/announcer.js";
import { enhanceConfirm } from "../lib/confirm.js";
import { enhanceCopy } from "../lib/copy.js";
import { enhanceForms } from "../lib/forms.js";
import { fill, readData } from "../lib/page-data.js";
import { keepLength } from "../lib/wallclock.js";

/**
 * @typedef {{day: string, start: string, end: string}} Suggestion
 * @typedef {{suggestions: Record<string, Suggestion>, texts: {waiting: string}}} DayData
 */

/** Milliseconds between two looks for news. */
const PAUSE = 10_000;

/** @type {DayData} */
const data = readData("day-data");

/**
 * @param {string} id
 * @returns {HTMLInputElement | null}
 */
const input = (id) => /** @type {HTMLInputElement | null} */ (document.getElementById(id));

/** When another doctor is chosen, the times suggested are that doctor's; times that somebody typed stay. */
function suggestTimes() {
  const host = document.getElementById("id_host");
  const fields = [input("id_day"), input("id_start"), input("id_end")];
  if (!(host instanceof HTMLSelectElement) || fields.some((field) => field === null)) {
    return;
  }
  const [day, start, end] = /** @type {[HTMLInputElement, HTMLInputElement, HTMLInputElement]} */ (fields);
  let typed = document.querySelector(".form-error") !== null;
  for (const field of [day, start, end]) {
    field.addEventListener("input", () => {
      typed = true;
    });
  }
  host.addEventListener("change", () => {
    const suggestion = data.suggestions[host.value];
    if (suggestion && !typed) {
      day.value = suggestion.day;
      start.value = suggestion.start;
      end.value = suggestion.end;
      start.dispatchEvent(new Event("change"));
    }
  });
}

/**
 * Whether somebody is in the middle of something in the list, so that it must not change under the hand.
 *
 * @param {HTMLElement} list
 */
function inUse(list) {
  return list.contains(document.activeElement) || document.querySelector("dialog[open]") !== null;
}

/** Asks the server for the page again, and takes over what has changed in the list. */
async function refresh() {
  const list = document.getElementById("meetings");
  if (!list || document.hidden) {
    return;
  }
  const address = new URL(location.href);
  address.hash = "";
  address.searchParams.delete("booket");
  const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error" });
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = fresh.getElementById("meetings");
  if (!news) {
    return;
  }
  const [before, now] = [Number(list.dataset["waiting"]), Number(news.dataset["waiting"])];
  document.title = fresh.title;
  const [link, newLink] = [document.querySelector("#desk-link span"), fresh.querySelector("#desk-link span")];
  if (link && newLink) {
    link.textContent = newLink.textContent;
  }
  list.dataset["waiting"] = String(now);
  if (now > before) {
    announce(fill(data.texts.waiting, { count: now }));
  }
  if (news.dataset["signature"] === list.dataset["signature"] || inUse(list)) {
    return;
  }
  list.dataset["signature"] = news.dataset["signature"] ?? "";
  list.replaceChildren(...news.childNodes);
  enhanceForms(list);
  for (const button of list.querySelectorAll("[data-copy]")) {
    enhanceCopy(/** @type {HTMLElement} */ (button));
  }
  for (const form of list.querySelectorAll("form[data-confirm]")) {
    enhanceConfirm(/** @type {HTMLFormElement} */ (form));
  }
}

async function keepFresh() {
  try {
    await refresh();
  } catch {
    // The connection or the hub is away for a moment: the next look tells.
  }
  setTimeout(keepFresh, PAUSE);
}

enhanceForms(document);
keepLength(input("id_start"), input("id_end"));
suggestTimes();

// The page stands on the address that a POST went to when a form came back with errors: that address gives no list.
if (document.getElementById("meetings") && !/\/(book|straks)$/.test(location.pathname)) {
  setTimeout(keepFresh, PAUSE);
}
// Found again by the back button, with a form that has been sent: a fresh one.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
