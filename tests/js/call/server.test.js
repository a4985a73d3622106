import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { JanusEngine } from "../../../static/js/call/engines/janus.js";
import { FAREWELL, LINGER, LONGEST_LINGER } from "../../../static/js/call/engines/server.js";
import { FakePeerConnection, fakeTrack, settle } from "./fakes.js";
import { THREE, makeEngine, person, reports, standing } from "./server_world.js";

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

test("who was lost on the connection before is there on a new one, unless the server says it again", async () => {
  const { hear, states, offer } = await standing();
  hear({ event: "away", epoch: 7, seat: "z", away: true });
  states.length = 0;
  await offer(8);
  assert.deepEqual(states, ["z connected"]);
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

test("who counted as gone and comes back to the place that the server kept is shown again", async () => {
  const { engine, hear, tracks } = await standing();
  hear({ event: "away", epoch: 7, seat: "z", away: true });
  engine.gone("z", "lost");
  const shown = [...tracks];
  engine.participant(person("z"));
  assert.deepEqual(tracks.slice(shown.length), shown);
  engine.participant(person("z"));
  assert.equal(tracks.length, 2 * shown.length);
  assert.ok(shown.length > 0);
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
