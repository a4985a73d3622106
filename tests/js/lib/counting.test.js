import assert from "node:assert/strict";
import { test } from "node:test";

import { PATIENCE, counting, leadsOn } from "../../../static/js/lib/counting.js";

/** @returns {any} */
function timers() {
  const waiting = new Map();
  let next = 1;
  return {
    waiting,
    set: (/** @type {() => void} */ then, /** @type {number} */ after) => {
      waiting.set(next, { then, after });
      return next++;
    },
    clear: (/** @type {number} */ timer) => waiting.delete(timer),
  };
}

test("it is said after a second, and not before", () => {
  const place = { textContent: "", dataset: { text: "Vi tæller …" } };
  const clock = timers();
  counting(place, clock).begin();
  assert.equal(place.textContent, "");
  const [{ then, after }] = clock.waiting.values();
  assert.equal(after, PATIENCE);
  then();
  assert.equal(place.textContent, "Vi tæller …");
});

test("a page that comes back says nothing, and two presses are one", () => {
  const place = { textContent: "", dataset: { text: "Vi tæller …" } };
  const clock = timers();
  const { begin, end } = counting(place, clock);
  begin();
  begin();
  assert.equal(clock.waiting.size, 1);
  place.textContent = "Vi tæller …";
  end();
  assert.equal(clock.waiting.size, 0);
  assert.equal(place.textContent, "");
});

const PLAIN = { defaultPrevented: false, button: 0, metaKey: false, ctrlKey: false, shiftKey: false, altKey: false };
const HERE = { pathname: "/portal/statistik/", search: "?fra=2026-10", origin: "https://hub" };
const link = (/** @type {object} */ more = {}) => ({
  target: "",
  pathname: "/portal/statistik/",
  search: "?fra=2026-11",
  origin: "https://hub",
  hasAttribute: () => false,
  ...more,
});

test("another page in this window", () => {
  assert.equal(leadsOn(PLAIN, link(), HERE), true);
});

test("neither a file, nor another window or house, nor a place on this page", () => {
  assert.equal(leadsOn(PLAIN, link({ hasAttribute: (/** @type {string} */ name) => name === "download" }), HERE), false);
  assert.equal(leadsOn(PLAIN, link({ target: "_blank" }), HERE), false);
  assert.equal(leadsOn(PLAIN, link({ origin: "https://elsewhere" }), HERE), false);
  assert.equal(leadsOn(PLAIN, link({ search: HERE.search }), HERE), false);
  assert.equal(leadsOn({ ...PLAIN, ctrlKey: true }, link(), HERE), false);
  assert.equal(leadsOn({ ...PLAIN, button: 1 }, link(), HERE), false);
});
