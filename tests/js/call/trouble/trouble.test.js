import assert from "node:assert/strict";
import { test } from "node:test";

import { canCall, family } from "../../../../static/js/call/trouble/browser.js";
import { why } from "../../../../static/js/call/trouble/path.js";
import { Trouble } from "../../../../static/js/call/trouble/trouble.js";

const on = { microphone: true, camera: true, screen: false, paused: false };

/** @param {{inApp?: boolean}} [more] */
function world({ inApp = false } = {}) {
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
  /** @type {string[]} */ const said = [];
  /** @type {string[]} */ const beacons = [];
  const local = { problems: /** @type {any} */ ({}), tracks: /** @type {any} */ ({ microphone: null, camera: null }) };
  const state = { socket: true, now: 0 };
  const options = /** @type {any} */ ({
    timers,
    local,
    people: () => [{ seat: "other", connected: true, media: on }],
    say: (/** @type {any} */ { what, detail }) => state.socket && said.push(`${what} ${detail}`.trim()) > 0,
  });
  const trouble = new Trouble(options, {
    agent: "Mozilla/5.0 Firefox/128.0",
    inApp,
    beacon: (what, detail) => beacons.push(`${what} ${detail}`.trim()),
    clock: () => state.now,
  });
  const pass = () => {
    const now = due;
    due = [];
    for (const work of now) {
      work();
    }
  };
  return { trouble, said, beacons, local, state, pass };
}

test("what cannot be had is told once, and that it works again too", () => {
  const { trouble, said, local } = world();
  local.problems = { camera: "refused", microphone: "busy" };
  trouble.localChanged();
  trouble.localChanged();
  local.problems = {};
  local.tracks = { camera: {}, microphone: {} };
  trouble.localChanged();
  assert.deepEqual(said, ["camera_refused firefox", "microphone_busy firefox", "camera_works", "microphone_works"]);
});

test("devices that work from the start are told once: the page before this one may have told otherwise", () => {
  const { trouble, said, beacons, local, state, pass } = world({ inApp: true });
  state.socket = false;
  local.tracks = { camera: {}, microphone: {} };
  trouble.localChanged();
  trouble.localChanged();
  assert.deepEqual([said, beacons], [[], []]);
  state.socket = true;
  trouble.welcomed();
  pass();
  assert.deepEqual([said, beacons], [["camera_works", "microphone_works"], []]);
});

test("a camera that was taken away has ended, and one that was switched off has not", () => {
  const { trouble, said, local } = world();
  local.tracks = { camera: {}, microphone: {} };
  trouble.localChanged();
  said.length = 0;
  local.tracks = { camera: null, microphone: {} };
  trouble.localChanged();
  assert.deepEqual(said, []);
  local.problems = { camera: "taken" };
  trouble.localChanged();
  assert.deepEqual(said, ["camera_ended firefox"]);
});

test("before there is a socket it goes by the door", () => {
  const { trouble, said, beacons, state, local } = world();
  state.socket = false;
  local.problems = { microphone: "refused" };
  trouble.localChanged();
  assert.deepEqual([said, beacons], [[], ["microphone_refused firefox"]]);
});

test("what the socket could not say is said when it is back, with the length of the outage", () => {
  const { trouble, said, beacons, state, local, pass } = world();
  trouble.welcomed();
  state.socket = false;
  trouble.socket("lost");
  // However often: a line that comes and goes is one.
  trouble.offline();
  trouble.offline();
  local.problems = { camera: "missing" };
  trouble.localChanged();
  state.now = 12400;
  state.socket = true;
  trouble.welcomed();
  pass();
  assert.deepEqual(said, ["offline", "camera_missing firefox", "socket_lost 12"]);
  assert.deepEqual(beacons, []);
});

test("a socket that was away for two seconds is no trouble", () => {
  const { trouble, said, state, pass } = world();
  trouble.welcomed();
  trouble.socket("lost");
  state.now = 2000;
  trouble.welcomed();
  pass();
  assert.deepEqual(said, []);
});

