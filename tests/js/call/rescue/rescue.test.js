import assert from "node:assert/strict";
import { test } from "node:test";

import { Rescue } from "../../../../static/js/call/rescue/rescue.js";

const on = { microphone: true, camera: true, screen: false, paused: false };

function world() {
  /** @type {(() => void)[]} */
  let due = [];
  const timers = {
    /** @param {() => void} work */
    set: (work) => {
      due.push(work);
      return work;
    },
    /** @param {any} timer */
    clear: (timer) => {
      due = due.filter((one) => one !== timer);
    },
  };
  /** @type {any[]} */ const said = [];
  /** @type {string[]} */ const shown = [];
  /** @type {any[]} */ const people = [{ seat: "other", instance: "f".repeat(32), connected: true, media: on }];
  const local = { problems: {}, tracks: { microphone: {}, camera: {} }, opened: true };
  const options = /** @type {any} */ ({
    timers,
    local,
    people: () => people,
    say: (/** @type {any} */ message) => said.push(message) > 0,
  });
  const rescue = new Rescue(options, {
    offer: (kind) => shown.push(kind),
    telephoneAsked: () => shown.push("telephone"),
  });
  const pass = () => {
    const now = due;
    due = [];
    for (const work of now) {
      work();
    }
  };
  return { rescue, said, shown, people, local, pass };
}

/** @param {number} packets */
const reports = (packets) => new Map([["other", [{ type: "inbound-rtp", packetsReceived: packets }]]]);

test("nothing comes from somebody who sends: offered here, and the other side is told", () => {
  const { rescue, said, shown, pass } = world();
  rescue.call(/** @type {any} */ ({}));
  pass();
  assert.deepEqual(shown, ["media"]);
  assert.deepEqual(said, [{ type: "signal", to: "other", instance: "f".repeat(32), data: { rescue: true } }]);
});

test("something comes: taken back on both sides", () => {
  const { rescue, said, shown, pass } = world();
  rescue.call(/** @type {any} */ ({}));
  pass();
  rescue.reports(reports(5));
  assert.deepEqual(shown, ["media", ""]);
  assert.deepEqual(said.at(-1).data, { rescue: false });
});

test("what has come before does not count for a stream that stands still", () => {
  const { rescue, shown, pass } = world();
  rescue.call(/** @type {any} */ ({}));
  rescue.reports(reports(5));
  rescue.flow("other", false);
  rescue.reports(reports(5));
  pass();
  assert.deepEqual(shown, ["media"]);
});

test("alone, or with somebody who has switched everything off, nothing is missing", () => {
  const { rescue, shown, people, pass } = world();
  people[0].media = { ...on, microphone: false, camera: false };
  rescue.call(/** @type {any} */ ({}));
  pass();
  people.length = 0;
  rescue.participant();
  pass();
  assert.deepEqual(shown, []);
});

test("own devices that cannot be had are trouble, a missing camera alone is not", () => {
  const { rescue, shown, local, pass } = world();
  local.problems = { camera: "missing" };
  rescue.localChanged();
  pass();
  assert.deepEqual(shown, []);
  local.problems = { camera: "refused", microphone: "refused" };
  rescue.localChanged();
  pass();
  assert.deepEqual(shown, ["devices"]);
});

test("the other side's word opens the same box, and its leaving closes it", () => {
  const { rescue, shown } = world();
  const signal = /** @type {any} */ ({ type: "signal", from: "other", instance: "", data: { rescue: true } });
  assert.equal(rescue.message(signal), true);
  rescue.gone("other");
  assert.deepEqual(shown, ["asked", ""]);
});

test("other signals are not its own", () => {
  const { rescue } = world();
  assert.equal(rescue.message(/** @type {any} */ ({ type: "signal", from: "other", data: { again: true } })), false);
});

test("a wish for the telephone is shown", () => {
  const { rescue, shown } = world();
  assert.equal(rescue.message(/** @type {any} */ ({ type: "telephone", seat: "other" })), true);
  assert.deepEqual(shown, ["telephone"]);
});

test("a socket that does not come at first, or goes, is trouble until the welcome", () => {
  const { rescue, shown, pass } = world();
  rescue.socket("connecting");
  pass();
  rescue.welcomed();
  rescue.socket("lost");
  pass();
  rescue.socket("open");
  assert.deepEqual(shown, ["socket", "", "socket", ""]);
});

test("a side in trouble says so again and again: a word may get lost with its line", () => {
  const { rescue, said, pass } = world();
  rescue.call(/** @type {any} */ ({}));
  pass();
  pass();
  assert.deepEqual(said.map(({ data }) => data.rescue), [true, true]);
  rescue.reports(reports(5));
  pass();
  assert.deepEqual(said.map(({ data }) => data.rescue), [true, true, false]);
});

test("of a side that is heard no more nothing is held", () => {
  const { rescue, shown, pass } = world();
  rescue.message(/** @type {any} */ ({ type: "signal", from: "other", instance: "", data: { rescue: true } }));
  pass();
  assert.deepEqual(shown, ["asked", ""]);
});
