import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Call } from "../../../static/js/call/call.js";
import { FakeTimers } from "./fakes.js";

/** @param {string} name */
const info = (name) => ({ name, iceServers: [], expiresAt: null });
/** @param {string} seat @param {any} [media] @returns {any} */
const person = (seat, media = {}) => ({ seat, instance: `${seat}-1`, connected: true, media: { microphone: true, camera: true, screen: false, ...media } });

/** A call over one engine whose line the test makes weak, and whose packets it stops. */
function makeCall(name = "direct") {
  const timers = new FakeTimers();
  mock.method(performance, "now", () => timers.now);
  const line = { estimate: 2_000_000, packets: 0, cut: false };
  /** @type {any} */ const parameters = { encodings: [{}] };
  const sender = {
    track: { contentHint: "", getSettings: () => ({}) },
    getParameters: () => structuredClone(parameters),
    setParameters: async (/** @type {any} */ given) => void Object.assign(parameters, given),
    getStats: async () =>
      new Map([
        ["T", { type: "transport", selectedCandidatePairId: "P" }],
        ["P", { type: "candidate-pair", id: "P", availableOutgoingBitrate: line.estimate }],
      ]),
  };
  const peer = {
    alive: true,
    state: "connected",
    words: { connection: "connected", ice: "connected" },
    getStats: async () => {
      line.packets = line.cut ? line.packets : timers.now;
      return new Map([["A", { type: "inbound-rtp", kind: "audio", packetsReceived: line.packets }]]);
    },
  };
  /** @type {any} */ const engine = {
    name,
    alive: true,
    epoch: null,
    peers: [["z", peer]],
    outgoing: () => [{ source: "camera", sender }],
    wants: null,
    want: (/** @type {any} */ wants) => (engine.wants = wants),
    gone: (/** @type {string} */ _seat, /** @type {string} */ reason) => reason === "lost",
  };
  for (const method of ["start", "participant", "signal", "send", "resume", "wake", "leaving", "moved", "close"]) {
    engine[method] = () => {};
  }
  /** @type {any[]} */ const sent = [];
  /** @type {string[]} */ const states = [];
  /** @type {boolean[]} */ const weak = [];
  const call = new Call({
    seat: "a",
    info: info(name),
    makeEngine: (_name, options) => {
      engine.options = options;
      return engine;
    },
    send: (message) => sent.push(message) > 0,
    reachable: () => true,
    heardAt: () => timers.now,
    local: /** @type {any} */ ({ tracks: {}, state: { microphone: true, camera: true, screen: false } }),
    timers,
    onTrack: () => {},
    onState: (seat, state) => states.push(`${seat} ${state}`),
    onWeak: () => weak.push(call.fare.weak.weakUp),
  });
  call.participant(person("z"));
  engine.options.onState("z", "connected");
  const paused = () => sent.filter(({ type }) => type === "media").map((message) => message.paused);
  return { call, timers, engine, line, parameters, sent, states, weak, paused };
}

test("a weak line is told to the person and to the others, and so is its end", async () => {
  const { timers, line, parameters, weak, paused } = makeCall();
  await timers.pass(1000);
  line.estimate = 50_000;
  await timers.pass(4000);
  assert.deepEqual([weak, paused()], [[true], [false, true]]);
  assert.equal(parameters.encodings[0].active, false);
  line.estimate = 500_000;
  await timers.pass(13_000);
  assert.deepEqual([weak, paused()], [[true, false], [false, true, false]]);
  assert.equal(parameters.encodings[0].active, true);
});

test("on the server a low estimate alone is not our weak line", async () => {
  const { timers, line, weak } = makeCall("relay");
  line.estimate = 50_000;
  await timers.pass(10_000);
  assert.deepEqual(weak, []);
});

test("what the server says of the way down leaves sound to be wanted of everybody, also of who comes later", async () => {
  const { call, timers, engine } = makeCall("relay");
  engine.options.onPoor();
  await timers.pass(500);
  assert.deepEqual(engine.wants, { z: ["microphone"] });
  call.participant(person("y"));
  assert.deepEqual(engine.wants, { z: ["microphone"], y: ["microphone"] });
});

test("what the other does not want is not encoded, until somebody new is there", async () => {
  const { timers, engine, parameters } = makeCall();
  engine.options.onWanted(["microphone"]);
  await timers.pass(500);
  assert.equal(parameters.encodings[0].active, false);
  engine.options.onState("y", "connecting");
  await timers.pass(500);
  assert.equal(parameters.encodings[0].active, true);
});

test("a cut is shown before the connection notices, and its seconds are in the sample", async () => {
  const { timers, line, states, sent } = makeCall();
  await timers.pass(2000);
  line.cut = true;
  await timers.pass(2000);
  assert.deepEqual(states, ["z connected", "z interrupted"]);
  line.cut = false;
  await timers.pass(1000);
  assert.deepEqual(states.slice(2), ["z connected"]);
  await timers.pass(5000);
  const told = sent.filter(({ type }) => type === "quality").map(({ measures }) => measures.withoutMediaSeconds);
  assert.equal(told.reduce((sum, seconds) => sum + seconds, 0), 2.5);
});

test("who is gone from the hub and cut off has left: nothing is counted", async () => {
  const { call, timers, line, sent } = makeCall();
  await timers.pass(2000);
  assert.equal(call.gone("z", "lost"), true);
  line.cut = true;
  await timers.pass(8000);
  const told = sent.filter(({ type }) => type === "quality").map(({ measures }) => measures.withoutMediaSeconds);
  assert.deepEqual(told, [0, 0]);
});
