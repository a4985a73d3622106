import assert from "node:assert/strict";
import { test } from "node:test";

import { ASLEEP, CUT_OFF, Flow, LOOK, firstWatch, follow, see } from "../../../static/js/call/flow.js";
import { FakeTimers } from "./fakes.js";

const BOTH = { sound: true, picture: true };
const SOUND = { sound: true, picture: false };
const PICTURE = { sound: false, picture: true };
const NOTHING = { sound: false, picture: false };

/** @param {number} sound @param {number} [picture] @param {any} [more] */
const seen = (sound, picture = 0, more = {}) => ({ sound, picture, age: null, level: 0, ...more });

/**
 * @param {[at: number, seen: import("../../../static/js/call/flow.js").Seen | null, due?: import("../../../static/js/call/flow.js").Due][]} looks
 */
function watched(looks) {
  let watch = firstWatch(looks[0]?.[0] ?? 0);
  for (const [at, what, due = BOTH] of looks) {
    watch = follow(watch, what, due, at);
  }
  return watch;
}

/** Looks every half second from one moment to another, both included. @param {number} from @param {number} to @param {(at: number) => any} what @param {any} [due] */
const every = (from, to, what, due = BOTH) =>
  Array.from({ length: (to - from) / LOOK + 1 }, (_, number) => {
    const at = from + number * LOOK;
    return /** @type {[number, any, any]} */ ([at, what(at), due]);
  });

test("a report gives packets by kind, the youngest packet's age and the level", () => {
  assert.deepEqual(
    see([
      { type: "inbound-rtp", kind: "audio", packetsReceived: 50, audioLevel: 0.25, timestamp: 9000, lastPacketReceivedTimestamp: 8990 },
      { type: "inbound-rtp", kind: "video", packetsReceived: 100, timestamp: 9000, lastPacketReceivedTimestamp: 8300 },
      { type: "inbound-rtp", kind: "video", packetsReceived: 7 },
      { type: "outbound-rtp", kind: "audio", packetsSent: 9, audioLevel: 1 },
    ]),
    { sound: 50, picture: 107, age: 10, level: 0.25 },
  );
  assert.deepEqual(see([]), { sound: 0, picture: 0, age: null, level: 0 });
});

test("nothing for a second and a half is a cut, counted from the last packet", () => {
  const flowing = every(0, 2000, (at) => seen(at, at + 1));
  const silent = (/** @type {number} */ to) => watched([...flowing, ...every(2500, to, () => seen(2000, 2001))]);
  assert.equal(silent(2000 + CUT_OFF - LOOK).since, null);
  assert.equal(silent(2000 + CUT_OFF).since, 2000);
  const known = watched([...flowing, [2500, seen(2001, 2001, { age: 400 })], ...every(3000, 4000, () => seen(2001, 2001))]);
  assert.equal(known.since, 2100);
});

test("the gap is over with the next packet", () => {
  const watch = watched([[0, seen(1, 1)], ...every(500, 5000, () => seen(1, 1)), [5500, seen(2, 1)], [6000, seen(3, 1)]]);
  assert.equal(watch.since, null);
  assert.deepEqual(watch.gaps, [{ from: 0, to: 5500 }]);
});

