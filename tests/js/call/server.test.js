import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { JanusEngine } from "../../../static/js/call/engines/janus.js";
import { STUTTER } from "../../../static/js/call/engines/leg.js";
import { RelayEngine } from "../../../static/js/call/engines/relay.js";
import { OFFER_WAIT, SETTLED, UP_WAIT } from "../../../static/js/call/engines/repair.js";
import { FAREWELL, LINGER, LONGEST_LINGER } from "../../../static/js/call/engines/server.js";
import { FakePeerConnection, FakeTimers, fakeTrack, settle } from "./fakes.js";

const INFO = { name: "relay", iceServers: [{ urls: "stun:hub" }], iceTransportPolicy: /** @type {const} */ ("relay"), expiresAt: null };
const THREE = "v=0\r\no=- 9 1 X\r\nm=audio 9 X 0\r\nm=video 9 X 0\r\nm=video 9 X 0\r\n";
const OF_Z = { 0: { seat: "z", source: "microphone" }, 1: { seat: "z", source: "camera" }, 2: { seat: "z", source: "screen" } };

/** @param {string} seat @param {any} [more] @returns {any} */
const person = (seat, more = {}) => ({ seat, instance: `${seat}-1`, connected: true, ...more });

function makeEngine(Engine = RelayEngine) {
  const timers = new FakeTimers();
  const hub = { open: true, fresh: 0 };
  /** @type {any[]} */ const said = [];
  /** @type {string[]} */ const states = [];
  /** @type {any[]} */ const tracks = [];
  /** @type {any[]} */ const told = [];
  const engine = new Engine({
    seat: "m",
    signal: (to, instance, data) => {
      assert.deepEqual([to, instance], ["media", null]);
      if (hub.open) {
        said.push(data);
      }
      return hub.open;
    },
    reachable: () => hub.open,
    freshServers: async () => {
      hub.fresh += 1;
      return [{ urls: `stun:fresh-${hub.fresh}` }];
    },
    onTrack: (seat, source, track) => tracks.push([seat, source, track.id]),
    onState: (seat, state) => states.push(`${seat} ${state}`),
    onWanted: (sources) => told.push(["wanted", sources]),
    onPoor: () => told.push(["poor"]),
    onFailed: (code) => told.push(["failed", code]),
    onError: (error) => told.push(["error", String(error)]),
    PeerConnection: /** @type {any} */ (FakePeerConnection),
    timers,
  });
  /** @param {any} data */
  const hear = (data) => engine.signal("media", null, data);
  /** @param {number} epoch @param {any} [tracks] */
  const offer = async (epoch, tracks = OF_Z) => {
    hear({ event: "offer", epoch, leg: "publish", revision: 1, sdp: THREE, tracks: {} });
    hear({ event: "offer", epoch, leg: "subscribe", revision: 1, sdp: THREE, tracks });
    await settle();
    return /** @type {[FakePeerConnection, FakePeerConnection]} */ (FakePeerConnection.all.slice(-2));
  };
  const agains = () => said.filter((data) => data.again).length;
  engine.start(INFO);
  return { engine, timers, hub, said, states, tracks, told, hear, offer, agains };
}

/** In a call with `z`, by connections of epoch 7. */
async function standing(Engine = RelayEngine) {
  const made = makeEngine(Engine);
  made.engine.participant(person("z"));
  const [publish, subscribe] = await made.offer(7);
  publish.become("connected");
  subscribe.become("connected");
  await made.timers.pass(SETTLED);
  made.said.length = 0;
  return { ...made, publish, subscribe };
}

/** @param {FakePeerConnection} connection @param {any[]} entries */
const reports = (connection, ...entries) => {
  connection.getStats = async () => new Map(entries.map((entry) => [entry.id, entry]));
};

beforeEach(() => {
  FakePeerConnection.all = [];
});

