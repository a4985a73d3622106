import assert from "node:assert/strict";
import { test } from "node:test";

import { Asked } from "../../../static/js/call/asked.js";
import { SEATED, inCall, makeSession } from "./session_world.js";

/** @param {boolean} startsMuted */
function makeAsked(startsMuted) {
  const world = { log: /** @type {string[]} */ ([]), microphone: true };
  const asked = new Asked(
    /** @type {any} */ ({
      data: { startsMuted },
      texts: { startsMuted: "you are silent" },
      view: { notice: (/** @type {string} */ text) => world.log.push(text) },
      local: {
        get state() {
          return { microphone: world.microphone };
        },
        toggleMicrophone: async () => {
          world.microphone = !world.microphone;
          world.log.push(`microphone ${world.microphone}`);
          asked.localChanged();
        },
      },
    }),
  );
  return { asked, world };
}
const CALL = /** @type {any} */ ({});

test("a guest of whom the booking asks it begins silent, and speaks when they will", () => {
  const { asked, world } = makeAsked(true);
  asked.localChanged();
  assert.deepEqual(world.log, [], "nobody hears anybody in the waiting room");
  asked.call(CALL);
  assert.deepEqual(world.log.splice(0), ["microphone false", "you are silent"]);
  world.microphone = true;
  asked.localChanged();
  asked.call(null);
  asked.call(CALL);
  assert.deepEqual(world.log, [], "switched on by the person, it stays on");
});

test("a microphone that comes up late is switched off then", () => {
  const { asked, world } = makeAsked(true);
  world.microphone = false;
  asked.call(CALL);
  assert.deepEqual(world.log, []);
  world.microphone = true;
  asked.localChanged();
  assert.deepEqual(world.log, ["microphone false", "you are silent"]);
});

test("where the booking asks nothing, nothing happens", () => {
  const { asked, world } = makeAsked(false);
  asked.call(CALL);
  asked.localChanged();
  assert.deepEqual(world.log, []);
});

test("where guests may show nothing, sharing is refused with words", async () => {
  let shared = 0;
  const made = makeSession({ ...SEATED, mayPresent: false });
  await inCall(made);
  made.session.local.toggleScreen = async () => {
    shared += 1;
  };
  await made.session.toggleScreen();
  assert.deepEqual([made.log, shared], [["notice noPresenting"], 0]);

  const free = makeSession({ ...SEATED, mayPresent: true });
  await inCall(free);
  free.session.local.toggleScreen = async () => {
    shared += 1;
  };
  await free.session.toggleScreen();
  assert.equal(shared, 1);
});