/** @type {[string, any[], boolean][]} */
const CASES = [
  ["sound alone flows where both are due", [[0, seen(1, 1)], ...every(500, 4000, (at) => seen(at, 1))], true],
  ["picture alone flows where both are due", [[0, seen(1, 1)], ...every(500, 4000, (at) => seen(1, at))], true],
  ["somebody muted sends silence, which is no picture", [[0, seen(1, 1), PICTURE], ...every(500, 4000, (at) => seen(at, 1), PICTURE)], false],
  ["a camera that is off is not missed", [[0, seen(1, 1)], ...every(500, 4000, (at) => seen(at, 1), SOUND)], true],
  ["nothing is missed where both are off", [[0, seen(1, 1)], ...every(500, 9000, () => seen(1, 1), NOTHING)], true],
  ["what is switched on gets its time to come", [[0, seen(1, 1)], ...every(500, 9000, () => seen(1, 1), NOTHING), ...every(9500, 10500, () => seen(1, 1))], true],
  ["and is missed afterwards", [[0, seen(1, 1)], ...every(500, 9000, () => seen(1, 1), NOTHING), ...every(9500, 11000, () => seen(1, 1))], false],
  ["who never came through is connecting", every(0, 20000, () => seen(0, 0)), true],
  ["a connection that is gone gives nothing", [[0, seen(1, 1)], ...every(500, 1500, () => null)], false],
  ["a connection made anew starts lower", [[0, seen(900, 900)], ...every(500, 5000, (at) => seen(at / 100, at / 100))], true],
  ["but nothing has come over it at first", [[0, seen(900, 900)], ...every(500, 1500, () => seen(0, 0))], false],
  ["a late look at growing packets is no gap", [[0, seen(1, 1)], [60000, seen(99, 99)]], true],
  ["a late look at packets that stand still is one", [[0, seen(1, 1)], [60000, seen(1, 1)]], false],
  ["timers once a second see a cut as well", [[0, seen(1, 1)], [1000, seen(1, 1)], [2000, seen(1, 1)]], false],
  ["a device that slept begins anew", [[0, seen(1, 1)], [ASLEEP + 1, seen(1, 1)]], true],
  ["a device that slept and gets nothing still", [[0, seen(1, 1)], [ASLEEP + 1, seen(1, 1)], [ASLEEP + 1 + CUT_OFF, seen(1, 1)]], false],
];

for (const [what, looks, flows] of CASES) {
  test(what, () => assert.equal(watched(/** @type {any} */ (looks)).since === null, flows));
}

test("a gap seen late ends half a second after the look before, not with the late one", () => {
  const watch = watched([[0, seen(1, 1)], [1000, seen(1, 1)], [2000, seen(1, 1)], [60000, seen(2, 2)]]);
  assert.deepEqual(watch.gaps, [{ from: 0, to: 2500 }]);
});

test("a gap ends when nothing is due any more", () => {
  const watch = watched([[0, seen(1, 1)], ...every(500, 3000, () => seen(1, 1)), [3500, seen(1, 1), NOTHING]]);
  assert.deepEqual([watch.since, watch.gaps], [null, [{ from: 0, to: 3500 }]]);
});

test("sleep is not counted, what was missed before and after is", () => {
  const late = 4000 + ASLEEP + 1;
  const watch = watched([[0, seen(1, 1)], ...every(500, 4000, () => seen(1, 1)), [late, seen(1, 1)], [late + 1000, seen(2, 2)]]);
  assert.deepEqual(watch.gaps, [
    { from: 0, to: 4000 },
    { from: late, to: late + 500 },
  ]);
});

/** A flow among others whose packets the test lets through or not. */
function makeFlow() {
  const timers = new FakeTimers();
  /** @type {Record<string, any>} */
  const others = {};
  /** @type {string[]} */ const told = [];
  /** @type {Record<string, number>} */ let levels = {};
  const flow = new Flow({
    peers: () =>
      Object.entries(others)
        .filter(([, other]) => other.peer !== null)
        .map(([seat, other]) => [seat, other.peer]),
    expects: (seat) => {
      const other = others[seat];
      return other && !other.left ? { due: other.due, connected: other.connected } : null;
    },
    onFlow: (seat, flowing) => told.push(`${seat} ${flowing ? "flows" : "cut off"} ${timers.now}`),
    onLevel: (map) => (levels = Object.fromEntries(map)),
    timers,
    clock: () => timers.now,
  });
  const join = (/** @type {string} */ seat) => {
    const other = {
      due: BOTH,
      connected: true,
      left: false,
      cut: false,
      level: 0.5,
      packets: 0,
      peer: /** @type {any} */ ({
        getStats: async () => {
          other.packets += other.cut ? 0 : 10;
          return new Map([["A", { type: "inbound-rtp", kind: "audio", packetsReceived: other.packets, audioLevel: other.level }]]);
        },
      }),
    };
    others[seat] = other;
    return other;
  };
  return { flow, timers, told, join, levels: () => levels, take: (/** @type {number} */ until) => Object.fromEntries(flow.take(until)) };
}