test("both offers are answered: on one everything is sent from the beginning, on the other everything is taken", async () => {
  const { engine, said, states, tracks, offer } = makeEngine();
  const camera = fakeTrack("video");
  engine.send("camera", camera);
  const [publish, subscribe] = await offer(7);
  assert.deepEqual(publish.configuration, { iceServers: [{ urls: "stun:hub" }], iceTransportPolicy: "relay", bundlePolicy: "max-bundle" });
  assert.deepEqual(publish.lines.map(({ direction, sender }) => [direction, sender.track]), [
    ["sendonly", null],
    ["sendonly", camera],
    ["sendonly", null],
  ]);
  assert.deepEqual(said.map(({ epoch, answer }) => [epoch, answer.leg, answer.revision]).sort(), [
    [7, "publish", 1],
    [7, "subscribe", 1],
  ]);
  assert.deepEqual(tracks, subscribe.lines.map((line, index) => ["z", ["microphone", "camera", "screen"][index], line.receiver.track.id]));
  assert.deepEqual(states, ["z connecting"]);
  assert.equal(engine.epoch, null);
  publish.become("connected");
  subscribe.become("connected");
  assert.deepEqual(states, ["z connecting", "z connected"]);
  assert.equal(engine.epoch, 7);
  assert.ok(engine.alive);
  const screen = fakeTrack("video");
  engine.send("screen", screen);
  await settle();
  assert.equal(publish.lines[2].sender.track, screen);
  assert.equal(publish.lines[1].sender.getParameters().encodings[0].maxBitrate, 1_500_000);
  assert.deepEqual(engine.outgoing().map(({ source }) => source), ["microphone", "camera", "screen"]);
});

test("the browser's addresses are told, without the word before them", async () => {
  const { said, offer } = makeEngine();
  const [publish] = await offer(7);
  said.length = 0;
  publish.onicecandidate({ candidate: { candidate: "candidate:1 1 udp 2 192.0.2.1 9 typ host" } });
  publish.onicecandidate({ candidate: null });
  assert.deepEqual(said, [{ candidate: { leg: "publish", candidate: "1 1 udp 2 192.0.2.1 9 typ host" }, epoch: 7 }]);
});

test("somebody who comes later has a place in a new offer, and one who goes gives it to the next", async () => {
  const { tracks, states, hear, engine } = await standing();
  tracks.length = 0;
  states.length = 0;
  engine.participant(person("y"));
  engine.gone("z", "left");
  hear({ event: "offer", epoch: 7, leg: "subscribe", revision: 2, sdp: THREE, tracks: { 1: { seat: "y", source: "camera" } } });
  await settle();
  assert.deepEqual(tracks.map(([seat, source]) => [seat, source]), [["y", "camera"]]);
  assert.deepEqual(states, ["y connecting", "z closed", "y connected"]);
});

test("an offer that was answered is answered alike, and an older one is passed over", async () => {
  const { said, hear, offer } = makeEngine();
  await offer(7);
  const first = said.splice(0).find(({ answer }) => answer.leg === "publish");
  hear({ event: "offer", epoch: 7, leg: "publish", revision: 1, sdp: THREE, tracks: {} });
  hear({ event: "offer", epoch: 7, leg: "publish", revision: 0, sdp: THREE, tracks: {} });
  await settle();
  assert.deepEqual(said, [first]);
});

const GARBAGE = [
  null,
  "offer",
  {},
  { event: "offer" },
  { event: "offer", epoch: "8", leg: "publish", revision: 1, sdp: THREE },
  { event: "offer", epoch: -1, leg: "publish", revision: 1, sdp: THREE },
  { event: "offer", epoch: 1e300, leg: "publish", revision: 1, sdp: THREE },
  { event: "offer", epoch: 8, leg: "both", revision: 1, sdp: THREE },
  { event: "offer", epoch: 8, leg: "publish", revision: 1.5, sdp: THREE },
  { event: "offer", epoch: 8, leg: "publish", revision: 1, sdp: 4 },
  { event: "dance", epoch: 7 },
  { event: "dance", epoch: 8 },
  { event: "lost", epoch: 6, leg: "publish", reason: "closed" },
  { event: "lost", epoch: 8, leg: "publish", reason: "closed" },
  { event: "lost", epoch: 7, leg: "both" },
  { event: "away", epoch: 7, seat: 4, away: true },
  { event: "away", epoch: 7, seat: "nobody", away: true },
  { event: "wanted", epoch: 7, sources: "camera" },
  { event: "wanted", epoch: 6, sources: [] },
  { event: "failed", epoch: 7 },
  { event: "make-offer", epoch: 8, leg: "publish", revision: 1 },
  { event: "answer", epoch: 7, leg: "publish", revision: 1, sdp: THREE },
];

