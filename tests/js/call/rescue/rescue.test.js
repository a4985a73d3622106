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
    telephoneAsked: (seat) => shown.push(`telephone ${seat}`),
    telephoneOver: (seat) => shown.push(`no telephone ${seat}`),
    telephoneKept: () => shown.push("kept"),
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

/** @param {object} [but] @returns {any} */
const other = (but = {}) => ({ seat: "other", instance: "f".repeat(32), connected: true, media: on, ...but });

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
  rescue.participant(other());
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

test("somebody's wish for the telephone is shown once, and gone with that one", () => {
  const { rescue, shown } = world();
  rescue.participant(other({ telephone: true }));
  rescue.participant(other({ telephone: true }));
  assert.deepEqual(shown, ["telephone other"]);
  rescue.gone("other");
  assert.deepEqual(shown, ["telephone other", "no telephone other"]);
});

test("a wish does not outlive the stay, nor its being taken back", () => {
  const { rescue, shown } = world();
  rescue.participant(other({ telephone: true }));
  rescue.participant(other());
  rescue.participant(other({ telephone: true }));
  rescue.ended();
  assert.deepEqual(shown, ["telephone other", "no telephone other", "telephone other", "no telephone other"]);
});

test("that the doctor sees the wish is said when the hub says so", () => {
  const { rescue, said, shown } = world();
  rescue.telephone();
  assert.deepEqual([said, shown], [[{ type: "telephone" }], []]);
  assert.equal(rescue.message(/** @type {any} */ ({ type: "telephone" })), true);
  assert.deepEqual(shown, ["kept"]);
});

test("no media server at all: help is offered, on its own side and the other", () => {
  const { rescue, said, shown, pass } = world();
  rescue.serverless();
  rescue.serverless();
  pass();
  assert.deepEqual(shown, ["media"]);
  assert.equal(said.at(-1).data.rescue, true);
  rescue.call(/** @type {any} */ ({}));
  rescue.reports(reports(5));
  assert.deepEqual(shown, ["media", ""]);
});

test("who waits before the door misses no media", () => {
  const { rescue, shown, pass } = world();
  rescue.participant(other());
  pass();
  assert.deepEqual(shown, []);
});

test("trouble that was there before the call is told when it begins, and to who comes later", () => {
  const { rescue, said, people, local, pass } = world();
  const [one] = people.splice(0);
  local.problems = { microphone: "refused" };
  rescue.localChanged();
  pass();
  assert.deepEqual(said, []);
  people.push(one);
  rescue.call(/** @type {any} */ ({}));
  assert.deepEqual(said.map(({ to }) => to), ["other"]);
  people.push({ ...one, seat: "third", instance: "a".repeat(32) });
  rescue.participant(other({ seat: "third" }));
  assert.deepEqual(said.map(({ to }) => to).slice(1), ["other", "third"]);
  people[0] = { ...one, instance: "b".repeat(32) };
  rescue.participant(other({ instance: "b".repeat(32) }));
  assert.equal(said.filter(({ instance }) => instance === "b".repeat(32)).length, 1);
});

test("who loads the page anew is in trouble no longer, until the new page says so", () => {
  const { rescue, shown } = world();
  const first = "f".repeat(32);
  rescue.message(/** @type {any} */ ({ type: "signal", from: "other", instance: first, data: { rescue: true } }));
  rescue.participant(other({ instance: first }));
  assert.deepEqual(shown, ["asked"]);
  rescue.participant(other({ instance: "a".repeat(32) }));
  assert.deepEqual(shown, ["asked", ""]);
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
