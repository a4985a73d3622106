import assert from "node:assert/strict";
import { test } from "node:test";

import { Fare } from "../../../static/js/call/fare.js";
import { FakeTimers } from "./fakes.js";

function makeFare() {
  const timers = new FakeTimers();
  const world = {
    /** @type {any[]} */ sent: [],
    /** @type {string[]} */ states: [],
    /** @type {any} */ levels: null,
    /** @type {string[]} */ reports: [],
    /** @type {string[]} */ flows: [],
    /** @type {any[]} */ told: [],
    reachable: true,
    heardAt: /** @type {number | null} */ (null),
    packets: 0,
    cut: false,
    connected: true,
    gone: false,
    media: /** @type {any} */ ({ microphone: true, camera: true, screen: false }),
  };
  const peer = {
    alive: true,
    state: /** @type {any} */ ("connected"),
    words: { connection: "connected", ice: "connected" },
    getStats: async () => {
      world.packets = world.cut ? world.packets : timers.now / 10;
      return new Map([["A", { type: "inbound-rtp", kind: "video", packetsReceived: world.packets, audioLevel: 0.5 }]]);
    },
  };
  /** @type {Fare} */
  const fare = new Fare({
    peers: () => (world.gone ? [] : [["a", peer]]),
    participant: (seat) => /** @type {any} */ ({ seat, media: world.media, connected: world.connected }),
    outgoing: () => [],
    devices: () => 2,
    direct: () => true,
    send: (message) => world.sent.push(message) > 0,
    reachable: () => world.reachable,
    heardAt: () => world.heardAt ?? timers.now,
    onState: (seat, state) => world.states.push(`${seat} ${state}`),
    watch: {
      levels: (levels) => (world.levels = Object.fromEntries(levels)),
      reports: (reports) => (world.reports = [...reports.keys()]),
      flow: (seat, flowing) => world.flows.push(`${seat} ${flowing}`),
    },
    onWant: () => world.told.push(fare.wants.join()),
    onWeak: (weak) => world.told.push(weak),
    timers,
    clock: () => timers.now,
  });
  return { fare, timers, world, peer, missed: () => world.sent.splice(0).map(({ measures }) => measures.withoutMediaSeconds) };
}

test("a sample every five seconds says how long nothing came", async () => {
  const { fare, timers, world, missed } = makeFare();
  fare.stateChanged("a", "connected");
  await timers.pass(5000);
  assert.equal(world.sent[0].measures.connection, "connected");
  assert.deepEqual(missed(), [0]);
  world.cut = true;
  await timers.pass(5000);
  world.cut = false;
  await timers.pass(5000);
  // The look at the same moment as the sample came after it.
  assert.deepEqual(missed(), [4.5, 1]);
});

test("people hear of a cut before the connection does, and of its end", async () => {
  const { fare, timers, world } = makeFare();
  fare.stateChanged("a", "connecting");
  fare.stateChanged("a", "connected");
  await timers.pass(1000);
  world.cut = true;
  await timers.pass(2000);
  fare.stateChanged("a", "interrupted");
  fare.stateChanged("a", "connected");
  world.cut = false;
  await timers.pass(500);
  assert.deepEqual(world.states, ["a connecting", "a connected", "a interrupted", "a interrupted", "a interrupted", "a connected"]);
  assert.deepEqual(world.flows, ["a false", "a true"]);
  assert.deepEqual(world.reports, ["a"]);
});

test("a seat that is gone is told as gone once, and nothing after that", async () => {
  const { fare, timers, world } = makeFare();
  fare.stateChanged("a", "connected");
  await timers.pass(1000);
  fare.stateChanged("a", "closed");
  world.cut = true;
  await timers.pass(5000);
  assert.deepEqual(world.states, ["a connected", "a closed"]);
});

test("an outage of our own is told when the hub is back", async () => {
  const { timers, world, missed } = makeFare();
  await timers.pass(5000);
  missed();
  world.cut = true;
  world.heardAt = timers.now;
  await timers.pass(5000);
  // The socket has not noticed yet: nothing of it may be said into the void.
  assert.deepEqual(missed(), [0]);
  world.reachable = false;
  await timers.pass(10_000);
  assert.deepEqual(missed(), []);
  Object.assign(world, { cut: false, reachable: true, heardAt: null });
  await timers.pass(5000);
  assert.deepEqual(missed(), [15.5]);
});

test("growth while the hub was away is told with the next sample", async () => {
  const { timers, world } = makeFare();
  await timers.pass(5000);
  world.reachable = false;
  await timers.pass(5000);
  world.reachable = true;
  await timers.pass(5000);
  assert.deepEqual(
    world.sent.map(({ measures }) => measures.packetsReceived),
    [500, 1000],
  );
});

test("seconds of somebody without a connection are told all the same", async () => {
  const { timers, world } = makeFare();
  await timers.pass(5000);
  world.sent = [];
  world.gone = true;
  await timers.pass(5000);
  assert.deepEqual(world.sent, [{ type: "quality", measures: { peer: "a", withoutMediaSeconds: 4.5 } }]);
});

/** @type {[string, any, boolean][]} */
const DUE = [
  ["a camera that is on", {}, true],
  ["a camera that is off", { media: { microphone: false, camera: false, screen: false } }, false],
  ["a picture that the other's weak line holds back", { media: { microphone: false, camera: true, screen: false, paused: true } }, false],
];

for (const [what, more, due] of DUE) {
  test(`${what} is ${due ? "" : "not "}missed`, async () => {
    const { fare, timers, world } = makeFare();
    Object.assign(world, more);
    world.media = { ...world.media };
    fare.stateChanged("a", "connected");
    await timers.pass(1000);
    world.cut = true;
    await timers.pass(3000);
    assert.equal(world.states.at(-1), due ? "a interrupted" : "a connected");
  });
}

test("a picture that we do not want is not missed", async () => {
  const { fare, timers, world } = makeFare();
  fare.stateChanged("a", "connected");
  fare.faces("chosen", false);
  await timers.pass(1000);
  world.media.microphone = false;
  world.cut = true;
  await timers.pass(3000);
  assert.equal(world.states.at(-1), "a connected");
});

test("what is wanted is what no reason speaks against", () => {
  const { fare, world } = makeFare();
  fare.faces("chosen", false);
  fare.limit("line", ["microphone"]);
  fare.faces("chosen", true);
  fare.limit("line", ["microphone", "camera", "screen"]);
  assert.deepEqual(world.told, ["microphone,screen", "microphone", "microphone", "microphone,camera,screen"]);
});

test("a connection that is being taken down is sampled as one that brought nothing", async () => {
  const { timers, peer, world } = makeFare();
  peer.getStats = async () => Promise.reject(new Error("closed"));
  await timers.pass(5000);
  assert.equal(world.sent[0].measures.packetsReceived, 0);
});

test("levels and a page out of sight go through", async () => {
  const { fare, timers, world } = makeFare();
  fare.adaptation.visible(false);
  await timers.pass(10_500);
  assert.deepEqual(world.levels, { a: 0.5 });
  assert.deepEqual(world.told[0], "microphone,screen");
});

test("after the end nothing is asked or told", async () => {
  const { fare, timers, world } = makeFare();
  fare.close();
  await timers.pass(10_000);
  assert.deepEqual([world.sent, world.packets], [[], 0]);
});
