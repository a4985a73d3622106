import assert from "node:assert/strict";
import { test } from "node:test";

import { Closing } from "../../../static/js/call/closing.js";
import { Outage } from "../../../static/js/call/outage.js";
import { Tabs } from "../../../static/js/call/tabs.js";
import { FakeTimers, settle } from "./fakes.js";

/** A browser's locks, shared by its tabs. */
class FakeLocks {
  /** @type {((error: Error) => void) | null} */ holder = null;

  /** @param {string} _name @param {any} options @param {(lock: any) => any} work */
  async request(_name, options, work) {
    if (options.ifAvailable && this.holder) {
      return work(null);
    }
    if (options.steal) {
      this.holder?.(Object.assign(new Error("stolen"), { name: "AbortError" }));
    }
    /** @type {((error: Error) => void) | null} */ let mine = null;
    const stolen = new Promise((_, reject) => (this.holder = mine = reject));
    try {
      return await Promise.race([work({}), stolen]);
    } finally {
      if (this.holder === mine) {
        this.holder = null;
      }
    }
  }
}

/** @param {any} locks @param {boolean} [reloaded] */
const tab = (locks, reloaded = false) => new Tabs("abc", locks, reloaded);

test("a second tab sees that the first one has the room, until it lets go", async () => {
  const locks = new FakeLocks();
  const first = tab(locks);
  assert.equal(await first.elsewhere(true), false);
  first.hold(() => {});
  await settle();
  assert.equal(await tab(locks).elsewhere(false), true);
  first.release();
  await settle();
  assert.equal(await tab(locks).elsewhere(true), false);
});

test("a tab that takes the room tells the one that had it, and nobody else", async () => {
  const locks = new FakeLocks();
  /** @type {string[]} */ const taken = [];
  const first = tab(locks);
  first.hold(() => taken.push("first"));
  await settle();
  const second = tab(locks);
  second.hold(() => taken.push("second"));
  await settle();
  assert.deepEqual(taken, ["first"]);
  second.release();
  await settle();
  assert.deepEqual(taken, ["first"]);
});

test("a reload never asks", async () => {
  const locks = new FakeLocks();
  tab(locks).hold(() => {});
  await settle();
  assert.equal(await tab(locks, true).elsewhere(true), false);
});

test("without locks the hub's word is taken, and nothing breaks", async () => {
  assert.equal(await tab(undefined).elsewhere(true), true);
  assert.equal(await tab(undefined).elsewhere(false), false);
  const only = tab(undefined);
  only.hold(() => assert.fail("nobody can take it"));
  only.release();
});

test("a page that may have no locks is not turned out of its room", async () => {
  const refusing = { request: async () => Promise.reject(Object.assign(new Error("no"), { name: "SecurityError" })) };
  tab(refusing).hold(() => assert.fail("nobody took it"));
  await settle();
  assert.equal(await tab(refusing).elsewhere(false), false);
  assert.equal(await tab(refusing).elsewhere(true), true);
});

test("a short silence is not told; a long one is, with a way out, and its end too", async () => {
  const timers = new FakeTimers();
  /** @type {string[]} */ const said = [];
  const outage = new Outage({ lost: (reload) => said.push(reload ? "reload" : "lost"), back: () => said.push("back") }, timers);
  outage.begin();
  await timers.pass(1499);
  outage.end();
  await timers.pass(60_000);
  assert.deepEqual(said, []);
  outage.begin();
  await timers.pass(1000);
  outage.begin();
  await timers.pass(500);
  assert.deepEqual(said, ["lost"]);
  await timers.pass(13_500);
  outage.end();
  assert.deepEqual(said, ["lost", "reload", "back"]);
  outage.begin();
  outage.forget();
  await timers.pass(60_000);
  assert.deepEqual(said, ["lost", "reload", "back"]);
});

test("words of warning come five minutes and one before the room closes, and move with it", async () => {
  const timers = new FakeTimers();
  const start = Date.parse("2026-11-22T10:00:00Z");
  /** @type {string[]} */ const said = [];
  const closing = new Closing((moment, minutes) => said.push(`${minutes}: ${moment.slice(11, 16)}`), timers, () => start + timers.now);
  closing.at("2026-11-22T10:15:00Z");
  await timers.pass(9 * 60_000);
  closing.at("2026-11-22T10:25:00Z");
  await timers.pass(5 * 60_000);
  assert.deepEqual(said, []);
  await timers.pass(6 * 60_000);
  closing.at("2026-11-22T10:25:00Z");
  await timers.pass(60_000);
  assert.deepEqual(said, ["5: 10:25"]);
  await timers.pass(3 * 60_000);
  assert.deepEqual(said.splice(0), ["5: 10:25", "1: 10:25"]);
  closing.at(null);
  closing.at("2026-11-22T10:27:00Z");
  await timers.pass(0);
  assert.deepEqual(said.splice(0), ["5: 10:27"], "a room that closes soon warns at once");
  await timers.pass(2 * 60_000);
  assert.deepEqual(said.splice(0), ["1: 10:27"]);
  closing.at(null);
  closing.at("2026-11-22T10:26:30Z");
  await timers.pass(0);
  assert.deepEqual(said, ["1: 10:26"], "one word will do where both are due");
});
