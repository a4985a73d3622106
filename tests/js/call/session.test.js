import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { FakeSocket, settle } from "./fakes.js";
import { ENGINE, SEATED, inCall, makeSession, person, welcome } from "./session_world.js";

beforeEach(() => {
  FakeSocket.all = [];
});

test("a stranger meets the door, and knocks with a name", async () => {
  const { session, log } = makeSession();
  await session.start();
  assert.deepEqual(log.splice(0), ["show arrival", "arrival knock"]);
  await session.knock("  ", null);
  assert.deepEqual(log.splice(0), ["refused name: nameMissing"]);
  await session.knock(" Anna ", null);
  welcome(person("me", { state: "waiting" }));
  assert.equal(FakeSocket.last.sent[0].name, "Anna");
  assert.ok(log.includes("arrival waiting"));
});

test("a wrong pin is told at its field, anything else above the form, a closed room by its own page", async () => {
  for (const [answer, told] of /** @type {[any, string][]} */ ([
    [{ ok: false, status: 403, error: "wrong_pin", message: "Forkert" }, "refused pin: Forkert"],
    [{ ok: false, status: 429, error: "throttled", message: "Vent" }, "refused : Vent"],
    [{ ok: false, status: 0 }, "refused : noAnswer"],
    [{ ok: false, status: 410 }, "reload"],
  ])) {
    const { session, log } = makeSession({}, { knock: async () => answer });
    await session.knock("Anna", "1");
    assert.deepEqual(log, [told]);
    assert.equal(FakeSocket.all.length, 0);
  }
});

test("who is let in meets the others, and hears it", async () => {
  const { session, log, engines } = makeSession();
  await session.knock("Anna", null);
  welcome(person("me", { state: "waiting" }));
  log.length = 0;
  FakeSocket.last.hear({ type: "admitted", engine: ENGINE });
  FakeSocket.last.hear({ type: "participant", participant: person("doc", { role: "host" }) });
  assert.deepEqual(log.filter((line) => !line.startsWith("roster")), [
    "call",
    "play admitted",
    "say admitted",
    "show call",
    "put doc",
    "say joined DOC",
  ]);
  assert.deepEqual(engines[0].met, ["doc"]);
  assert.deepEqual(FakeSocket.last.sent.at(-1), { type: "media", microphone: false, camera: false, screen: false, paused: false });
  assert.equal(session.calling, true);
});

test("whom one is let in to is called before the page does anything else", async () => {
  const { session, log, engines } = makeSession();
  await session.knock("Anna", null);
  welcome(person("me", { state: "waiting" }));
  log.length = 0;
  const doctor = person("doc", { role: "host" });
  FakeSocket.last.hear({ type: "admitted", participants: [doctor], engine: ENGINE });
  assert.deepEqual(engines[0].met, ["doc"]);
  assert.ok(!log.includes("put doc"));
  FakeSocket.last.hear({ type: "participant", participant: doctor });
  assert.ok(log.includes("put doc"));
});

test("after a reload the seat is taken up again without a knock, and the name asked for if nobody knows it", async () => {
  const { session, log } = makeSession(SEATED);
  await session.start();
  assert.equal(FakeSocket.last.sent.length, 0);
  welcome(person("me", { name: null }), { engine: ENGINE });
  assert.equal(FakeSocket.last.sent[0].name, null);
  assert.ok(log.includes("ask name"));
  session.rename(" Anna ");
  assert.deepEqual(FakeSocket.last.sent.at(-1), { type: "name", name: "Anna" });
});

test("a host is shown by the login's name and hears who knocks", async () => {
  const { session, log } = makeSession({ ...SEATED, isHost: true, userName: "Lise Holm" });
  await session.start();
  welcome(person("me", { role: "host" }), { engine: ENGINE });
  assert.equal(FakeSocket.last.sent[0].name, "Lise Holm");
  log.length = 0;
  const guest = person("pat", { state: "waiting" });
  FakeSocket.last.hear({ type: "participant", participant: guest });
  FakeSocket.last.hear({ type: "participant", participant: guest });
  assert.deepEqual(log.filter((line) => line.startsWith("say") || line.startsWith("play")), ["play arrived", "say waits PAT"]);
  assert.equal(log.at(-1), "roster |pat");
  session.say({ type: "admit", seat: "pat" });
  assert.deepEqual(FakeSocket.last.sent.at(-1), { type: "admit", seat: "pat" });
});

test("another tab has the seat: the page asks before it takes it", async () => {
  const { session, log } = makeSession(SEATED, { tabs: { elsewhere: async () => true, hold: () => log.push("hold"), release: () => {} } });
  await session.start();
  assert.deepEqual(log, ["show elsewhere"]);
  assert.equal(FakeSocket.all.length, 0);
  await session.enter();
  assert.equal(FakeSocket.all.length, 1);
  assert.equal(log[1], "hold");
});

test("a login that may host is asked in, and no socket is opened", async () => {
  const { session, log } = makeSession({ mayHost: true });
  await session.start();
  assert.deepEqual(log, ["show host"]);
  assert.equal(FakeSocket.all.length, 0);
});

test("the call outlives an outage, and the page tells of both ends of it", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  FakeSocket.last.drop(1012);
  await made.timers.pass(200);
  FakeSocket.last.drop(1006);
  await made.timers.pass(1400);
  assert.deepEqual(made.log, ["notice lost"]);
  FakeSocket.last.open();
  assert.equal(FakeSocket.last.sent[0].resumed, true);
  welcome(person("me"), { participants: [person("doc", { role: "host" })], engine: ENGINE });
  assert.ok(made.log.includes("notice back"));
  assert.equal(made.engines.length, 1);
  assert.equal(made.engines[0].resumed, true);
  assert.equal(made.engines[0].closed, undefined);
});

