import assert from "node:assert/strict";
import { test } from "node:test";

import { keepLength, minutesOf, movedEnd } from "../../../static/js/lib/wallclock.js";
import { as } from "./page.js";

test("a time of day is read as minutes since midnight, anything else is no time", () => {
  assert.equal(minutesOf("09:15"), 555);
  assert.equal(minutesOf("00:00"), 0);
  assert.equal(minutesOf("23:59:00"), 1439);
  assert.equal(minutesOf("24:00"), null);
  assert.equal(minutesOf(""), null);
});

test("the end follows the start, so that the length stays", () => {
  assert.equal(movedEnd("10:15", "11:00", "10:30"), "11:15");
  assert.equal(movedEnd("10:15", "08:00", "10:45"), "08:30");
});

test("the end goes no further than midnight, and comes back from there", () => {
  assert.equal(movedEnd("10:15", "23:45", "10:45"), "00:00");
  assert.equal(movedEnd("23:45", "10:00", "00:00"), "10:15");
});

test("an end that is missing or wrong is left to the person", () => {
  assert.equal(movedEnd("10:15", "11:00", ""), "");
  assert.equal(movedEnd("10:15", "11:00", "09:00"), "09:00");
});

test("a field that was emptied and filled again keeps the length it had before", () => {
  const start = Object.assign(new EventTarget(), { value: "10:15" });
  const end = { value: "10:35" };
  keepLength(as(start), as(end));

  start.value = "";
  start.dispatchEvent(new Event("change"));
  start.value = "12:00";
  start.dispatchEvent(new Event("change"));

  assert.equal(end.value, "12:20");
});
