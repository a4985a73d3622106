import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { DirectEngine, limitsFor } from "../../../static/js/call/engines/direct.js";
import { FakePeerConnection, FakeTimers, fakeTrack, settle } from "./fakes.js";

/** @param {string} seat @param {any} [more] @returns {import("../../../static/js/call/protocol.js").Participant} */
const person = (seat, more = {}) => ({
  seat,
  instance: `${seat}-1`,
  role: "guest",
  state: "admitted",
  name: seat,
  kind: "browser",
  connected: true,
  since: "2026-11-22T10:00:00Z",
  media: { microphone: true, camera: true, screen: false },
  ...more,
});

function makeEngine(seat = "m") {
  const timers = new FakeTimers();
  /** @type {any[]} */ const said = [];
  /** @type {string[]} */ const states = [];
  const engine = new DirectEngine({
    seat,
    signal: (to, instance, data) => {
      said.push([to, instance, data.description?.type ?? data]);
      return true;
    },
    reachable: () => true,
    freshServers: async () => [],
    onTrack: () => {},
    onState: (of, state) => states.push(`${of} ${state}`),
    PeerConnection: /** @type {any} */ (FakePeerConnection),
    timers,
  });
  engine.start({ name: "direct", iceServers: [{ urls: "stun:hub" }], expiresAt: null });
  return { engine, timers, said, states };
}

/** @param {number} index */
const connection = (index) => /** @type {FakePeerConnection} */ (FakePeerConnection.all.at(index));

beforeEach(() => {
  FakePeerConnection.all = [];
});

test("of a pair the lesser seat makes the offer, as soon as it knows the other", async () => {
  const { engine, said } = makeEngine("m");
  engine.participant(person("z"));
  engine.participant(person("a"));
  await settle();
  assert.deepEqual(said, [["z", "z-1", "offer"]]);
  assert.deepEqual(connection(0).configuration.iceServers, [{ urls: "stun:hub" }]);
});

test("nobody is met who has no page open, nor oneself", () => {
  const { engine } = makeEngine("m");
  engine.participant(person("m"));
  engine.participant(person("z", { instance: null }));
  engine.participant(person("y", { connected: false }));
  assert.equal(FakePeerConnection.all.length, 0);
});

test("the same instance keeps its connection, a new one gets a new connection", async () => {
  const { engine, said, states } = makeEngine("m");
  engine.participant(person("z"));
  engine.participant(person("z", { media: { microphone: false, camera: true, screen: false } }));
  assert.equal(FakePeerConnection.all.length, 1);
  engine.participant(person("z", { instance: "z-2" }));
  await settle();
  assert.ok(connection(0).closed);
  assert.deepEqual(said, [["z", "z-2", "offer"]]);
  assert.deepEqual(states, ["z connecting", "z closed", "z connecting"]);
});

test("an offer that runs ahead of the news of a participant is answered", async () => {
  const { engine, said } = makeEngine("m");
  engine.signal("a", "a-1", { description: { type: "offer", sdp: "o=- 5 1 X\r\nm=audio 9 X 0\r\n" } });
  await settle();
  assert.deepEqual(said, [["a", "a-1", "answer"]]);
});

test("late words of a page that was reloaded do not bring it back", async () => {
  const { engine } = makeEngine("m");
  engine.participant(person("a"));
  engine.participant(person("a", { instance: "a-2" }));
  engine.signal("a", "a-1", { description: { type: "offer", sdp: "o=- 5 1 X\r\n" } });
  await settle();
  assert.equal(FakePeerConnection.all.length, 2);
  assert.equal(connection(1).closed, false);
});

test("who left is let go at once; who was lost, when the media go too", () => {
  const { engine, states } = makeEngine("m");
  engine.participant(person("y"));
  engine.participant(person("z"));
  connection(0).become("connected");
  connection(1).become("connected");
  assert.equal(engine.gone("y", "left"), false);
  assert.ok(connection(0).closed);
  assert.equal(engine.gone("z", "lost"), true);
  assert.equal(connection(1).closed, false);
  connection(1).become("failed");
  assert.ok(connection(1).closed);
  assert.equal(states.at(-1), "z closed");
  assert.equal(engine.gone("nobody", "lost"), false);
});

test("who was lost and comes back with the same page goes on as before", async () => {
  const { engine, timers } = makeEngine("m");
  engine.participant(person("z"));
  connection(0).become("connected");
  engine.gone("z", "lost");
  engine.participant(person("z"));
  connection(0).become("failed");
  await timers.pass(0);
  assert.equal(connection(0).closed, false);
  assert.equal(connection(0).restarts, 1);
});

test("a track goes to everybody, also to those who come later", async () => {
  const { engine } = makeEngine("m");
  engine.participant(person("y"));
  const camera = fakeTrack("video");
  engine.send("camera", camera);
  engine.participant(person("z"));
  await settle();
  for (const index of [0, 1]) {
    assert.equal(connection(index).lines[1].sender.track, camera);
  }
});

test("the uplink is shared among those who are there", () => {
  assert.deepEqual([1, 2, 3, 5].map((others) => limitsFor(others).camera), [1_500_000, 800_000, 400_000, 400_000]);
  const { engine } = makeEngine("m");
  engine.participant(person("y"));
  engine.participant(person("z"));
  assert.deepEqual(engine.peers.map(([, peer]) => peer.limits.camera), [800_000, 800_000]);
  engine.gone("y", "left");
  assert.deepEqual(engine.peers.map(([, peer]) => peer.limits.camera), [1_500_000]);
});

test("it lives while a connection to anybody does", () => {
  const { engine } = makeEngine("m");
  assert.equal(engine.alive, false);
  engine.participant(person("z"));
  assert.equal(engine.alive, false);
  connection(0).become("connected");
  assert.equal(engine.alive, true);
  engine.close();
  assert.equal(engine.alive, false);
  assert.ok(connection(0).closed);
});
