import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Peer, REPAIR, REPEAT, STUTTER } from "../../../static/js/call/peer.js";
import { FakePeerConnection, FakeTimers, fakeTrack, settle } from "./fakes.js";

/**
 * @param {FakeTimers} timers
 * @param {any} [more]
 */
function makePeer(timers, more = {}) {
  /** @type {any[]} */ const said = [];
  /** @type {string[]} */ const states = [];
  /** @type {any[]} */ const errors = [];
  /** @type {any[]} */ const tracks = [];
  const peer = new Peer({
    polite: false,
    iceServers: [{ urls: "stun:one" }],
    tracks: { microphone: fakeTrack("audio"), camera: null, screen: null },
    send: (/** @type {any} */ data) => {
      said.push(data);
      return true;
    },
    reachable: () => true,
    freshServers: async () => [{ urls: "stun:fresh" }],
    onTrack: (/** @type {any} */ source, /** @type {any} */ track) => tracks.push([source, track]),
    onState: (/** @type {any} */ state) => states.push(state),
    onError: (/** @type {any} */ error) => errors.push(error),
    PeerConnection: /** @type {any} */ (FakePeerConnection),
    timers,
    ...more,
  });
  const connection = () => /** @type {FakePeerConnection} */ (FakePeerConnection.all.filter((one) => one.configuration).at(-1));
  return { peer, said, states, errors, tracks, connection };
}

/** Two peers that hear each other. */
function pair() {
  const timers = new FakeTimers();
  /** @type {Peer} */ let polite;
  const offering = makePeer(timers, { send: (/** @type {any} */ data) => (polite.hear(data), true) });
  const first = /** @type {FakePeerConnection} */ (FakePeerConnection.all.at(-1));
  const answering = makePeer(timers, { polite: true, send: (/** @type {any} */ data) => (offering.peer.hear(data), true) });
  polite = answering.peer;
  const second = /** @type {FakePeerConnection} */ (FakePeerConnection.all.at(-1));
  return { timers, offering, answering, first, second };
}

beforeEach(() => {
  FakePeerConnection.all = [];
});

test("the impolite side lays out sound, camera and screen, and offers", async () => {
  const { said, connection } = makePeer(new FakeTimers());
  await settle();
  assert.deepEqual(connection().lines.map((line) => [line.receiver.track.kind, line.direction]), [
    ["audio", "sendrecv"],
    ["video", "sendrecv"],
    ["video", "sendrecv"],
  ]);
  assert.equal(said.length, 1);
  assert.equal(said[0].description.type, "offer");
});

test("an offer that is laid out goes out at once, and the tracks of this moment by its lines", async () => {
  const laidOut = new FakePeerConnection({});
  const lines = new Map();
  for (const [source, kind] of /** @type {const} */ ([["microphone", "audio"], ["camera", "video"], ["screen", "video"]])) {
    lines.set(source, laidOut.addTransceiver(kind, { direction: "sendrecv" }));
  }
  const spare = () => ({ connection: laidOut, lines, offer: { type: "offer", sdp: "v=0\r\no=- 5 1 X\r\n" } });
  const { peer, said, errors } = makePeer(new FakeTimers(), { spare });
  assert.deepEqual(said, [{ description: { type: "offer", sdp: "v=0\r\no=- 5 1 X\r\n" } }]);
  await settle();
  assert.equal(laidOut.signalingState, "have-local-offer");
  assert.equal(lines.get("microphone").sender.track, peer.tracks.microphone);
  assert.deepEqual(peer.outgoing.map(({ source }) => source), ["microphone", "camera", "screen"]);
  assert.deepEqual([said.length, errors.length, FakePeerConnection.all.length], [1, 0, 1]);
  peer.close();
  assert.ok(laidOut.closed);
});

test("who answers leaves what is laid out to others", () => {
  makePeer(new FakeTimers(), { polite: true, spare: () => assert.fail("taken") });
});

test("the polite side waits for the offer, answers it, and sends its own tracks on the same lines", async () => {
  const { first, second, answering } = pair();
  await settle();
  assert.equal(first.signalingState, "stable");
  assert.equal(second.signalingState, "stable");
  assert.deepEqual(second.lines.map((line) => line.direction), ["sendrecv", "sendrecv", "sendrecv"]);
  assert.equal(second.lines[0].sender.track, answering.peer.tracks.microphone);
  assert.deepEqual(answering.errors, []);
});

