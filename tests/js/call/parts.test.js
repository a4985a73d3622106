import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { FakeSocket, settle } from "./fakes.js";
import { ENGINE, SEATED, inCall, makeSession, person, welcome } from "./session_world.js";

beforeEach(() => {
  FakeSocket.all = [];
});

/** A part that writes down what it is told. @param {string[]} told @param {string} [own] the message that is its own */
function noting(told, own) {
  return {
    message: (/** @type {any} */ { type }) => type === own && told.push(`took ${type}`) > 0,
    welcomed: (/** @type {any} */ you) => told.push(`welcomed ${you.seat}`),
    room: (/** @type {any} */ room) => told.push(`room ${room.state}`),
    participant: (/** @type {any} */ { seat }) => told.push(`participant ${seat}`),
    gone: (/** @type {string} */ seat) => told.push(`gone ${seat}`),
    call: (/** @type {any} */ call) => told.push(call ? "call" : "no call"),
    localChanged: () => told.push("local"),
    peerState: (/** @type {string} */ seat, /** @type {string} */ state) => told.push(`${seat} ${state}`),
    levels: (/** @type {any} */ levels) => told.push(`levels ${levels.size}`),
    reports: (/** @type {any} */ reports) => told.push(`reports ${reports.size}`),
    ended: () => told.push("ended"),
  };
}

test("a part hears of a whole stay, from the welcome to the end", async () => {
  const { session, engines, timers } = makeSession(SEATED);
  /** @type {string[]} */ const told = [];
  session.add(noting(told));
  await session.start();
  welcome(person("me"), { participants: [person("doc", { role: "host" })], engine: ENGINE });
  assert.deepEqual(told.splice(0), ["local", "local", "room open", "call", "participant doc", "welcomed me"]);
  assert.deepEqual(session.forParts.people().map(({ seat }) => seat), ["doc"]);
  assert.equal(session.forParts.you()?.seat, "me");
  engines[0].peers = [["doc", { alive: true, state: "connected", getStats: async () => new Map() }]];
  engines[0].options.onState("doc", "connected");
  await timers.pass(500);
  assert.deepEqual(told.splice(0), ["doc connected", "levels 1", "reports 1"]);
  FakeSocket.last.hear({ type: "gone", seat: "doc", instance: null, reason: "left" });
  assert.deepEqual(told.splice(0), ["gone doc"]);
  session.leave();
  assert.deepEqual(told.slice(0, 2), ["no call", "ended"]);
  assert.equal(session.forParts.you(), null);
});

test("who is on a new list no more is gone for a part too", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  /** @type {string[]} */ const told = [];
  made.session.add(noting(told));
  FakeSocket.last.hear({ type: "welcome", version: 1, you: person("me"), room: { state: "open" }, participants: [], engine: null });
  assert.deepEqual(told, ["room open", "gone doc", "welcomed me"]);
});

test("a message that a part takes goes no further", async () => {
  const made = makeSession(SEATED);
  await inCall(made);
  /** @type {string[]} */ const first = [];
  /** @type {string[]} */ const second = [];
  made.session.add(noting(first, "participant"));
  made.session.add(noting(second, "participant"));
  FakeSocket.last.hear({ type: "participant", participant: person("new") });
  await settle();
  assert.deepEqual([first, second, made.log], [["took participant"], [], []]);
});