test("a hub that never answers is told by the door", () => {
  const { trouble, beacons, pass } = world();
  trouble.socket("connecting");
  trouble.socket("connecting");
  pass();
  assert.deepEqual(beacons, ["socket_never firefox"]);
});

test("an app is named with the first thing that goes wrong", () => {
  const { trouble, said } = world({ inApp: true });
  trouble.tell("insecure");
  trouble.tell("no_media");
  assert.deepEqual(said, ["in_app app", "insecure", "no_media"]);
});

test("nothing comes by the server: why is told, and that it works after all", () => {
  const { trouble, said, pass } = world();
  trouble.call(/** @type {any} */ ({ engine: { name: "relay" } }));
  trouble.reports(new Map([["other", [{ type: "local-candidate", candidateType: "srflx" }]]]));
  pass();
  trouble.reports(new Map([["other", [{ type: "inbound-rtp", packetsReceived: 3 }]]]));
  assert.deepEqual(said, ["ice_failed srflx", "media_works"]);
});

test("nothing comes directly: the server has its own chance", () => {
  const { trouble, said, pass } = world();
  const call = { engine: { name: "direct" } };
  trouble.call(/** @type {any} */ (call));
  pass();
  call.engine = { name: "relay" };
  pass();
  assert.deepEqual(said, ["direct_failed none", "ice_failed none"]);
});

test("something came in time, and is told once a call", () => {
  const { trouble, said, pass } = world();
  trouble.call(/** @type {any} */ ({ engine: { name: "relay" } }));
  trouble.reports(new Map([["other", [{ type: "inbound-rtp", packetsReceived: 3 }]]]));
  pass();
  trouble.reports(new Map([["other", [{ type: "inbound-rtp", packetsReceived: 9 }]]]));
  assert.deepEqual(said, ["media_works"]);
});

test("what the browser says of its connections", () => {
  const host = { type: "local-candidate", candidateType: "host" };
  const pair = { type: "candidate-pair", state: "succeeded" };
  assert.deepEqual(why([[host]]), { what: "ice_failed", detail: "host" });
  assert.deepEqual(why([[host, pair]]), { what: "dtls_failed", detail: "host" });
  assert.deepEqual(why([[host, { type: "local-candidate", candidateType: "relay" }]]), { what: "ice_failed", detail: "relay" });
  assert.equal(why([[host, pair, { type: "transport", dtlsState: "connected" }]]), null);
  assert.deepEqual(why([]), { what: "ice_failed", detail: "none" });
});

for (const [agent, word] of /** @type {[string, string][]} */ ([
  ["Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36", "samsung"],
  ["Mozilla/5.0 (Windows NT 10.0) Chrome/128.0 Safari/537.36 Edg/128.0", "edge"],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605 FxiOS/128 Mobile Safari/605", "firefox"],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605 CriOS/128 Mobile Safari/605", "chrome"],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605 Version/17.5 Mobile/15E148 Safari/604.1", "safari"],
  ["Lynx/2.9", "other"],
])) {
  test(`${word} is known by its name`, () => {
    assert.equal(family(agent), word);
    assert.equal(family(agent, true), "app");
  });
}

test("a browser without WebRTC cannot call", () => {
  assert.equal(canCall({ WebSocket: class {} }), false);
  assert.equal(canCall({ WebSocket: class {}, RTCPeerConnection: class {} }), true);
});

test("a page says of its own when the pictures that came stand still, and not while it is out of sight", () => {
  for (const seen of [true, false]) {
    const { trouble, said, state } = world();
    trouble.call(/** @type {any} */ ({ fare: { wants: ["camera"] } }));
    trouble.visible(seen);
    for (let half = 0; half < 40; half += 1) {
      state.now += 500;
      const entries = [
        { type: "inbound-rtp", kind: "audio", packetsReceived: half, totalAudioEnergy: half },
        { type: "inbound-rtp", kind: "video", packetsReceived: half, framesDecoded: Math.min(half, 6) + 1 },
      ];
      trouble.reports(new Map([["other", entries]]));
    }
    assert.deepEqual(said, seen ? ["media_works", "frozen_here firefox"] : ["media_works"]);
  }
});
