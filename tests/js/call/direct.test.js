import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { DirectEngine, FAREWELL } from "../../../static/js/call/engines/direct.js";
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
  const hub = { open: true };
  /** @type {any[]} */ const wanted = [];
  const engine = new DirectEngine({
    seat,
    signal: (to, instance, data) => {
      const { description } = /** @type {any} */ (data);
      said.push([to, instance, description?.type ?? data]);
      return hub.open;
    },
    reachable: () => true,
    freshServers: async () => [],
    onTrack: () => {},
    onState: (of, state) => states.push(`${of} ${state}`),
    onWanted: (sources) => wanted.push(sources),
    onHopeless: () => states.push("hopeless"),
    PeerConnection: /** @type {any} */ (FakePeerConnection),
    timers,
  });
  engine.start({ name: "direct", iceServers: [{ urls: "stun:hub" }], expiresAt: null });
  return { engine, timers, said, states, hub, wanted };
}

/** @param {number} index */
const connection = (index) => /** @type {FakePeerConnection} */ (FakePeerConnection.all.at(index));

beforeEach(() => {
  FakePeerConnection.all = [];
});

test("of the two the lesser seat makes the offer, as soon as it knows the other", async () => {
  const { engine, said } = makeEngine("m");
  engine.participant(person("z"));
  await settle();
  assert.deepEqual(said, [["z", "z-1", "offer"]]);
  assert.deepEqual(connection(0).configuration.iceServers, [{ urls: "stun:hub" }]);
  assert.equal(connection(0).configuration.iceTransportPolicy, "all");
  const other = makeEngine("m");
  other.engine.participant(person("a"));
  await settle();
  assert.deepEqual(other.said, []);
});

test("where the hub asks for it nobody learns an address", () => {
  const { engine } = makeEngine("m");
  engine.start({ name: "direct", iceServers: [], iceTransportPolicy: "relay", expiresAt: null });
  engine.participant(person("z"));
  assert.equal(connection(0).configuration.iceTransportPolicy, "relay");
});

test("a third one waits for the server, or for a place", async () => {
  const { engine, said, states } = makeEngine("m");
  engine.participant(person("y"));
  engine.participant(person("z"));
  engine.signal("z", "z-1", { description: { type: "offer", sdp: "o=- 5 1 X\r\n" } });
  await settle();
  assert.equal(FakePeerConnection.all.length, 1);
  engine.gone("y", "left");
  await settle();
  assert.deepEqual(said.map(([to]) => to), ["y", "z"]);
  assert.deepEqual(states, ["y connecting", "y closed", "z connecting"]);
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
  connection(0).become("connected");
  assert.equal(engine.gone("y", "left"), false);
  assert.ok(connection(0).closed);
  engine.participant(person("z"));
  connection(1).become("connected");
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

test("a track goes to whoever is there, also to one who comes later", async () => {
  const { engine } = makeEngine("m");
  engine.participant(person("y"));
  const camera = fakeTrack("video");
  engine.send("camera", camera);
  await settle();
  engine.participant(person("y", { instance: "y-2" }));
  await settle();
  for (const index of [0, 1]) {
    assert.equal(connection(index).lines[1].sender.track, camera);
  }
  assert.deepEqual(engine.outgoing().map(({ source }) => source), ["microphone", "camera", "screen"]);
});

test("what is wanted of the other is told, and told again to a new page; what the other wants is passed on", () => {
  const { engine, said, wanted } = makeEngine("m");
  engine.participant(person("z"));
  engine.want({ z: ["microphone"] });
  engine.want({ z: ["microphone"] });
  engine.participant(person("z", { instance: "z-2" }));
  engine.want({});
  assert.deepEqual(said, [
    ["z", "z-1", { want: ["microphone"] }],
    ["z", "z-2", { want: ["microphone"] }],
    ["z", "z-2", { want: ["microphone", "camera", "screen"] }],
  ]);
  // The socket was away, and with it perhaps the last word.
  engine.resume();
  assert.deepEqual(said.at(-1), ["z", "z-2", { want: ["microphone", "camera", "screen"] }]);
  engine.signal("z", "z-2", { want: /** @type {any} */ (["screen", "microphone", "dance"]) });
  assert.deepEqual(wanted, [["microphone", "screen"]]);
});

test("it says so when the two cannot reach each other", async () => {
  const { engine, timers, states } = makeEngine("m");
  engine.participant(person("z"));
  await timers.pass(12_000);
  assert.deepEqual(states, ["z connecting", "hopeless"]);
});

/** Two that see each other while a server takes over. */
function leaving() {
  const made = makeEngine("m");
  made.engine.participant(person("z"));
  connection(0).become("connected");
  made.engine.leaving();
  made.said.length = 0;
  return made;
}

test("while another engine takes over, what stands goes on, and nothing is begun or repaired", async () => {
  const { engine, timers } = leaving();
  engine.participant(person("y"));
  await timers.pass(60_000);
  assert.equal(FakePeerConnection.all.length, 1);
  assert.equal(connection(0).closed, false);
  engine.signal("z", "z-1", { again: true });
  connection(0).become("disconnected");
  await timers.pass(2500);
  assert.equal(connection(0).restarts, 0);
  assert.ok(connection(0).closed);
});

test("what never stood is let go of at once when another engine takes over", () => {
  const { engine, states } = makeEngine("m");
  engine.participant(person("z"));
  engine.leaving();
  assert.deepEqual(engine.peers, []);
  assert.equal(states.at(-1), "z closed");
});

test("the connection is closed once both get each other from the server", async () => {
  for (const order of ["ours first", "theirs first"]) {
    FakePeerConnection.all = [];
    const { engine, said } = leaving();
    if (order === "ours first") {
      assert.ok(engine.moved("z"));
      assert.ok(engine.moved("z"), "said once only");
      assert.equal(connection(0).closed, false);
      engine.signal("z", "z-1", { moved: true });
    } else {
      engine.signal("z", "z-1", { moved: true });
      assert.equal(connection(0).closed, false);
      assert.ok(engine.moved("z"));
    }
    assert.ok(connection(0).closed, order);
    assert.deepEqual(said, [["z", "z-1", { moved: true }]]);
  }
});

test("a page that never says so is waited for ten seconds", async () => {
  const { engine, timers } = leaving();
  engine.moved("z");
  await timers.pass(FAREWELL - 1);
  assert.equal(connection(0).closed, false);
  await timers.pass(1);
  assert.ok(connection(0).closed);
});

test("while the hub is away nobody hears that, and nothing is closed", async () => {
  const { engine, timers, hub } = leaving();
  hub.open = false;
  assert.equal(engine.moved("z"), false);
  await timers.pass(60_000);
  assert.equal(connection(0).closed, false);
  hub.open = true;
  assert.equal(engine.moved("z"), true);
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