test("garbage and late words change nothing", async () => {
  const { engine, timers, said, told, states, hear } = await standing();
  states.length = 0;
  for (const data of GARBAGE) {
    hear(data);
    await timers.pass(10);
  }
  engine.signal("z", "z-1", /** @type {any} */ ({ event: "lost", epoch: 7, leg: "publish" }));
  await timers.pass(20_000);
  assert.deepEqual([said, told, states], [[], [], []]);
  assert.equal(engine.epoch, 7);
  assert.equal(FakePeerConnection.all.length, 2);
});

test("tracks that make no sense are nobody's", async () => {
  const { tracks, states, offer } = makeEngine();
  await offer(7, { 0: null, 1: { seat: 3, source: "camera" }, 2: { seat: "m", source: "camera" }, 9: { seat: "y", source: "camera" } });
  await offer(8, "none");
  await offer(9, { 0: { seat: "z", source: "nose" } });
  assert.deepEqual([tracks, states], [[], []]);
});

test("a greater epoch makes both anew; the old ones stay until the new ones show something", async () => {
  const { engine, timers, publish, subscribe, states, tracks, offer } = await standing();
  states.length = 0;
  tracks.length = 0;
  const [newPublish, newSubscribe] = await offer(8);
  assert.equal(FakePeerConnection.all.length, 4);
  assert.equal(tracks.length, 3);
  assert.deepEqual([publish.closed, subscribe.closed], [false, false]);
  newPublish.become("connected");
  assert.deepEqual([publish.closed, subscribe.closed], [true, false]);
  newSubscribe.become("connected");
  await timers.pass(LINGER - 1);
  assert.equal(subscribe.closed, false);
  await timers.pass(1);
  assert.ok(subscribe.closed);
  assert.deepEqual(states, [], "nobody was interrupted");
  assert.equal(engine.epoch, 8);
});

test("old connections are not kept for ever, nor more than one pair of them", async () => {
  const { timers, publish, subscribe, offer } = await standing();
  const [second] = await offer(8);
  await offer(9);
  assert.deepEqual([publish.closed, subscribe.closed, second.closed], [true, true, false]);
  await timers.pass(LONGEST_LINGER);
  assert.ok(second.closed);
});

for (const [what, breaks, wait] of /** @type {[string, (made: Awaited<ReturnType<typeof standing>>) => void, number][]} */ ([
  ["a connection that fails", ({ publish }) => publish.become("failed"), 0],
  ["a connection that stutters too long", ({ subscribe }) => subscribe.become("disconnected"), STUTTER],
  ["one that the server has lost", ({ hear }) => hear({ event: "lost", epoch: 7, leg: "subscribe", reason: "silent" }), 0],
  ["an offer that cannot be taken", ({ hear, publish }) => {
    publish.signalingState = "closed";
    hear({ event: "offer", epoch: 7, leg: "publish", revision: 2, sdp: "nonsense" });
  }, 0],
])) {
  test(`${what}: new ones are asked for, with fresh servers, once`, async () => {
    const made = await standing();
    breaks(made);
    await made.timers.pass(wait);
    assert.equal(made.agains(), 1);
    assert.equal(made.hub.fresh, 1);
    assert.equal(made.engine.epoch, null);
    made.publish.become("failed");
    made.subscribe.become("failed");
    await made.timers.pass(OFFER_WAIT - 1);
    assert.equal(made.agains(), 1, "one at a time");
    const [fresh] = await made.offer(8);
    assert.deepEqual(fresh.configuration.iceServers, [{ urls: "stun:fresh-1" }]);
  });
}

test("a short stutter is only told", async () => {
  const { timers, subscribe, states, agains } = await standing();
  states.length = 0;
  subscribe.become("disconnected");
  await timers.pass(STUTTER - 1);
  subscribe.become("connected");
  await timers.pass(UP_WAIT);
  assert.deepEqual(states, ["z interrupted", "z connected"]);
  assert.equal(agains(), 0);
});

test("without an answer it is asked again, ever more seldom", async () => {
  const { timers, subscribe, agains } = await standing();
  subscribe.become("failed");
  await timers.pass(0);
  /** @type {number[]} */ const gaps = [];
  let last = timers.now;
  for (let count = 1; gaps.length < 6; ) {
    await timers.pass(50);
    if (agains() > count) {
      count = agains();
      gaps.push(timers.now - last - OFFER_WAIT);
      last = timers.now;
    }
  }
  assert.deepEqual(gaps, [500, 1000, 2000, 4000, 5000, 5000]);
});