test("tracks change without a new negotiation", async () => {
  const { offering, answering, first, second } = pair();
  await settle();
  const camera = fakeTrack("video");
  const screen = fakeTrack("video");
  answering.peer.setTrack("camera", camera);
  offering.peer.setTrack("screen", screen);
  await settle();
  assert.equal(second.lines[1].sender.track, camera);
  assert.equal(first.lines[2].sender.track, screen);
  assert.equal(first.restarts, 0);
  assert.equal(first.signalingState, "stable");
});

test("a track that was switched on before the offer came is sent as well", async () => {
  const timers = new FakeTimers();
  const { peer, connection } = makePeer(timers, { polite: true });
  const camera = fakeTrack("video");
  peer.setTrack("camera", camera);
  const offer = "v=0\r\no=- 77 1 X\r\nm=audio 9 X 0\r\nm=video 9 X 0\r\nm=video 9 X 0\r\n";
  peer.hear({ description: { type: "offer", sdp: offer } });
  await settle();
  assert.equal(connection().lines[1].sender.track, camera);
});

test("the other side hears of the ways that it can use, and when there are no more", async () => {
  const { said, connection } = makePeer(new FakeTimers());
  await settle();
  said.length = 0;
  /** @type {(protocol: string, tcpType: string | null) => any} */
  const candidate = (protocol, tcpType) => ({ protocol, tcpType, toJSON: () => ({ candidate: protocol }) });
  for (const one of [candidate("udp", null), candidate("tcp", "active"), null]) {
    connection().onicecandidate({ candidate: one });
  }
  assert.deepEqual(said, [{ candidate: { candidate: "udp" } }, { candidate: null }]);
});

test("candidates that run ahead of the description wait for it", async () => {
  const { peer, connection, errors } = makePeer(new FakeTimers(), { polite: true });
  peer.hear({ candidate: { candidate: "early" } });
  await settle();
  assert.deepEqual(connection().candidates, []);
  peer.hear({ description: { type: "offer", sdp: "o=- 77 1 X\r\nm=audio 9 X 0\r\n" } });
  peer.hear({ candidate: { candidate: "late" } });
  await settle();
  assert.deepEqual(connection().candidates.map((one) => one.candidate), ["early", "late"]);
  assert.deepEqual(errors, []);
});

test("when both offer at once the impolite side's offer stands", async () => {
  const offering = makePeer(new FakeTimers());
  await settle();
  offering.peer.hear({ description: { type: "offer", sdp: "o=- 77 1 X\r\nm=audio 9 X 0\r\n" } });
  offering.peer.hear({ candidate: { candidate: "of the offer passed over" } });
  await settle();
  assert.equal(offering.connection().signalingState, "have-local-offer");
  assert.equal(offering.connection().remoteDescription, null);
  const polite = makePeer(new FakeTimers(), { polite: true });
  await polite.connection().setLocalDescription();
  polite.peer.hear({ description: { type: "offer", sdp: "o=- 78 1 X\r\nm=audio 9 X 0\r\n" } });
  await settle();
  assert.equal(polite.said.at(-1).description.type, "answer");
  assert.deepEqual([...offering.errors, ...polite.errors], []);
});

test("an offer that nobody answers is said again", async () => {
  const timers = new FakeTimers();
  const { said } = makePeer(timers);
  await timers.pass(REPEAT);
  assert.deepEqual(said.map((data) => data.description.type), ["offer", "offer"]);
  assert.equal(said[0].description.sdp, said[1].description.sdp);
});

test("a polite side that hears no offer asks for one", async () => {
  const timers = new FakeTimers();
  const { said } = makePeer(timers, { polite: true });
  await timers.pass(REPEAT - 1);
  assert.deepEqual(said, []);
  await timers.pass(1);
  assert.deepEqual(said, [{ again: true }]);
});

