import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { FakeSocket } from "./fakes.js";
import { ENGINE, SEATED, inCall, makeSession, person, welcome } from "./session_world.js";

const NO_MEDIA = { type: "error", code: "no_media", message: "Vi prøver igen", fatal: false };
const DOCTOR = { participants: [person("doc", { role: "host" })] };

/** @param {string[]} log what was shown, without the lists of people */
const screens = (log) => log.filter((line) => /^(show|arrival)/.test(line));
/** @param {string[]} log */
const notices = (log) => log.filter((line) => /notice|withdraw/.test(line));

beforeEach(() => {
  FakeSocket.all = [];
});

test("a call goes on before everybody's eyes when the hub is back before its media server is", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  made.engines[0].resumed = false;
  FakeSocket.last.drop(1012);
  await made.timers.pass(200);
  welcome(person("me"), DOCTOR);
  FakeSocket.last.hear(NO_MEDIA);
  assert.deepEqual(screens(made.log).filter((line) => line !== "show call"), []);
  assert.equal(made.engines[0].resumed, false);
  FakeSocket.last.hear({ type: "engine", engine: ENGINE });
  assert.equal(made.engines[0].resumed, true);
  assert.equal(made.engines.length, 1);
  assert.deepEqual(screens(made.log).filter((line) => line !== "show call"), []);
});

test("only the engine that was awaited takes the call up again", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  made.engines[0].resumed = false;
  FakeSocket.last.hear({ type: "engine", engine: ENGINE });
  assert.equal(made.engines[0].resumed, false);
});

test("who is in but gets no media server stands in the call, not before a door, and leaves it like any other", async () => {
  const { session, log, timers } = makeSession(SEATED);
  await session.start();
  welcome(person("me"), DOCTOR);
  FakeSocket.last.hear(NO_MEDIA);
  assert.deepEqual(screens(log), ["show call"]);
  assert.ok(log.includes("put doc"));
  session.leave();
  await timers.pass(1000);
  assert.deepEqual(screens(log), ["show call"]);
  assert.ok(log.includes("go /after"));
});

test("a guest who is let in while no media server answers is in the call, and offered help as the host is", async () => {
  const { session, log, engines, timers } = makeSession(SEATED);
  await session.start();
  welcome(person("me", { state: "waiting" }));
  /** @type {string[]} */ const told = [];
  session.add({ serverless: () => told.push("serverless") });
  FakeSocket.last.hear({ type: "admitted", engine: null });
  FakeSocket.last.hear(NO_MEDIA);
  FakeSocket.last.hear({ type: "participant", participant: person("doc", { role: "host" }) });
  assert.equal(screens(log).at(-1), "show call");
  assert.deepEqual([session.attendance.admitted, session.attendance.people.admitted.map(({ seat }) => seat)], [true, ["doc"]]);
  assert.deepEqual(told, ["serverless"]);
  await timers.pass(5000);
  FakeSocket.last.hear({ type: "engine", engine: ENGINE });
  assert.deepEqual([session.calling, engines.length], [true, 1]);
});

test("a hub without a media server is asked again every five seconds, in words, until the call can begin", async () => {
  const { session, log, timers, engines } = makeSession(SEATED);
  await session.start();
  welcome(person("me"));
  FakeSocket.last.hear(NO_MEDIA);
  assert.ok(log.includes("notice Vi prøver igen"));
  const asked = () => FakeSocket.last.sent.filter(({ type }) => type === "engine").length;
  for (const times of [1, 2]) {
    await timers.pass(5000);
    assert.equal(asked(), times);
    FakeSocket.last.hear(NO_MEDIA);
  }
  FakeSocket.last.hear({ type: "engine", engine: ENGINE });
  assert.equal(session.calling, true);
  assert.equal(engines.length, 1);
  FakeSocket.last.hear({ type: "heartbeat", at: "2026-11-22T10:00:00Z" });
  await timers.pass(4000);
  assert.equal(asked(), 2);
});

test("a media server that stays away is told to the eye as long as it does, and to the ear once", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  for (const _ of [1, 2, 3]) {
    FakeSocket.last.hear(NO_MEDIA);
    FakeSocket.last.hear({ type: "heartbeat", at: "2026-11-22T10:00:00Z" });
    // The hub takes three seconds to find out.
    await made.timers.pass(8000);
    FakeSocket.last.hear({ type: "heartbeat", at: "2026-11-22T10:00:00Z" });
  }
  const said = "notice Vi prøver igen";
  assert.deepEqual(notices(made.log), [said, `quiet ${said}`, `quiet ${said}`]);
  FakeSocket.last.hear({ type: "engine", engine: ENGINE });
  assert.equal(notices(made.log).at(-1), "withdraw Vi prøver igen");
  FakeSocket.last.hear(NO_MEDIA);
  assert.equal(notices(made.log).at(-1), said);
});

test("after an outage of the hub it is said anew", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  FakeSocket.last.hear(NO_MEDIA);
  FakeSocket.last.drop(1012);
  await made.timers.pass(200);
  welcome(person("me"), DOCTOR);
  FakeSocket.last.hear(NO_MEDIA);
  assert.equal(made.log.filter((line) => line === "notice Vi prøver igen").length, 2);
});

test("a media server without a place for us is told as well, and what breaks goes to whoever debugs", async () => {
  /** @type {string[]} */ const errors = [];
  const made = makeSession(SEATED, { onError: (/** @type {Error} */ error) => errors.push(error.message) });
  await inCall(made);
  const { options } = made.engines[0];
  options.onFailed("no_port");
  await made.timers.pass(3000);
  options.onFailed("no_port");
  assert.deepEqual(notices(made.log), ["notice noMedia", "quiet notice noMedia"]);
  made.engines[0].peers = [["doc", { state: "connected", alive: true, words: {}, getStats: async () => new Map() }]];
  options.onState("doc", "connected");
  assert.equal(notices(made.log).at(-1), "withdraw noMedia");
  options.onError(new Error("no section"));
  assert.deepEqual(errors, ["no section"]);
});