test("connections that do not stand in time are asked for again", async () => {
  const { timers, offer, agains } = makeEngine();
  await offer(7);
  await timers.pass(UP_WAIT + 499);
  assert.equal(agains(), 0);
  await timers.pass(1);
  assert.equal(agains(), 1);
});

test("a server that says nothing at first is asked", async () => {
  const { timers, agains } = makeEngine();
  await timers.pass(OFFER_WAIT + 499);
  assert.equal(agains(), 0);
  await timers.pass(1);
  assert.equal(agains(), 1);
});

test("a server without a place is asked again, and the page knows why", async () => {
  const { timers, hear, told, agains } = makeEngine();
  hear({ event: "failed", epoch: 7, code: "full" });
  assert.deepEqual(told, [["failed", "full"]]);
  await timers.pass(500);
  assert.equal(agains(), 1);
});

test("while the hub is away, media that flow are left alone, and what broke is mended when it is back", async () => {
  const { engine, timers, hub, publish, subscribe, states, agains } = await standing();
  hub.open = false;
  subscribe.become("disconnected");
  await timers.pass(60_000);
  assert.deepEqual([publish.closed, subscribe.closed], [false, false]);
  subscribe.become("connected");
  assert.equal(engine.epoch, 7, "it came back by itself");
  assert.equal(states.at(-1), "z connected");
  subscribe.become("failed");
  await timers.pass(10_000);
  assert.equal(engine.epoch, null);
  hub.open = true;
  engine.resume();
  await timers.pass(OFFER_WAIT - 1);
  assert.equal(agains(), 0, "the hub was told of no epoch: it offers new ones by itself");
  await timers.pass(501);
  assert.equal(agains(), 1);
});

test("after an outage connections that carry nothing any more are made anew, others are left alone", async () => {
  const { engine, timers, publish, subscribe, agains } = await standing();
  for (const leg of [publish, subscribe]) {
    let bytes = 0;
    leg.getStats = async () => new Map([["T", { id: "T", type: "transport", bytesReceived: (bytes += 100) }]]);
  }
  engine.resume();
  await timers.pass(10_000);
  assert.equal(agains(), 0);
  reports(subscribe, { id: "T", type: "transport", bytesReceived: 4 });
  await Promise.all([engine.wake(), timers.pass(4000)]);
  assert.equal(agains(), 1);
});

test("when the network is back, what stutters is made anew at once and no turn is waited for", async () => {
  const { engine, timers, subscribe, hub, agains } = await standing();
  subscribe.become("disconnected");
  void engine.wake();
  await timers.pass(0);
  assert.equal(agains(), 1);
  await timers.pass(OFFER_WAIT);
  void engine.wake();
  await settle();
  assert.equal(agains(), 2);
  hub.open = false;
  await timers.pass(60_000);
  hub.open = true;
  void engine.wake();
  await settle();
  assert.equal(agains(), 3);
});

test("what is wanted is told once it can be heard, on a change, and to each new connection", async () => {
  const made = makeEngine();
  made.engine.want({ z: ["microphone"] });
  assert.deepEqual(made.said, []);
  await made.offer(7);
  made.engine.want({ z: ["microphone"] });
  await made.offer(8);
  made.engine.want({});
  /** @type {any[]} */ const all = made.said;
  const wants = all.filter(({ want }) => want).map(({ want, epoch }) => [epoch, want.sources]);
  assert.deepEqual(wants, [[7, { z: ["microphone"] }], [8, { z: ["microphone"] }], [8, {}]]);
});

test("what anybody wants of us, and that the way down is weak, is passed on", async () => {
  const { hear, told } = await standing();
  hear({ event: "wanted", epoch: 7, sources: ["camera", "dance", "microphone"] });
  hear({ event: "poor", epoch: 7 });
  assert.deepEqual(told, [["wanted", ["microphone", "camera"]], ["poor"]]);
});

