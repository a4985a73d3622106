import assert from "node:assert/strict";
import { test } from "node:test";

import { Gate, LONGEST, LOOK, decodes } from "../../../static/js/call/gate.js";
import { FakeTimers } from "./fakes.js";

/** @param {string} id @param {string} [kind] @returns {any} */
const track = (id, kind = "video") => ({ id, kind, readyState: "live" });
/** @param {string} id @param {number} [frames] */
const picture = (id, frames = 3) => ({ type: "inbound-rtp", kind: "video", trackIdentifier: id, framesDecoded: frames });
/** @param {string} id */
const sound = (id) => ({ type: "inbound-rtp", kind: "audio", trackIdentifier: id, packetsReceived: 3 });

/** An engine that has one peer, `z`. @returns {any} */
function engine(state = "connected") {
  /** @type {any} */ const made = { entries: [], state };
  const peer = { get state() { return made.state; }, getStats: async () => new Map(made.entries.map((/** @type {any} */ entry, /** @type {number} */ at) => [at, entry])) };
  made.peers = [["z", peer]];
  return made;
}

function makeGate(media = { microphone: true, camera: true, screen: false }) {
  const timers = new FakeTimers();
  /** @type {string[]} */ const put = [];
  /** @type {string[]} */ const taken = [];
  const gate = new Gate({
    put: (_seat, _source, { id }) => put.push(id),
    media: () => media,
    onTaken: (seat) => taken.push(seat),
    timers,
  });
  return { gate, timers, put, taken };
}

/** Somebody who is seen by the first engine, while the second one takes over. */
function moving() {
  const made = makeGate();
  const [old, next] = [engine(), engine()];
  made.gate.offer(old, "z", "microphone", track("old sound", "audio"));
  made.gate.offer(old, "z", "camera", track("old"));
  made.put.length = 0;
  made.gate.offer(next, "z", "microphone", track("sound", "audio"));
  made.gate.offer(next, "z", "camera", track("new"));
  made.gate.offer(next, "z", "screen", track("screen"));
  return { ...made, old, next };
}

test("where nothing is shown yet, tracks are shown at once", () => {
  const { gate, put } = makeGate();
  const first = engine();
  gate.offer(first, "z", "camera", track("one"));
  gate.offer(first, "z", "screen", track("two"));
  assert.deepEqual(put, ["one", "two"]);
  assert.equal(gate.engineOf("z"), first);
});

test("a newer engine's tracks wait until all that should come can be seen and heard, and then come together", async () => {
  const { gate, timers, put, taken, old, next } = moving();
  await timers.pass(60_000);
  assert.deepEqual(put, []);
  next.entries = [picture("new", 0), sound("sound")];
  await timers.pass(1000);
  assert.deepEqual(put, [], "sound waits for its picture");
  assert.equal(gate.engineOf("z"), old);
  next.entries = [picture("new", 1), sound("sound")];
  await timers.pass(LOOK);
  assert.deepEqual(put, ["sound", "new", "screen"]);
  assert.deepEqual(taken, ["z"]);
  assert.equal(gate.engineOf("z"), next);
});

test("where nothing is due nothing is waited for", async () => {
  const { gate, timers, put } = makeGate({ microphone: false, camera: false, screen: false });
  gate.offer(engine(), "z", "camera", track("old"));
  gate.offer(engine(), "z", "camera", track("new"));
  await timers.pass(LOOK);
  assert.deepEqual(put, ["old", "new"]);
});

test("an old connection that shows nothing any more holds nothing up", async () => {
  const { timers, put, old, next } = moving();
  old.state = "interrupted";
  next.entries = [sound("sound")];
  await timers.pass(LOOK);
  assert.deepEqual(put, ["sound"], "sound at once");
  await timers.pass(LONGEST);
  assert.deepEqual(put, ["sound", "new", "screen"]);
});

test("when the old connection is gone, whatever waits is shown", () => {
  const { gate, put, taken } = moving();
  gate.release("z");
  assert.deepEqual(put, ["sound", "new", "screen"]);
  assert.deepEqual(taken, ["z"]);
  gate.release("z");
  gate.release("nobody");
  assert.equal(put.length, 3);
});

test("who leaves while the call moves is forgotten, and no timer is left", async () => {
  const { gate, timers, put, next } = moving();
  gate.forget("z");
  next.entries = [picture("new"), sound("sound")];
  await timers.pass(10_000);
  assert.deepEqual(put, []);
  assert.equal(gate.engineOf("z"), undefined);
});

test("what the old engine still changes is shown meanwhile", () => {
  const { gate, put, old } = moving();
  gate.offer(old, "z", "screen", track("old screen"));
  assert.deepEqual(put, ["old screen"]);
});

test("a third engine's tracks take the place of the second one's in the queue", async () => {
  const { gate, timers, put, next } = moving();
  const third = engine();
  gate.offer(third, "z", "microphone", track("third sound", "audio"));
  gate.offer(third, "z", "camera", track("third"));
  next.entries = [picture("new"), sound("sound")];
  await timers.pass(1000);
  assert.deepEqual(put, []);
  third.entries = [picture("third"), sound("third sound")];
  await timers.pass(LOOK);
  assert.deepEqual(put, ["third sound", "third"]);
  assert.equal(gate.engineOf("z"), third);
});

test("connections made anew by the same engine show as soon as they can, and at the latest after a moment", async () => {
  const { gate, timers, put, taken } = makeGate();
  const only = engine();
  const first = track("old");
  gate.offer(only, "z", "camera", first);
  gate.offer(only, "z", "camera", first);
  gate.offer(only, "z", "camera", track("new"));
  assert.deepEqual(put, ["old", "old"]);
  only.entries = [picture("new")];
  await timers.pass(LOOK);
  assert.deepEqual(put, ["old", "old", "new"]);
  gate.offer(only, "z", "camera", track("dark"));
  await timers.pass(LONGEST - LOOK);
  assert.equal(put.at(-1), "new");
  await timers.pass(LOOK);
  assert.equal(put.at(-1), "dark");
  assert.deepEqual(taken, [], "it is the same engine");
});

test("a track that has ended is replaced at once", () => {
  const { gate, put } = makeGate();
  const only = engine();
  const first = track("old");
  gate.offer(only, "z", "camera", first);
  first.readyState = "ended";
  gate.offer(only, "z", "camera", track("new"));
  assert.deepEqual(put, ["old", "new"]);
});

test("a closed gate shows nothing and leaves no timer", async () => {
  const { gate, timers, put } = moving();
  gate.close();
  await timers.pass(60_000);
  assert.deepEqual(put, []);
});

test("a track is known by its id, and by its kind in a browser that does not say it", () => {
  assert.equal(decodes([], track("a")), false);
  assert.equal(decodes([picture("b"), picture("a", 0)], track("a")), false);
  assert.equal(decodes([picture("b", 0), picture("a")], track("a")), true);
  assert.equal(decodes([{ type: "inbound-rtp", kind: "video", framesDecoded: 1 }], track("a")), true);
  assert.equal(decodes([{ type: "outbound-rtp", kind: "video", trackIdentifier: "a", framesDecoded: 1 }], track("a")), false);
});
