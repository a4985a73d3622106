import assert from "node:assert/strict";
import { test } from "node:test";

import { PATIENCE, Rule } from "../../../../static/js/call/rescue/rule.js";

/** Timers that go by hand. */
function clock() {
  /** @type {{at: number, work: () => void}[]} */
  let due = [];
  let now = 0;
  return {
    /** @param {() => void} work @param {number} wait */
    set: (work, wait) => {
      const timer = { at: now + wait, work };
      due.push(timer);
      return timer;
    },
    /** @param {any} timer */
    clear: (timer) => {
      due = due.filter((one) => one !== timer);
    },
    /** @param {number} milliseconds */
    pass: (milliseconds) => {
      now += milliseconds;
      for (const timer of due.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at)) {
        due = due.filter((one) => one !== timer);
        timer.work();
      }
    },
  };
}

function world() {
  const timers = clock();
  /** @type {string[]} */
  const offers = [];
  return { timers, offers, rule: new Rule({ timers, onOffer: (kind) => offers.push(kind) }) };
}

// How long each kind of trouble may have been there before the page notices it.
const NOTICED = { socket: 12000, media: 1500 + 500, devices: 0 };

for (const kind of /** @type {const} */ (["socket", "media", "devices"])) {
  test(`${kind}: help is offered within twenty seconds of the beginning`, () => {
    const { timers, offers, rule } = world();
    rule.is(kind, true);
    timers.pass(20000 - NOTICED[kind]);
    assert.deepEqual(offers, [kind]);
  });
}

test("a reconnection of five seconds is no trouble", () => {
  const { timers, offers, rule } = world();
  for (const kind of /** @type {const} */ (["socket", "media"])) {
    rule.is(kind, true);
  }
  timers.pass(5000);
  for (const kind of /** @type {const} */ (["socket", "media"])) {
    rule.is(kind, false);
  }
  timers.pass(60000);
  assert.deepEqual(offers, []);
});

test("it is said once, however often it is seen", () => {
  const { timers, offers, rule } = world();
  for (let second = 0; second < 60; second += 1) {
    rule.is("media", true);
    timers.pass(1000);
  }
  assert.deepEqual(offers, ["media"]);
});

test("the offer is taken back when it works", () => {
  const { timers, offers, rule } = world();
  rule.is("media", true);
  timers.pass(PATIENCE.media);
  rule.is("media", false);
  assert.deepEqual(offers, ["media", ""]);
  assert.equal(rule.troubled, false);
});

test("of several troubles the one that the person can mend is named, and the other when that is mended", () => {
  const { timers, offers, rule } = world();
  rule.is("socket", true);
  rule.is("devices", true);
  timers.pass(PATIENCE.socket);
  rule.is("devices", false);
  assert.deepEqual(offers, ["devices", "socket"]);
});

test("whoever is well is offered the same when the other is not, and only so long", () => {
  const { offers, rule } = world();
  rule.othersAre(true);
  assert.equal(rule.troubled, false);
  rule.othersAre(false);
  assert.deepEqual(offers, ["asked", ""]);
});

test("nothing is offered after the room is left", () => {
  const { timers, offers, rule } = world();
  rule.is("media", true);
  rule.forget();
  timers.pass(60000);
  assert.deepEqual(offers, []);
});