test("somebody whose connections the server has lost is interrupted until they are back", async () => {
  const { hear, states } = await standing();
  states.length = 0;
  hear({ event: "away", epoch: 7, seat: "z", away: true });
  hear({ event: "away", epoch: 7, seat: "z", away: false });
  assert.deepEqual(states, ["z interrupted", "z connected"]);
});

test("who was lost stays while sound and picture come, and not longer", async () => {
  const { engine, hear, states } = await standing();
  states.length = 0;
  assert.equal(engine.gone("z", "lost"), true);
  engine.participant(person("z"));
  hear({ event: "away", epoch: 7, seat: "z", away: true });
  assert.equal(engine.gone("z", "lost"), false);
  assert.deepEqual(states, ["z interrupted", "z closed"]);
});

test("statistics of one are theirs alone, with ids that cannot be mistaken for the other connection's", async () => {
  const { engine, publish, subscribe } = await standing();
  const [, camera] = subscribe.lines;
  reports(
    subscribe,
    { id: "T", type: "transport", selectedCandidatePairId: "P" },
    { id: "P", type: "candidate-pair" },
    { id: "A", type: "inbound-rtp", mid: "0" },
    { id: "B", type: "inbound-rtp", trackIdentifier: camera.receiver.track.id },
    { id: "C", type: "inbound-rtp", mid: "7" },
  );
  reports(publish, { id: "T", type: "transport" }, { id: "A", type: "outbound-rtp" });
  const [[seat, peer] = []] = engine.peers;
  assert.equal(seat, "z");
  const found = await /** @type {any} */ (peer).getStats();
  assert.deepEqual([...found.keys()], ["0:T", "0:P", "0:A", "0:B", "1:T", "1:A"]);
  assert.equal(found.get("0:T").selectedCandidatePairId, "0:P");
});

test("while another engine takes over nothing is begun or repaired, and the others have time to follow", async () => {
  const { engine, timers, publish, subscribe, states, offer, agains } = await standing();
  engine.leaving();
  await offer(8);
  assert.equal(FakePeerConnection.all.length, 2);
  publish.become("failed");
  await timers.pass(60_000);
  assert.equal(agains(), 0);
  engine.moved();
  await timers.pass(FAREWELL - 1);
  assert.equal(subscribe.closed, false);
  await timers.pass(1);
  assert.ok(subscribe.closed);
  assert.equal(states.at(-1), "z closed");
});

test("after the end nothing is said and no timer is left", async () => {
  const { engine, timers, said, hear, publish, subscribe } = await standing();
  engine.close();
  hear({ event: "offer", epoch: 9, leg: "publish", revision: 1, sdp: THREE, tracks: {} });
  engine.resume();
  await timers.pass(60_000);
  assert.deepEqual(said, []);
  assert.ok(publish.closed && subscribe.closed);
  assert.deepEqual([engine.alive, engine.peers], [false, []]);
});

test("Janus lets the browser offer what it sends, again if need be, and answers", async () => {
  const { hear, said, engine } = makeEngine(JanusEngine);
  engine.send("microphone", fakeTrack("audio"));
  hear({ event: "make-offer", epoch: 5, leg: "publish", revision: 1 });
  await settle();
  const [publish] = FakePeerConnection.all;
  assert.ok(publish);
  assert.deepEqual(publish.lines.map(({ direction }) => direction), ["sendonly", "sendonly", "sendonly"]);
  assert.deepEqual(said.map(({ epoch, offer }) => [epoch, offer.leg, offer.revision]), [[5, "publish", 1]]);
  hear({ event: "answer", epoch: 5, leg: "publish", revision: 2, sdp: THREE });
  await settle();
  assert.equal(publish.signalingState, "have-local-offer", "an answer to an offer that was not made");
  hear({ event: "answer", epoch: 5, leg: "publish", revision: 1, sdp: THREE });
  await settle();
  assert.equal(publish.signalingState, "stable");
  hear({ event: "make-offer", epoch: 5, leg: "publish", revision: 2 });
  await settle();
  assert.equal(publish.lines.length, 3);
  assert.equal(said.at(-1).offer.revision, 2);
  hear({ event: "answer", epoch: 9, leg: "publish", revision: 2, sdp: THREE });
  hear({ event: "make-offer", epoch: 9, leg: "subscribe", revision: 2 });
  await settle();
  assert.equal(FakePeerConnection.all.length, 1, "neither of them begins anything");
});
