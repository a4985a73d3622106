import assert from "node:assert/strict";
import { test } from "node:test";

import { PAUSE, Sums } from "../../../static/js/pages/business.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));

function makeWorld() {
  const world = {
    shown: /** @type {string[]} */ ([]),
    asked: /** @type {{address: string, signal: AbortSignal, answer: (page: string) => void, fail: () => void}[]} */ ([]),
    busy: false,
    failures: 0,
    address: "?antal=1",
    timer: /** @type {(() => void) | null} */ (null),
    wait: 0,
  };
  const sums = new Sums(
    {
      address: () => world.address,
      ask: (address, signal) =>
        new Promise((answer, reject) => {
          world.asked.push({ address, signal, answer, fail: () => reject(new Error("offline")) });
        }),
      show: (page) => world.shown.push(page),
      busy: (busy) => {
        world.busy = busy;
      },
      failed: () => {
        world.failures += 1;
      },
    },
    {
      set: (call, wait) => {
        world.timer = call;
        world.wait = wait;
        return call;
      },
      clear: () => {
        world.timer = null;
      },
    },
  );
  const rest = () => {
    world.timer?.();
    world.timer = null;
  };
  return { world, sums, rest };
}

test("while a slider moves nothing is asked, and when it rests once", async () => {
  const { world, sums, rest } = makeWorld();
  for (let step = 0; step < 50; step += 1) {
    sums.changed();
  }
  assert.equal(world.asked.length, 0);
  assert.equal(world.wait, PAUSE);
  rest();
  assert.equal(world.asked.length, 1);
  assert.equal(world.busy, true);
  world.asked[0]?.answer("the sums");
  await settle();
  assert.deepEqual(world.shown, ["the sums"]);
  assert.equal(world.busy, false);
});

test("an answer that comes late never stands in the place of a newer one", async () => {
  const { world, sums, rest } = makeWorld();
  sums.changed();
  rest();
  world.address = "?antal=2";
  sums.changed();
  rest();
  assert.equal(world.asked[0]?.signal.aborted, true);
  world.asked[1]?.answer("new");
  await settle();
  world.asked[0]?.answer("old");
  await settle();
  assert.deepEqual(world.shown, ["new"]);
  assert.deepEqual(world.asked.map(({ address }) => address), ["?antal=1", "?antal=2"]);
});

test("without the network the sums stay, it is said, and the next change asks again", async () => {
  const { world, sums, rest } = makeWorld();
  sums.changed();
  rest();
  world.asked[0]?.fail();
  await settle();
  assert.equal(world.failures, 1);
  assert.equal(world.busy, false);
  sums.changed();
  rest();
  world.asked[1]?.answer("the sums");
  await settle();
  assert.deepEqual(world.shown, ["the sums"]);
});

test("a question that was given up for a newer one is no failure", async () => {
  const { world, sums, rest } = makeWorld();
  sums.changed();
  rest();
  sums.changed();
  rest();
  world.asked[0]?.fail();
  await settle();
  assert.equal(world.failures, 0);
  assert.equal(world.busy, true);
});
