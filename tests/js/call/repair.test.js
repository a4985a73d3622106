import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { STUTTER } from "../../../static/js/call/engines/leg.js";
import { OFFER_WAIT, UP_WAIT } from "../../../static/js/call/engines/repair.js";
import { FakePeerConnection, settle } from "./fakes.js";
import { makeEngine, reports, standing } from "./server_world.js";

beforeEach(() => {
  FakePeerConnection.all = [];
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
