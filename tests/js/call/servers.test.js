import assert from "node:assert/strict";
import { test } from "node:test";

import { SERVERS_WAIT, Servers } from "../../../static/js/call/servers.js";
import { FakeTimers, settle } from "./fakes.js";

const OLD = [{ urls: "stun:old" }];
const NEW = [{ urls: "turn:new" }];

function make() {
  const timers = new FakeTimers();
  const hub = { hears: true, asked: 0 };
  const servers = new Servers(
    OLD,
    () => {
      hub.asked += hub.hears ? 1 : 0;
      return hub.hears;
    },
    timers,
  );
  return { servers, timers, hub };
}

test("whoever asks while a question is open gets the same answer", async () => {
  const { servers, hub } = make();
  const both = Promise.all([servers.fresh(), servers.fresh()]);
  await settle();
  assert.equal(hub.asked, 1);
  servers.renew(NEW);
  assert.deepEqual(await both, [NEW, NEW]);
  void servers.fresh();
  assert.equal(hub.asked, 2);
});

test("a hub that never answers leaves the servers at hand, and no question open", async () => {
  const { servers, timers, hub } = make();
  for (const times of [1, 2, 3]) {
    const asked = servers.fresh();
    await timers.pass(SERVERS_WAIT);
    assert.equal(await asked, OLD);
    assert.equal(hub.asked, times);
  }
});

test("a hub that does not hear is not waited for", async () => {
  const { servers, hub } = make();
  hub.hears = false;
  assert.equal(await servers.fresh(), OLD);
  hub.hears = true;
  void servers.fresh();
  assert.equal(hub.asked, 1);
});
