import assert from "node:assert/strict";
import { test } from "node:test";

import { Roster } from "../../../static/js/call/roster.js";

/** @param {string} seat @param {any} [more] @returns {import("../../../static/js/call/protocol.js").Participant} */
const person = (seat, more = {}) => ({
  seat,
  instance: "i",
  role: "guest",
  state: "admitted",
  name: seat,
  kind: "browser",
  connected: true,
  since: "2026-11-22T10:00:00Z",
  media: { microphone: true, camera: true, screen: false },
  ...more,
});
const OLD_NEWS = { knocked: false, joined: false, shared: false };

test("somebody knocks once, and joins once", () => {
  const roster = new Roster();
  assert.deepEqual(roster.put(person("a", { state: "waiting" })), { ...OLD_NEWS, knocked: true });
  assert.deepEqual(roster.put(person("a", { state: "waiting", name: "Anna" })), OLD_NEWS);
  assert.deepEqual(roster.put(person("a")), { ...OLD_NEWS, joined: true });
  assert.deepEqual(roster.put(person("a")), OLD_NEWS);
});

test("who sleeps until they are rung knocks when they come back", () => {
  const roster = new Roster();
  assert.deepEqual(roster.put(person("a", { state: "waiting", connected: false })), OLD_NEWS);
  assert.deepEqual(roster.put(person("a", { state: "waiting" })), { ...OLD_NEWS, knocked: true });
});

test("a microphone that is switched off and on again is news, and so is a screen", () => {
  const roster = new Roster();
  const media = { microphone: false, camera: true, screen: true };
  roster.put(person("a"));
  assert.deepEqual(roster.put(person("a", { media })), { ...OLD_NEWS, shared: true, muted: true });
  assert.deepEqual(roster.put(person("a", { media })), OLD_NEWS);
  assert.deepEqual(roster.put(person("a")), { ...OLD_NEWS, muted: false });
});

test("those who take part and those who wait stand apart, oldest first", () => {
  const roster = new Roster();
  roster.put(person("late", { since: "2026-11-22T10:05:00Z" }));
  roster.put(person("early"));
  roster.put(person("outside", { state: "waiting" }));
  roster.put(person("refused", { state: "refused" }));
  assert.deepEqual(roster.admitted.map(({ seat }) => seat), ["early", "late"]);
  assert.deepEqual(roster.waiting.map(({ seat }) => seat), ["outside"]);
});

test("after a restart those whose media live are kept until they are heard of", () => {
  const roster = new Roster();
  roster.put(person("heard"));
  roster.put(person("alive"));
  roster.put(person("gone"));
  assert.deepEqual(roster.replace([person("heard")], (seat) => seat === "alive"), ["gone"]);
  assert.deepEqual(roster.admitted.map(({ seat }) => seat), ["heard", "alive"]);
  assert.ok(roster.isLost("alive"));
  assert.equal(roster.isLost("heard"), false);
  roster.put(person("alive"));
  assert.equal(roster.isLost("alive"), false);
});

test("who is removed is told, and a room left behind is empty", () => {
  const roster = new Roster();
  roster.put(person("a"));
  roster.put(person("b"));
  assert.equal(roster.remove("a")?.name, "a");
  assert.equal(roster.remove("a"), undefined);
  assert.deepEqual(roster.clear(), ["b"]);
  assert.deepEqual(roster.admitted, []);
});