test("a short stutter is only told", async () => {
  const { timers, offering, first, second } = pair();
  await settle();
  first.become("connected");
  second.become("connected");
  first.become("disconnected");
  await timers.pass(STUTTER - 1);
  first.become("connected");
  await timers.pass(REPAIR);
  assert.equal(first.restarts, 0);
  assert.deepEqual(offering.states, ["connected", "interrupted", "connected"]);
});

test("after two and a half seconds, or a failure, the impolite side restarts ICE with fresh servers", async () => {
  for (const state of ["disconnected", "failed"]) {
    FakePeerConnection.all = [];
    const { timers, first } = pair();
    await settle();
    first.become("connected");
    first.become(state);
    await timers.pass(state === "failed" ? 0 : STUTTER);
    assert.equal(first.restarts, 1, state);
    assert.deepEqual(first.configuration.iceServers, [{ urls: "stun:fresh" }]);
    assert.equal(first.signalingState, "stable");
  }
});

test("the polite side asks again, and two cries are one repair", async () => {
  const { timers, first, second } = pair();
  await settle();
  first.become("connected");
  second.become("connected");
  second.become("failed");
  second.become("failed");
  await timers.pass(0);
  assert.equal(first.restarts, 1);
});

test("after two failed restarts both make a new connection", async () => {
  const { timers, offering, answering, first, second } = pair();
  await settle();
  first.become("connected");
  second.become("connected");
  first.become("failed");
  await timers.pass(REPAIR * 2 + 1);
  assert.equal(first.restarts, 2);
  assert.ok(first.closed);
  assert.ok(second.closed, "an offer of another connection is answered by a new one");
  assert.equal(FakePeerConnection.all.length, 4);
  const renewed = FakePeerConnection.all.slice(2);
  assert.deepEqual(renewed.map((one) => one.signalingState), ["stable", "stable"]);
  for (const one of renewed) {
    one.become("connected");
  }
  assert.deepEqual(offering.states, ["connected", "interrupted", "connected"]);
  assert.deepEqual([...offering.errors, ...answering.errors], []);
});

test("what happens to a connection that was replaced is not told", async () => {
  const { timers, offering, first } = pair();
  await settle();
  first.become("failed");
  await timers.pass(REPAIR * 2 + 1);
  const told = offering.states.length;
  first.become("failed");
  assert.equal(offering.states.length, told);
});

test("nothing is repaired with somebody whose socket is gone: when the media go, it is over", async () => {
  const { timers, offering, first, second } = pair();
  await settle();
  first.become("connected");
  second.become("connected");
  offering.peer.absent = true;
  await timers.pass(60_000);
  assert.equal(offering.peer.state, "connected");
  first.become("disconnected");
  await timers.pass(STUTTER);
  assert.equal(first.restarts, 0);
  assert.ok(first.closed);
  assert.deepEqual(offering.states, ["connected", "interrupted", "closed"]);
});

test("after an outage a living connection is left alone and a dead one repaired", async () => {
  const { timers, offering, first } = pair();
  await settle();
  first.become("connected");
  offering.peer.resume();
  await timers.pass(1000);
  assert.equal(first.restarts, 0);
  first.become("disconnected");
  offering.peer.resume();
  await timers.pass(0);
  assert.equal(first.restarts, 1);
});

test("while the hub is away nothing is torn down: the connection may come back by itself", async () => {
  const timers = new FakeTimers();
  let reachable = false;
  const { peer, said, connection } = makePeer(timers, { reachable: () => reachable });
  await settle();
  connection().become("failed");
  await timers.pass(120_000);
  assert.equal(FakePeerConnection.all.length, 1);
  assert.equal(connection().restarts, 0);
  said.length = 0;
  reachable = true;
  peer.resume();
  await timers.pass(0);
  assert.equal(connection().restarts, 1);
});

test("senders begin within their limits, and are left to the adaptation afterwards", async () => {
  const { first, offering } = pair();
  await settle();
  assert.equal(first.lines[0].sender.getParameters().encodings[0].maxBitrate, 48_000);
  assert.deepEqual(first.lines[1].sender.getParameters().encodings[0], { maxBitrate: 1_500_000, scaleResolutionDownBy: 2 });
  assert.deepEqual(first.lines[2].sender.getParameters().encodings[0], { maxBitrate: 1_500_000 });
  first.lines[1].sender.getParameters().encodings[0].maxBitrate = 300_000;
  offering.peer.resume();
  first.become("failed");
  await settle();
  assert.equal(first.restarts, 1);
  assert.equal(first.lines[1].sender.getParameters().encodings[0].maxBitrate, 300_000);
  assert.deepEqual(offering.peer.outgoing.map(({ source }) => source), ["microphone", "camera", "screen"]);
});

