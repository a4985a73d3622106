import assert from "node:assert/strict";
import { test } from "node:test";

import { HEARD, Trial } from "../../../static/js/test/trial.js";

/** Timers in which a second takes a millisecond. */
const quick = { set: (/** @type {() => void} */ work, /** @type {number} */ time) => setTimeout(work, time / 1000), clear: clearTimeout };
const settle = (time = 60) => new Promise((resolve) => setTimeout(resolve, time));

/** @param {string} kind */
const track = (kind) => ({ kind, stopped: false, onended: /** @type {any} */ (null), stop() { this.stopped = true; } });

/**
 * @param {{opened?: any, answers?: any[] | "never", inbound?: any[], browser?: any}} [how] `answers`: what the hub says to `hello`
 */
function makeTrial({ opened, answers, inbound = [], browser = { secure: true, webrtc: true } } = {}) {
  /** @type {any[]} */ const steps = [];
  /** @type {any[]} */ const verdicts = [];
  /** @type {any[]} */ const reports = [];
  /** @type {any[]} */ const sockets = [];
  /** @type {any[]} */ const standIns = [];
  /** @type {any[]} */ const engines = [];
  /** @type {(level: number, peak: number | null) => void} */ let level = () => {};
  const welcome = { type: "welcome", seats: ["a", "b"], engine: { name: "relay", iceServers: [], iceTransportPolicy: "all" } };
  class Socket {
    readyState = 1;
    /** @type {any[]} */ said = [];
    /** @type {any} */ onopen = null;
    /** @type {any} */ onmessage = null;
    /** @type {any} */ onclose = null;
    closed = false;
    constructor() {
      sockets.push(this);
      setTimeout(() => (answers === "never" ? this.onclose({}) : this.onopen({})));
    }
    /** @param {string} text */
    send(text) {
      this.said.push(JSON.parse(text));
      if (this.said.length === 1) {
        for (const answer of Array.isArray(answers) ? answers : [welcome]) {
          this.onmessage({ data: JSON.stringify(answer) });
        }
      }
    }
    close() {
      this.closed = true;
    }
  }
  const make = (/** @type {string} */ kind) => () => {
    const made = { track: track(kind), stopped: false, stop() { this.stopped = true; } };
    standIns.push(made);
    return made;
  };
  let growing = 0;
  const entries = () => {
    growing += 400;
    return new Map(inbound.map((entry, index) => [String(index), { ...entry, ...(entry.type === "inbound-rtp" && { packetsReceived: growing, framesDecoded: growing, bytesReceived: growing * 1000 }) }]));
  };
  const trial = new Trial(/** @type {any} */ ({
    socketUrl: "ws://hub/test/ws",
    room: "7k3m9p2qx4rt",
    browser,
    devices: { open: async () => opened ?? { microphone: track("audio"), camera: track("video"), problems: {} } },
    makeEngine: (/** @type {string} */ name, /** @type {any} */ options) => {
      const engine = { name, options, sent: {}, closed: false, peers: [["x", { getStats: async () => entries() }]], start() {}, participant() {}, signal() {}, send(/** @type {string} */ source, /** @type {any} */ sent) { /** @type {any} */ (this.sent)[source] = sent; }, close() { this.closed = true; } };
      engines.push(engine);
      return engine;
    },
    watchLevel: (/** @type {any} */ _track, /** @type {any} */ show) => {
      level = show;
      return { stop() {} };
    },
    standIn: { picture: make("video"), sound: make("audio") },
    report: { send: (/** @type {any} */ body) => reports.push(body) },
    drawKey: () => "key",
    view: {
      step: (/** @type {string[]} */ ...said) => steps.push(said.join(" ")),
      devices() {},
      level() {},
      progress() {},
      numbers() {},
      verdict: (/** @type {any} */ judged) => verdicts.push(judged),
    },
    timers: quick,
    Socket,
    PeerConnection: /** @type {any} */ (class {}),
  }));
  const newest = () => verdicts.at(-1);
  return { trial, steps, newest, reports, sockets, standIns, engines, speak: () => [1, 2, 3].forEach(() => level(HEARD, 0.2)), breathe: (peak = 0.001) => level(0, peak) };
}

const BOTH = ["audio", "video"].map((kind) => ({ type: "inbound-rtp", kind, packetsLost: 0, jitter: 0 }));

test("a browser that is too old is told so, and nothing is asked of it", async () => {
  const { trial, newest, steps, sockets, reports } = makeTrial({ browser: { secure: true, webrtc: false } });
  await trial.start();
  assert.deepEqual(newest(), { verdict: "failed", reason: "browser" });
  assert.ok(steps.includes("browser bad old"));
  assert.deepEqual([sockets.length, reports.length], [0, 1]);
});

