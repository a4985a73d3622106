import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { LONGEST_IN_CALL, PROOF, Signalling, delayBefore } from "../../../static/js/call/signalling.js";
import { FakeSocket, FakeTimers } from "./fakes.js";

const WELCOME = { type: "welcome", version: 1, you: {}, room: {}, participants: [], engine: null };

function connect({ resumed = () => false, urgent = () => false } = {}) {
  const timers = new FakeTimers();
  /** @type {string[]} */ const states = [];
  /** @type {any[]} */ const heard = [];
  const signalling = new Signalling({
    url: "ws://hub/m/x/ws",
    instance: "i1",
    name: () => "Anna",
    resumed,
    urgent,
    epoch: () => 12,
    onMessage: (message) => heard.push(message.type),
    onState: (state, code) => states.push(code ? `${state} ${code}` : state),
    Socket: FakeSocket,
    timers,
    chance: () => 1,
  });
  signalling.open();
  return { signalling, timers, states, heard };
}

function welcomed(options = {}) {
  const all = connect(options);
  FakeSocket.last.open();
  FakeSocket.last.hear(WELCOME);
  return all;
}

beforeEach(() => {
  FakeSocket.all = [];
});

test("the page speaks first, and counts as connected when it is welcomed", () => {
  const { signalling, states, heard } = connect();
  assert.equal(FakeSocket.last.protocol, "vdx.1");
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.sent, [{ type: "hello", version: 1, instance: "i1", name: "Anna", resumed: false, epoch: null }]);
  assert.equal(signalling.send({ type: "leave" }), false);
  FakeSocket.last.hear(WELCOME);
  assert.equal(signalling.send({ type: "leave" }), true);
  assert.ok(signalling.heardAt > 0 && signalling.heardAt <= performance.now());
  assert.deepEqual(states, ["open"]);
  assert.deepEqual(heard, ["welcome"]);
});

test("it beats every five seconds, and twelve seconds of silence are a dead socket", async () => {
  const { timers, states } = welcomed();
  const first = FakeSocket.last;
  await timers.pass(11_999);
  assert.deepEqual(first.sent.slice(1), [{ type: "heartbeat" }, { type: "heartbeat" }]);
  assert.deepEqual(states, ["open"]);
  await timers.pass(1);
  assert.deepEqual(states, ["open", "lost 1006"]);
  assert.equal(first.closedWith, 1005);
  await timers.pass(200);
  assert.equal(FakeSocket.all.length, 2);
});

test("an answer to the heartbeat keeps the socket, and is nobody else's business", async () => {
  const { timers, states, heard } = welcomed();
  for (let beat = 0; beat < 5; beat += 1) {
    await timers.pass(5000);
    FakeSocket.last.hear({ type: "heartbeat", at: "2026-11-22T10:00:00Z" });
  }
  assert.deepEqual(states, ["open"]);
  assert.deepEqual(heard, ["welcome"]);
});

test("a broken socket comes back with the same instance and says that the call went on", async () => {
  const { timers, states } = welcomed({ resumed: () => true });
  FakeSocket.last.drop(1012);
  await timers.pass(200);
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.sent[0], { type: "hello", version: 1, instance: "i1", name: "Anna", resumed: true, epoch: 12 });
  FakeSocket.last.hear(WELCOME);
  assert.deepEqual(states, ["open", "lost 1012", "open"]);
});

test("delays grow from a fifth of a second to five, and are spread", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 20].map((attempt) => delayBefore(attempt, 1)), [200, 400, 800, 1600, 3200, 5000, 5000]);
  assert.deepEqual([0, 20].map((attempt) => delayBefore(attempt, 0)), [100, 2500]);
});

test("attempts go on for as long as it takes, and a welcome starts the delays anew", async () => {
  const { timers } = welcomed();
  for (let attempt = 0; attempt < 8; attempt += 1) {
    FakeSocket.last.drop(1006);
    await timers.pass(5000);
    assert.equal(FakeSocket.all.length, attempt + 2);
  }
  FakeSocket.last.open();
  FakeSocket.last.hear(WELCOME);
  FakeSocket.last.drop(1006);
  await timers.pass(200);
  assert.equal(FakeSocket.all.length, 10);
});