/** @param {FakePeerConnection} connection @param {number} bytes that have come so far */
const arrives = (connection, bytes) => {
  connection.getStats = async () => new Map([["T", { id: "T", type: "transport", bytesReceived: bytes }]]);
};

test("when the network is back, a connection that carries nothing any more is repaired, one that does is left alone", async () => {
  const { timers, offering, first } = pair();
  await settle();
  first.become("connected");
  arrives(first, 100);
  void offering.peer.wake();
  await timers.pass(500);
  arrives(first, 200);
  await timers.pass(5000);
  assert.equal(first.restarts, 0);
  void offering.peer.wake();
  await timers.pass(1500);
  assert.equal(first.restarts, 1);
  first.become("connected");
  first.become("disconnected");
  void offering.peer.wake();
  await settle();
  assert.equal(first.restarts, 2, "one that stutters is repaired at once");
});

test("a connection that is still being made is not disturbed when the page comes back", async () => {
  const { timers, offering, first } = pair();
  await settle();
  void offering.peer.wake();
  await timers.pass(5000);
  assert.equal(first.restarts, 0);
});

test("a first way through that fails twice is hopeless, one that has stood is tried once more", async () => {
  /** @type {number[]} */ const never = [];
  const timers = new FakeTimers();
  makePeer(timers, { onHopeless: () => never.push(timers.now) });
  await timers.pass(13_000);
  assert.deepEqual(never, [12_000]);
  /** @type {number[]} */ const stood = [];
  const later = new FakeTimers();
  const { connection } = makePeer(later, { onHopeless: () => stood.push(later.now) });
  await settle();
  connection().become("connected");
  connection().become("disconnected");
  await later.pass(STUTTER + 2 * REPAIR);
  assert.deepEqual(stood, [STUTTER + 2 * REPAIR]);
});

test("the polite side gives up as well", async () => {
  /** @type {number[]} */ const told = [];
  const timers = new FakeTimers();
  makePeer(timers, { polite: true, onHopeless: () => told.push(timers.now) });
  await timers.pass(12_000);
  assert.deepEqual(told, [11_000]);
});

test("what is sent asks for forward error correction, and so does what is taken", async () => {
  const { peer, connection } = makePeer(new FakeTimers(), { polite: true });
  const sdp = "o=- 77 1 X\r\nm=audio 9 X 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 usedtx=1\r\n";
  peer.hear({ description: { type: "offer", sdp } });
  await settle();
  assert.match(connection().remoteDescription.sdp, /a=fmtp:96 useinbandfec=1\r\n/);
  assert.doesNotMatch(connection().remoteDescription.sdp, /usedtx/);
});

test("tracks are known by the name of their stream, else by their place", async () => {
  const { tracks, connection } = makePeer(new FakeTimers());
  const [sound, camera, screen] = connection().lines;
  const video = { kind: "video" };
  connection().ontrack({ track: { kind: "audio" }, transceiver: sound, streams: [{ id: "camera" }] });
  connection().ontrack({ track: video, transceiver: camera, streams: [{ id: "screen" }] });
  connection().ontrack({ track: video, transceiver: screen, streams: [] });
  connection().ontrack({ track: video, transceiver: camera, streams: [{ id: "{7f}" }] });
  assert.deepEqual(tracks.map(([source]) => source), ["microphone", "screen", "screen", "camera"]);
});

test("a closed connection says nothing more and leaves no timer", async () => {
  const timers = new FakeTimers();
  const { peer, said, states } = makePeer(timers);
  await settle();
  peer.close();
  peer.close();
  peer.hear({ again: true });
  peer.setTrack("camera", fakeTrack("video"));
  await timers.pass(120_000);
  assert.equal(said.length, 1);
  assert.deepEqual(states, ["closed"]);
});
