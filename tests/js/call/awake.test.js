import assert from "node:assert/strict";
import { test } from "node:test";

import { Awake, LATE } from "../../../static/js/call/awake.js";
import { BUSY, LOOK, QUIET, arrived, beats } from "../../../static/js/call/engines/pulse.js";
import { FakeTimers } from "./fakes.js";

test("a timer that comes much too late means that the page has slept", async () => {
  const timers = new FakeTimers();
  let slept = 0;
  let woken = 0;
  const awake = new Awake(() => (woken += 1), timers, () => timers.now + slept);
  awake.start();
  await timers.pass(60_000);
  assert.equal(woken, 0);
  slept += LATE;
  await timers.pass(2000);
  assert.equal(woken, 0, "a page in the background gets its turns late");
  slept += 60_000;
  await timers.pass(60_000);
  assert.equal(woken, 1);
  awake.stop();
  slept += 60_000;
  await timers.pass(60_000);
  assert.equal(woken, 1);
});

/** @param {() => any[]} entries @returns {any} */
const connection = (entries) => ({ getStats: async () => new Map(entries().map((entry, at) => [at, entry])) });

test("what arrives is bytes of media, and answers to questions", async () => {
  const entries = [
    { type: "transport", bytesReceived: 100 },
    { type: "candidate-pair", bytesReceived: 10, responsesReceived: 2, requestsReceived: 1 },
    { type: "candidate-pair" },
    { type: "inbound-rtp", bytesReceived: 5000 },
  ];
  assert.equal(await arrived(connection(() => entries)), 113);
});

for (const [busy, verdict] of /** @type {[boolean, number][]} */ ([[true, BUSY], [false, QUIET]])) {
  test(`a connection that ${busy ? "carries media" : "is quiet"} has ${verdict} ms to prove itself`, async () => {
    const timers = new FakeTimers();
    let bytes = 7;
    const one = connection(() => [{ type: "transport", bytesReceived: bytes }]);
    /** @type {boolean | undefined} */ let found;
    void beats(one, busy, timers).then((beating) => (found = beating));
    await timers.pass(verdict - 1);
    assert.equal(found, undefined);
    await timers.pass(1);
    assert.equal(found, false);
    found = undefined;
    void beats(one, busy, timers).then((beating) => (found = beating));
    await timers.pass(LOOK);
    bytes += 1;
    await timers.pass(LOOK);
    assert.equal(found, true);
  });
}
