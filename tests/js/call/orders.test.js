import assert from "node:assert/strict";
import { test } from "node:test";

import { claim } from "../../../static/js/call/claim.js";
import { Handover } from "../../../static/js/call/handover.js";
import { takeHandover } from "../../../static/js/call/move.js";
import { Orders } from "../../../static/js/call/orders.js";
import { FakeTimers } from "./fakes.js";
import { person } from "./session_world.js";

function makeOptions() {
  const timers = new FakeTimers();
  const world = { log: /** @type {any[]} */ ([]), microphone: true, reachable: true };
  const options = /** @type {any} */ ({
    timers,
    say: (/** @type {any} */ message) => {
      world.log.push(message);
      return world.reachable;
    },
    view: {
      nameOf: (/** @type {any} */ { name }) => name,
      notice: (/** @type {string} */ text) => world.log.push(`notice ${text}`),
    },
    texts: { mutedBy: "{name} muted you", unnamedHost: "the doctor", roomLocked: "locked", roomUnlocked: "open", noAnswer: "no answer" },
    local: {
      get state() {
        return { microphone: world.microphone };
      },
      toggleMicrophone: async () => world.log.push("toggle"),
    },
    you: () => person("me"),
    people: () => [person("doc", { role: "host", name: "Lise" })],
  });
  return { options, world, timers };
}

const PANEL = { people: () => {}, locked: () => {} };

test("a mute switches the microphone off, once, and says who did it", () => {
  const { options, world } = makeOptions();
  const orders = new Orders(options, PANEL);
  assert.equal(orders.message(/** @type {any} */ ({ type: "muted", by: "doc" })), true);
  assert.deepEqual(world.log.splice(0), ["toggle", "notice Lise muted you"]);
  orders.message(/** @type {any} */ ({ type: "muted", by: "nobody" }));
  assert.deepEqual(world.log.splice(0), ["toggle", "notice the doctor muted you"]);
  world.microphone = false;
  orders.message(/** @type {any} */ ({ type: "muted", by: "doc" }));
  assert.deepEqual(world.log, []);
});

test("the lock is told when it changes in the call, and turned the other way by a press", () => {
  const { options, world } = makeOptions();
  const orders = new Orders(options, PANEL);
  orders.room(/** @type {any} */ ({ locked: false }));
  orders.call(/** @type {any} */ ({}));
  orders.toggleLock();
  orders.room(/** @type {any} */ ({ locked: true }));
  orders.room(/** @type {any} */ ({ locked: true }));
  orders.toggleLock();
  assert.deepEqual(world.log, [{ type: "lock", locked: true }, "notice locked", { type: "lock", locked: false }]);
});

function makeHandover() {
  const { options, world, timers } = makeOptions();
  const shown = /** @type {string[]} */ ([]);
  const view = Object.fromEntries(
    ["offer", "expired", "asked", "moving", "close"].map((name) => [name, () => shown.push(name)]),
  );
  const handover = new Handover(options, /** @type {any} */ (view), { now: () => timers.now });
  const offered = () => {
    handover.begin();
    handover.message(/** @type {any} */ ({ type: "handover", digits: "123456", url: "", qr: [], expiresAt: new Date(timers.now + 120000).toISOString() }));
  };
  return { handover, world, timers, shown, offered };
}

test("a handover is asked for, shown, and answered", async () => {
  const { handover, world, timers, shown, offered } = makeHandover();
  offered();
  handover.message({ type: "handover-asked" });
  await timers.pass(200000);
  handover.answer(true);
  handover.answer(false);
  assert.deepEqual(shown, ["offer", "asked", "moving"]);
  assert.deepEqual(world.log, [{ type: "handover" }, { type: "handover-answer", accept: true }]);
});

test("a code that nobody used expires; one that is put away is taken back", async () => {
  const { handover, world, timers, shown, offered } = makeHandover();
  offered();
  await timers.pass(120000);
  handover.answer(false);
  assert.deepEqual(shown.splice(0), ["offer", "expired"]);
  offered();
  handover.answer(false);
  assert.deepEqual(shown, ["offer", "close"]);
  assert.deepEqual(world.log.at(-1), { type: "handover-answer", accept: false });
});

test("a yes that the hub did not hear is no yes", () => {
  const { handover, world, shown, offered } = makeHandover();
  offered();
  handover.message({ type: "handover-asked" });
  world.reachable = false;
  handover.answer(true);
  assert.deepEqual(shown, ["offer", "asked", "close"]);
  assert.deepEqual(world.log.at(-1), "notice no answer");
});

/** @param {any[]} answers */
async function claimed(answers) {
  const timers = new FakeTimers();
  const asked = /** @type {any[]} */ ([]);
  const outcome = claim({
    ask: async (body) => {
      asked.push(body);
      return answers.length > 1 ? answers.shift() : answers[0];
    },
    code: "123456",
    waits: () => asked.push("waits"),
    timers,
  });
  await timers.pass(60000);
  return { outcome: await outcome, asked };
}

test("the other device asks until there is an answer, through a line that stumbles", async () => {
  const wait = { ok: true, status: 200, state: "wait" };
  const { outcome, asked } = await claimed([
    { ok: true, status: 200, claim: "c" },
    wait,
    { ok: false, status: 0 },
    { ok: false, status: 502 },
    { ok: true, status: 200, state: "taken", address: "/m/x" },
  ]);
  assert.deepEqual(outcome, { address: "/m/x" });
  assert.deepEqual(asked.slice(0, 3), [{ code: "123456" }, "waits", { claim: "c" }]);
});

test("the other device tells why not", async () => {
  assert.deepEqual((await claimed([{ ok: false, status: 404, message: "wrong" }])).outcome, { refused: "wrong" });
  const no = [{ ok: true, status: 200, claim: "c" }, { ok: false, status: 404, message: "no" }];
  assert.deepEqual((await claimed(no)).outcome, { refused: "no" });
  const silent = [{ ok: true, status: 200, claim: "c" }, { ok: false, status: 0 }];
  assert.deepEqual((await claimed(silent)).outcome, { refused: "" });
});

test("the secret of a QR code is taken out of the address", () => {
  const replaced = /** @type {any[]} */ ([]);
  const history = { state: 1, replaceState: (/** @type {any[]} */ ...all) => replaced.push(all) };
  assert.equal(takeHandover({ hash: "#abc", pathname: "/m/x/haandover", search: "" }, history), "abc");
  assert.deepEqual(replaced, [[1, "", "/m/x/haandover"]]);
  assert.equal(takeHandover({ hash: "", pathname: "/", search: "" }, history), null);
});