test("a cut and its end are told once each, and its seconds taken once", async () => {
  const { flow, timers, told, join, take } = makeFlow();
  const other = join("a");
  await timers.pass(2000);
  other.cut = true;
  await timers.pass(3000);
  assert.equal(flow.flowing("a"), false);
  assert.deepEqual(take(4000), { a: 2 });
  other.cut = false;
  await timers.pass(2000);
  assert.deepEqual(told, ["a cut off 3500", "a flows 5500"]);
  assert.deepEqual(take(timers.now), { a: 1.5 });
  assert.deepEqual(take(timers.now), {});
  flow.close();
});

test("this device's own outage is told when it is back, each second once", async () => {
  const { timers, told, join, take } = makeFlow();
  const [one, other] = [join("a"), join("b")];
  await timers.pass(1000);
  one.cut = other.cut = true;
  const heard = timers.now;
  await timers.pass(10000);
  assert.deepEqual(take(heard), {});
  one.cut = other.cut = false;
  await timers.pass(1000);
  assert.deepEqual(take(timers.now), { a: 10.5 });
  assert.deepEqual(told.length, 4);
});

test("gaps of two others that overlap in part count from the first to the last", async () => {
  const { timers, join, take } = makeFlow();
  const [one, other] = [join("a"), join("b")];
  await timers.pass(1000);
  other.cut = true;
  await timers.pass(4000);
  one.cut = true;
  await timers.pass(2000);
  other.cut = false;
  await timers.pass(2000);
  one.cut = false;
  await timers.pass(1000);
  assert.deepEqual(take(timers.now), { b: 6.5, a: 2 });
});

test("who leaves has cut nobody off; who comes back has", async () => {
  const { timers, join, take } = makeFlow();
  const [leaves, returns] = [join("a"), join("b")];
  await timers.pass(1000);
  leaves.cut = true;
  leaves.connected = false;
  await timers.pass(5000);
  assert.deepEqual(take(timers.now), {});
  leaves.left = true;
  await timers.pass(1000);
  assert.deepEqual(take(timers.now), {});
  returns.cut = true;
  returns.connected = false;
  await timers.pass(5000);
  returns.connected = true;
  returns.cut = false;
  await timers.pass(500);
  assert.deepEqual(take(timers.now), { b: 5.5 });
});

test("somebody whose socket is gone while packets come is not cut off", async () => {
  const { timers, told, join } = makeFlow();
  join("a").connected = false;
  await timers.pass(5000);
  assert.deepEqual(told, []);
});

test("a connection that is being taken down, or is missing, gives nothing", async () => {
  const { timers, told, join } = makeFlow();
  const [one, other] = [join("a"), join("b")];
  await timers.pass(1000);
  one.peer = { getStats: () => Promise.reject(new Error("closed")) };
  other.peer = null;
  await timers.pass(2000);
  assert.deepEqual(told, ["a cut off 2500", "b cut off 2500"]);
});

test("levels are told at every look, silence for whom nobody hears", async () => {
  const { timers, join, levels } = makeFlow();
  join("a").level = 0.3;
  join("b").due = PICTURE;
  await timers.pass(500);
  assert.deepEqual(levels(), { a: 0.3, b: 0 });
});

test("a look that takes long is not made twice, and one after the end tells nothing", async () => {
  const { flow, timers, join, levels } = makeFlow();
  const other = join("a");
  let asked = 0;
  /** @type {(report: any) => void} */ let answer = () => {};
  other.peer = {
    getStats: () => {
      asked += 1;
      return new Promise((resolve) => (answer = resolve));
    },
  };
  await timers.pass(3000);
  assert.equal(asked, 1);
  flow.close();
  answer(new Map());
  await timers.pass(3000);
  assert.deepEqual([asked, levels()], [1, {}]);
});