test("no connection to the hub is the network's, and is told without the hub", async () => {
  const { trial, newest, steps } = makeTrial({ answers: "never" });
  await trial.start();
  assert.deepEqual(newest(), { verdict: "failed", reason: "socket" });
  assert.ok(steps.includes("socket bad lost"));
});

for (const [code, reason] of [["busy", "busy"], ["throttled", "busy"], ["no_media", "server"]]) {
  test(`${code} is not held against the person`, async () => {
    const { trial, newest } = makeTrial({ answers: [{ type: "error", code, fatal: true, message: "" }] });
    await trial.start();
    assert.deepEqual(newest(), { verdict: "unknown", reason });
  });
}

test("a test that is left half-way ends everything and says nothing", async () => {
  const { trial, newest, reports, speak, engines, sockets } = makeTrial({ inbound: BOTH });
  const loopStarted = trial.start();
  trial.answer(true);
  await settle();
  trial.stop();
  await loopStarted;
  assert.equal(newest(), null, "a test that was left gives no verdict");
  assert.ok(engines.every(({ closed }) => closed));
  assert.ok(sockets.every(({ closed }) => closed));
  assert.equal(reports.length, 0);
  speak();
  assert.equal(reports.length, 0);
});

test("a device that was refused can be tried again, without the network's test", async () => {
  const refused = { microphone: null, camera: null, problems: { microphone: "refused", camera: "refused" } };
  const how = { opened: refused, answers: [{ type: "error", code: "no_media", fatal: true, message: "" }] };
  const { trial, newest, sockets, reports, speak } = makeTrial(how);
  await trial.start();
  assert.deepEqual(newest(), { verdict: "failed", reason: "both_refused" });
  trial.with.devices = /** @type {any} */ ({ open: async () => ({ microphone: track("audio"), camera: track("video"), problems: {} }) });
  await trial.openDevices();
  speak();
  assert.deepEqual(newest(), { verdict: "unknown", reason: "server" });
  assert.equal(trial.measures.microphone, "ok");
  assert.equal(sockets.length, 1);
  assert.ok(reports.every(({ key, room }) => key === "key" && room === "7k3m9p2qx4rt"));
});

test("whoever says nothing has a microphone that is fit, and one that gives nothing at all is silent", async () => {
  const { trial, newest, steps, breathe, speak } = makeTrial({ inbound: BOTH });
  const run = trial.start();
  await settle(20);
  breathe();
  await run;
  assert.equal(trial.measures.microphone, "quiet");
  assert.deepEqual(newest(), { verdict: "ok", reason: "microphone_quiet" });
  assert.ok(steps.includes("microphone idle quiet"));
  await trial.openDevices();
  breathe(0);
  trial.answer(true);
  assert.deepEqual(newest(), { verdict: "poor", reason: "microphone_silent" });
  breathe();
  assert.deepEqual(newest(), { verdict: "ok", reason: "microphone_quiet" }, "it was only switched on again");
  speak();
  assert.deepEqual(newest(), { verdict: "ok", reason: "fine" });
});

test("where the browser cannot listen, the microphone is not called silent", async () => {
  const { trial } = makeTrial({ answers: [{ type: "error", code: "no_media", fatal: true, message: "" }] });
  await trial.start();
  assert.equal(trial.measures.microphone, "quiet");
});

test("a camera that is taken away after the test changes what was said", async () => {
  const { trial, newest } = makeTrial({ answers: [{ type: "error", code: "no_media", fatal: true, message: "" }] });
  await trial.start();
  /** @type {any} */ (trial.microphone).onended();
  assert.deepEqual(newest(), { verdict: "failed", reason: "microphone_missing" });
  assert.equal(trial.microphone, null);
});

test("leaving the page gives the devices back", async () => {
  const { trial } = makeTrial({ answers: "never" });
  await trial.start();
  const { camera, microphone } = /** @type {any} */ (trial);
  trial.stop();
  assert.ok(camera.stopped && microphone.stopped);
});

test("where there is no camera a picture of the page's own goes round, and is ended", async () => {
  const none = { microphone: null, camera: null, problems: { microphone: "missing", camera: "missing" } };
  const { trial, standIns, engines } = makeTrial({ opened: none, inbound: BOTH });
  const run = trial.start();
  await settle(30);
  assert.deepEqual(Object.keys(engines[0].sent), ["microphone", "camera"]);
  assert.equal(engines[0].sent.camera, standIns.find((made) => made.track.kind === "video")?.track);
  assert.deepEqual(engines[1].sent, {});
  trial.stop();
  await run;
  assert.ok(standIns.length === 2 && standIns.every(({ stopped }) => stopped));
});