test("when the network is back the next attempt is made at once, and a living socket is only asked", async () => {
  const { signalling, timers } = welcomed();
  signalling.wake();
  assert.equal(FakeSocket.all.length, 1);
  assert.deepEqual(FakeSocket.last.sent.at(-1), { type: "heartbeat" });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    FakeSocket.last.drop(1006);
    await timers.pass(5000);
  }
  FakeSocket.last.drop(1006);
  const before = FakeSocket.all.length;
  signalling.wake();
  assert.equal(FakeSocket.all.length, before + 1);
  await timers.pass(4999);
  assert.equal(FakeSocket.all.length, before + 1, "the attempt that was planned is not made as well");
});

test("a socket that does not answer when the network is back is given up, also one that is still being opened", async () => {
  const { signalling, timers } = welcomed();
  await timers.pass(1000);
  signalling.wake();
  await timers.pass(PROOF - 1);
  assert.equal(FakeSocket.all.length, 1);
  await timers.pass(1 + 200);
  assert.equal(FakeSocket.all.length, 2);
  signalling.wake();
  await timers.pass(PROOF + 400);
  assert.equal(FakeSocket.all.length, 3);
  FakeSocket.last.open();
  FakeSocket.last.hear(WELCOME);
  signalling.wake();
  FakeSocket.last.hear({ type: "heartbeat", at: "2026-11-22T10:00:00Z" });
  await timers.pass(4900);
  assert.equal(FakeSocket.all.length, 3);
});

test("while a call waits attempts come close upon each other, but for half a minute only", async () => {
  const { timers } = welcomed({ urgent: () => true });
  /** @type {number[]} */ const gaps = [];
  while (timers.now < 60_000) {
    const before = FakeSocket.all.length;
    const from = timers.now;
    FakeSocket.last.drop(1006);
    while (FakeSocket.all.length === before) {
      await timers.pass(100);
    }
    gaps.push(timers.now - from);
  }
  assert.deepEqual(gaps.slice(0, 4), [200, 400, 800, LONGEST_IN_CALL]);
  assert.equal(Math.max(...gaps.slice(0, 15)), LONGEST_IN_CALL);
  assert.equal(gaps.at(-1), 5000);
});

test("a socket that opens but is not welcomed is given up after ten seconds", async () => {
  const { timers, states } = connect();
  FakeSocket.last.open();
  await timers.pass(10_000);
  assert.deepEqual(states, ["connecting 1006"]);
  await timers.pass(200);
  assert.equal(FakeSocket.all.length, 2);
});

for (const [name, last, state] of /** @type {[string, any, string][]} */ ([
  ["a fatal error", { type: "error", code: "superseded", message: "", fatal: true }, "ended 4001"],
  ["a closed room", { type: "closed", reason: "ended" }, "ended 4004"],
  ["a no at the door", { type: "refused" }, "ended 4003"],
])) {
  test(`${name} ends it for good`, async () => {
    const { timers, states, heard } = welcomed();
    FakeSocket.last.hear(last);
    assert.deepEqual(heard, ["welcome", last.type]);
    assert.deepEqual(states, ["open", state]);
    await timers.pass(60_000);
    assert.equal(FakeSocket.all.length, 1);
  });
}

test("an error that is not fatal changes nothing", async () => {
  const { timers, states } = welcomed();
  FakeSocket.last.hear({ type: "error", code: "full", message: "Fuldt", fatal: false });
  await timers.pass(1000);
  assert.deepEqual(states, ["open"]);
});

for (const code of [1000, 4001, 4003, 4004]) {
  test(`close code ${code} ends it for good`, async () => {
    const { timers, states } = welcomed();
    FakeSocket.last.drop(code);
    await timers.pass(60_000);
    assert.deepEqual(states, ["open", `ended ${code}`]);
    assert.equal(FakeSocket.all.length, 1);
  });
}

for (const code of [1001, 1006, 1012, 4008]) {
  test(`close code ${code} is tried again`, async () => {
    const { timers } = welcomed();
    FakeSocket.last.drop(code);
    await timers.pass(200);
    assert.equal(FakeSocket.all.length, 2);
  });
}

test("closing it leaves no timer behind", async () => {
  const { signalling, timers, states } = welcomed();
  signalling.close();
  signalling.wake();
  await timers.pass(60_000);
  assert.equal(FakeSocket.all.length, 1);
  assert.equal(FakeSocket.last.closedWith, 1000);
  assert.deepEqual(states, ["open", "ended 1000"]);
});

test("words of a socket that was given up are not heard", async () => {
  const { timers, heard } = welcomed();
  const old = FakeSocket.last;
  await timers.pass(12_200);
  old.hear({ type: "refused" });
  old.drop(4004);
  assert.deepEqual(heard, ["welcome"]);
  assert.equal(FakeSocket.all.length, 2);
});