test("who left is gone from the page; who was lost stays while sound and picture do", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  const { log, engines } = made;
  FakeSocket.last.hear({ type: "participant", participant: person("talks") });
  log.length = 0;
  FakeSocket.last.hear({ type: "gone", seat: "doc", instance: "doc-1", reason: "left" });
  assert.deepEqual(log.splice(0), ["remove doc", "say left DOC", "roster talks|"]);
  FakeSocket.last.hear({ type: "gone", seat: "talks", instance: "talks-1", reason: "lost" });
  assert.deepEqual(log.splice(0), ["roster talks|"]);
  engines[0].options.onState("talks", "closed");
  assert.deepEqual(log, ["remove talks", "say left TALKS", "roster |"]);
});

test("signals go to the engine, and fresh servers to whoever asked", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  FakeSocket.last.hear({ type: "signal", from: "doc", instance: "doc-1", data: { again: true } });
  assert.deepEqual(made.engines[0].heard, ["doc", "doc-1", { again: true }]);
  const asked = made.engines[0].options.freshServers();
  assert.deepEqual(FakeSocket.last.sent.at(-1), { type: "engine" });
  FakeSocket.last.hear({ type: "engine", engine: { ...ENGINE, iceServers: [{ urls: "turn:two" }] } });
  assert.deepEqual(await asked, [{ urls: "turn:two" }]);
});

for (const [name, message, told] of /** @type {[string, any, string]} */ ([
  ["a closed room leads on to what comes after", { type: "closed", reason: "ended" }, "go /after"],
  ["a room that is closed already too", { type: "error", code: "closed", message: "", fatal: true }, "go /after"],
  ["who is called by telephone is told so here, and not sent on", { type: "closed", reason: "telephone" }, "go /tak"],
  ["a no is told", { type: "refused" }, "show refused"],
  ["a seat taken by another window is told", { type: "error", code: "superseded", message: "", fatal: true }, "show superseded"],
  ["an old page is told to be loaded anew", { type: "error", code: "version", message: "x", fatal: true }, "stopped versionOld"],
  ["any other fatal error is told in the hub's words", { type: "error", code: "too_fast", message: "For hurtigt", fatal: true }, "stopped For hurtigt"],
  ["a room that has not opened is asked for again", { type: "error", code: "not_open", message: "", fatal: true }, "reload"],
].map((line) => /** @type {any} */ (line)))) {
  test(name, async () => {
    const made = makeSession(SEATED);
    await inCall(made);
    FakeSocket.last.hear(message);
    assert.equal(made.log.filter((line) => line.trim() !== "notice" && !line.startsWith("remove")).at(-1), told);
  });
}

test("a refusal that ends nothing is told, a word for somebody who has gone is not", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  FakeSocket.last.hear({ type: "error", code: "full", message: "Rummet er fuldt", fatal: false });
  FakeSocket.last.hear({ type: "error", code: "not_there", message: "Væk", fatal: false });
  assert.deepEqual(made.log, ["notice Rummet er fuldt"]);
  assert.equal(made.session.calling, true);
});

test("leaving says so to the hub and goes on; whoever only waited may knock again", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  made.session.leave();
  assert.deepEqual(FakeSocket.last.sent.at(-1), { type: "leave" });
  assert.equal(made.engines[0].closed, true);
  assert.equal(made.session.calling, false);
  await made.timers.pass(1000);
  assert.ok(made.log.includes("go /after"));

  const waiting = makeSession();
  await waiting.session.knock("Anna", null);
  welcome(person("me", { state: "waiting" }));
  waiting.session.leave();
  await settle();
  assert.equal(waiting.log.at(-1), "arrival knock");
});

test("sound alone by choice is shown at once, and no faces are wanted", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  await made.session.toggleAudioOnly();
  assert.deepEqual(made.log, ["alone up:false down:false"]);
  assert.deepEqual(made.engines[0].wants, { doc: ["microphone", "screen"] });
  await made.session.toggleAudioOnly();
  assert.deepEqual(made.engines[0].wants, {});
});

test("whom nobody hears any more while their media go on is told to the call", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  FakeSocket.last.hear({ type: "participant", participant: person("talks") });
  FakeSocket.last.hear({ type: "gone", seat: "talks", instance: "talks-1", reason: "lost" });
  assert.equal(made.session.attendance.call?.participants.get("talks")?.connected, false);
});

test("an engine that comes to somebody who still waits begins no call", async () => {
  const { session, engines } = makeSession();
  await session.knock("Anna", null);
  welcome(person("me", { state: "waiting" }));
  FakeSocket.last.hear({ type: "engine", engine: ENGINE });
  assert.equal(session.calling, false);
  assert.equal(engines.length, 0);
});

test("the hub hears which connections live on, and only then", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  made.engines[0].epoch = 7;
  FakeSocket.last.drop(1012);
  await made.timers.pass(200);
  FakeSocket.last.open();
  assert.deepEqual([FakeSocket.last.sent[0].resumed, FakeSocket.last.sent[0].epoch], [true, 7]);
  FakeSocket.last.drop(1012);
  made.engines[0].alive = false;
  await made.timers.pass(400);
  FakeSocket.last.open();
  assert.deepEqual([FakeSocket.last.sent[0].resumed, FakeSocket.last.sent[0].epoch], [false, null]);
});
