import assert from "node:assert/strict";
import { test } from "node:test";

import { EVERY, Typing, drawId } from "../../../../static/js/call/exchange/typing.js";
import { FakeTimers } from "../fakes.js";

function makeTyping() {
  const timers = new FakeTimers();
  /** @type {any} */ const world = { timers, online: true, told: [] };
  world.typing = new Typing(
    (line) => {
      if (world.online) {
        world.told.push(line);
      }
      return world.online;
    },
    timers,
    () => timers.now,
  );
  world.heard = () => world.told.splice(0).map((/** @type {any} */ { part, text }) => `${part} ${text}`);
  return world;
}

test("the first letter goes at once, the next within half a second, and never one by one", async () => {
  assert.ok(EVERY <= 500);
  const { typing, timers, heard } = makeTyping();
  typing.change("H");
  assert.deepEqual(heard(), ["1 H"]);
  typing.change("He");
  typing.change("Hej");
  assert.deepEqual(heard(), []);
  await timers.pass(EVERY);
  assert.deepEqual(heard(), ["2 Hej"]);
  await timers.pass(10_000);
  assert.deepEqual(heard(), []);
});

test("a line that is taken back is told as empty, and nothing else is", async () => {
  const { typing, timers, heard } = makeTyping();
  typing.again();
  typing.change("");
  assert.deepEqual(heard(), []);
  typing.change("H");
  await timers.pass(EVERY);
  typing.change("");
  assert.deepEqual(heard(), ["1 H", "2 "]);
});

test("what could not be said is said when the socket is back, and to newcomers", async () => {
  const world = makeTyping();
  world.online = false;
  world.typing.change("Hej");
  world.online = true;
  world.typing.again();
  world.typing.again();
  assert.deepEqual(world.heard(), ["2 Hej", "3 Hej"]);
});

test("a finished line keeps its id, with a later revision; the next one is another", () => {
  const { typing, told } = makeTyping();
  typing.change("Hej");
  const { id, part } = typing.finish();
  assert.deepEqual([id, part], [told[0].id, 2]);
  typing.again();
  assert.equal(told.length, 1);
  assert.notEqual(typing.finish().id, id);
});

test("ids are sixteen hexadecimal digits", () => {
  assert.match(drawId(), /^[0-9a-f]{16}$/);
});
