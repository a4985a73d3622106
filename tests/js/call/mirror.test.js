import assert from "node:assert/strict";
import { test } from "node:test";

import { COMING, DEAD, Ear, STOPPED } from "../../../static/js/call/ear.js";
import { Mirror, STALE, TELL, said } from "../../../static/js/call/mirror.js";
import { person } from "./session_world.js";

const DUE = { sound: true, picture: true };

/** @param {{packets: number, energy?: number, frames: number}} counted */
const report = ({ packets, energy, frames }) => [
  { type: "inbound-rtp", kind: "audio", packetsReceived: packets, ...(energy !== undefined && { totalAudioEnergy: energy }) },
  { type: "inbound-rtp", kind: "video", packetsReceived: packets, framesDecoded: frames },
];

/** Looks twice a second for so long; what comes grows with the clock where `flows` says so. */
function hear(/** @type {Ear} */ ear, /** @type {any} */ counted, /** @type {number} */ from, /** @type {number} */ to, flows = {}, due = DUE) {
  const { sound = true, energy = true, picture = true } = /** @type {any} */ (flows);
  let heard = { sound: null, picture: null };
  for (let at = from; at <= to; at += 500) {
    counted.packets += sound ? 25 : 0;
    counted.energy += sound && energy ? 0.001 : 0;
    counted.frames += picture ? 12 : 0;
    heard = /** @type {any} */ (ear.listen(report(counted), due, at));
  }
  return heard;
}

test("who is heard and seen, who is cut off, whose microphone is dead, and who has switched off", () => {
  for (const [what, flows, due, milliseconds, expected] of /** @type {[string, any, any, number, any][]} */ ([
    ["all comes", {}, DUE, 10000, { sound: true, picture: true }],
    ["a breath", { sound: false, picture: false }, DUE, STOPPED - 600, { sound: true, picture: true }],
    ["cut off", { sound: false, picture: false }, DUE, STOPPED + 500, { sound: false, picture: false }],
    ["frozen", { picture: false }, DUE, STOPPED + 500, { sound: true, picture: false }],
    ["perfect silence", { energy: false }, DUE, DEAD + 500, { sound: false, picture: true }],
    ["a pause", { energy: false }, DUE, DEAD - 1000, { sound: true, picture: true }],
    ["switched off", { sound: false, picture: false }, { sound: false, picture: false }, 20000, { sound: null, picture: null }],
  ])) {
    const ear = new Ear();
    const counted = { packets: 0, energy: 0, frames: 0 };
    hear(ear, counted, 500, 5000);
    assert.deepEqual(hear(ear, counted, 5500, 5000 + milliseconds, flows, due), expected, what);
  }
});

test("a connection that is coming up says nothing, one that never comes says no", () => {
  const ear = new Ear();
  const counted = { packets: 0, energy: 0, frames: 0 };
  assert.deepEqual(hear(ear, counted, 500, COMING - 500, { sound: false, picture: false }), { sound: null, picture: null });
  assert.deepEqual(hear(ear, counted, COMING, COMING + 1000, { sound: false, picture: false }), { sound: false, picture: false });
});

test("a device that slept begins to listen anew", () => {
  const ear = new Ear();
  const counted = { packets: 0, energy: 0, frames: 0 };
  hear(ear, counted, 500, 5000);
  assert.deepEqual(ear.listen(report(/** @type {any} */ (counted)), DUE, 60000), { sound: true, picture: true });
});

test("a browser that does not tell how loud it was is no reason for alarm", () => {
  const ear = new Ear();
  for (let at = 500; at < 30000; at += 500) {
    assert.notEqual(ear.listen(report({ packets: at, frames: at }), DUE, at).sound, false);
  }
});

/** @type {any} */
const texts = { notHeardBy: "{name} hears nothing", stillFor: "still at {name}", heardBy: "{name} hears", heardByAll: "all hear" };

test("what a person is told: the worst, with the names", () => {
  const good = { sound: true, picture: true, line: null };
  /** @param {any} more */
  const of = (more) => ({ ...good, ...more });
  for (const [reports, text, bad] of /** @type {[any[], string, boolean][]} */ ([
    [[], "", false],
    [[{ name: "Lise", report: good }], "Lise hears", false],
    [[{ name: "Lise", report: good }, { name: "Bo", report: good }], "all hear", false],
    [[{ name: "Lise", report: of({ sound: false, picture: false }) }, { name: "Bo", report: good }], "Lise hears nothing", true],
    [[{ name: "Lise", report: of({ picture: false }) }], "still at Lise", true],
    [[{ name: "Lise", report: of({ picture: false }) }, { name: "Bo", report: of({ sound: false }) }], "Bo hears nothing", true],
    [[{ name: "Lise", report: of({ sound: null, picture: null }) }], "", false],
  ])) {
    assert.deepEqual(said(reports, texts), { text, bad });
  }
});

function makeMirror() {
  const world = { now: 0, sent: /** @type {any[]} */ ([]), shown: /** @type {any[]} */ ([]), media: { microphone: true, camera: true } };
  const options = /** @type {any} */ ({
    say: (/** @type {any} */ message) => world.sent.push(message) > 0,
    view: { nameOf: (/** @type {any} */ { name }) => name },
    texts,
    people: () => [person("doc")],
    local: { get state() { return world.media; } },
  });
  const show = {
    own: (/** @type {any} */ { text, bad }, /** @type {any} */ line) => world.shown.push([text, bad, line]),
    line: () => {},
  };
  const mirror = new Mirror(options, show, { visible: () => true, clock: () => world.now });
  mirror.call(/** @type {any} */ ({ fare: { wants: ["microphone", "camera", "screen"] } }));
  world.shown.length = 0;
  return { mirror, world };
}

test("the others are told on change and every five seconds", () => {
  const { mirror, world } = makeMirror();
  for (world.now = 500; world.now <= 12000; world.now += 500) {
    mirror.reports(new Map([["doc", report({ packets: world.now, energy: world.now, frames: world.now })]]));
  }
  const told = world.sent.map(({ to, instance, data }) => [to, instance, data.hearing.sound, data.hearing.line]);
  assert.deepEqual(told.slice(0, 2), [
    ["doc", "doc-1", true, null],
    ["doc", "doc-1", true, "good"],
  ]);
  assert.ok(told.length >= 3 && told.length <= 4, String(told.length));
  assert.ok(TELL < STALE);
});

test("a report is shown, forgotten when it is old, and passed over where the microphone is off", () => {
  const { mirror, world } = makeMirror();
  /** @param {any} hearing */
  const from = (hearing) => mirror.message(/** @type {any} */ ({ type: "signal", from: "doc", instance: "doc-1", data: { hearing } }));
  assert.equal(mirror.message(/** @type {any} */ ({ type: "signal", from: "doc", data: { again: true } })), false);
  assert.equal(from({ sound: false, picture: true, line: "poor" }), true);
  assert.deepEqual(world.shown.splice(0), [["DOC hears nothing", true, "poor"]]);
  world.media = { microphone: false, camera: true };
  mirror.localChanged();
  assert.deepEqual(world.shown.splice(0), [["", false, "poor"]]);
  world.media = { microphone: true, camera: true };
  from({ sound: true, picture: "yes", line: "splendid" });
  assert.deepEqual(world.shown.splice(0), [["DOC hears", false, null]]);
  world.now += STALE;
  mirror.reports(new Map());
  assert.deepEqual(world.shown.splice(0), [["", false, null]]);
});
