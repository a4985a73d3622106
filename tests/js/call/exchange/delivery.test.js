import assert from "node:assert/strict";
import { test } from "node:test";

import { Delivery, LOST_AFTER, PACE, WINDOW } from "../../../../static/js/call/exchange/delivery.js";
import { FakeTimers } from "../fakes.js";

/** Two seats, a hub that can be away, and what was said of it. */
function makeWorld() {
  const timers = new FakeTimers();
  /** @type {any[]} */ const said = [];
  /** @type {string[]} */ const log = [];
  /** @type {any} */ const world = {
    timers,
    said,
    log,
    online: true,
    delivery: new Delivery(
      {
        say: (/** @type {any} */ piece) => {
          if (world.online) {
            said.push(piece);
          }
          return world.online;
        },
        progress: (id, share) => log.push(`${id} ${Math.round(share * 100)}`),
        done: (id, arrived) => log.push(`${id} done ${arrived}`),
      },
      timers,
      () => timers.now,
    ),
    /** The pieces said since last asked, in short. */
    heard: () => said.splice(0).map(({ to, id, part }) => `${to}:${id}${part}`),
  };
  return world;
}

/** @param {string} id @param {number} parts */
const picture = (id, parts) => ({
  id,
  kind: /** @type {const} */ ("picture"),
  first: 0,
  pieces: Array.from({ length: parts }, () => ({ bytes: "AAAA" })),
});

test("one piece at first, more as answers come, and no more than the window", async () => {
  const { delivery, timers, heard, log } = makeWorld();
  delivery.send(picture("p", 20), ["doc"]);
  await timers.pass(1000);
  assert.deepEqual(heard(), ["doc:p0"]);
  delivery.got("doc", "p", 0);
  await timers.pass(1000);
  assert.deepEqual(heard(), ["doc:p1", "doc:p2"]);
  for (const part of [1, 2, 3, 4, 5, 6]) {
    await timers.pass(PACE);
    delivery.got("doc", "p", part);
    await timers.pass(PACE);
  }
  await timers.pass(1000);
  assert.equal(heard().length, 4 + WINDOW);
  assert.deepEqual(log.slice(0, 2), ["p 5", "p 10"]);
});

test("it is done when everybody has everything, each piece answered once", async () => {
  const { delivery, timers, heard, log } = makeWorld();
  delivery.send(picture("p", 2), ["doc", "kin"]);
  for (let turn = 0; turn < 4; turn += 1) {
    await timers.pass(PACE);
    for (const [seat = "", part = ""] of heard().map((/** @type {string} */ one) => one.split(":p"))) {
      delivery.got(seat, "p", Number(part));
      delivery.got(seat, "p", Number(part));
    }
  }
  assert.deepEqual(log.slice(-2), ["p 100", "p done 2"]);
  delivery.got("doc", "p", 0);
  delivery.got("stranger", "p", 0);
  delivery.got("doc", "other", 0);
  assert.deepEqual(log.slice(-1), ["p done 2"]);
});

test("nothing is lost while the socket is away, and it goes on where it was", async () => {
  const world = makeWorld();
  const { delivery, timers, heard } = world;
  delivery.send(picture("p", 3), ["doc"]);
  delivery.got("doc", "p", 0);
  await timers.pass(PACE);
  assert.deepEqual(heard(), ["doc:p0", "doc:p1"]);
  world.online = false;
  await timers.pass(10_000);
  world.online = true;
  delivery.resume();
  await timers.pass(PACE);
  // The second was on its way when the socket went; the first is not sent again.
  assert.deepEqual(heard(), ["doc:p1"]);
  delivery.got("doc", "p", 1);
  await timers.pass(PACE);
  assert.deepEqual(heard(), ["doc:p2"]);
});

test("what is not answered is sent again after a while, without an end", async () => {
  const { delivery, timers, heard } = makeWorld();
  delivery.send(picture("p", 1), ["doc"]);
  assert.deepEqual(heard(), ["doc:p0"]);
  await timers.pass(LOST_AFTER + 1100);
  assert.deepEqual(heard(), ["doc:p0"]);
  await timers.pass(LOST_AFTER + 1100);
  assert.deepEqual(heard(), ["doc:p0"]);
});

test("a seat whose socket is away gets nothing until it is back, and holds nobody up", async () => {
  const { delivery, timers, heard } = makeWorld();
  delivery.send(picture("p", 2), ["doc", "kin"]);
  delivery.reachable("doc", false);
  heard();
  delivery.got("kin", "p", 0);
  await timers.pass(LOST_AFTER * 2);
  assert.deepEqual([...new Set(heard().map((/** @type {string} */ one) => one.split(":")[0]))], ["kin"]);
  delivery.reachable("doc", true);
  await timers.pass(PACE);
  assert.deepEqual(heard(), ["doc:p0"]);
});

test("a page loaded anew gets a picture under way from its first piece", async () => {
  const { delivery, timers, heard, log } = makeWorld();
  delivery.send(picture("p", 3), ["doc"]);
  delivery.got("doc", "p", 0);
  await timers.pass(PACE);
  heard();
  delivery.restart("doc");
  await timers.pass(PACE);
  assert.deepEqual(heard(), ["doc:p0"]);
  delivery.got("doc", "p", 0);
  assert.deepEqual(log, ["p 33", "p 33"]);
});

test("who is gone is waited for no more", async () => {
  const { delivery, timers, log } = makeWorld();
  delivery.send(picture("p", 2), ["doc", "kin"]);
  await timers.pass(PACE);
  delivery.drop("doc");
  delivery.drop("kin");
  delivery.drop("nobody");
  assert.deepEqual(log, ["p done 0"]);
});

test("words do not wait behind a picture", async () => {
  const { delivery, timers, heard } = makeWorld();
  delivery.send(picture("p", 20), ["doc"]);
  await timers.pass(PACE);
  delivery.send({ id: "t", kind: "text", first: 7, pieces: [{ text: "Hej", sent: true }] }, ["doc"]);
  heard();
  delivery.got("doc", "p", 0);
  await timers.pass(PACE);
  assert.equal(heard()[0], "doc:t7");
});

test("a stopped one is sent no more, and nothing runs on after the end", async () => {
  const { delivery, timers, heard } = makeWorld();
  delivery.send(picture("p", 20), ["doc", "kin"]);
  heard();
  assert.deepEqual(delivery.cancel("p"), ["doc", "kin"]);
  await timers.pass(LOST_AFTER * 2);
  assert.deepEqual(heard(), []);
  delivery.send(picture("q", 5), ["doc"]);
  heard();
  delivery.clear();
  await timers.pass(LOST_AFTER * 2);
  assert.deepEqual(heard(), []);
});
