import assert from "node:assert/strict";
import { test } from "node:test";

import { lengthOf, play, TUNES } from "../../../static/js/lib/sound.js";

/** Notes begun: pitch and second. @type {Array<[number, number]>} */
let heard = [];
/** Whether the person has touched the page. */
let allowed = false;

class FakeParameter {
  value = 0;
  setValueAtTime() {}
  linearRampToValueAtTime() {}
  exponentialRampToValueAtTime() {}
}
class FakeContext {
  state = "suspended";
  currentTime = 10;
  destination = {};

  async resume() {
    if (!allowed) {
      return new Promise(() => {});
    }
    this.state = "running";
  }

  createOscillator() {
    const frequency = new FakeParameter();
    return {
      frequency,
      type: "",
      connect: (/** @type {object} */ next) => next,
      start: (/** @type {number} */ at) => heard.push([frequency.value, at]),
      stop: () => {},
    };
  }

  createGain() {
    return { gain: new FakeParameter(), connect: (/** @type {object} */ next) => next };
  }
}
Object.assign(globalThis, { AudioContext: FakeContext });

test("a tune lasts until its last tone has ended", () => {
  assert.equal(lengthOf([]), 0);
  assert.equal(lengthOf([{ pitch: 440, at: 0, length: 2 }, { pitch: 880, at: 1, length: 0.5 }]), 2);
});

test("every tune is over in two seconds, and every tone can be heard by an old ear", () => {
  for (const tune of Object.values(TUNES)) {
    assert.ok(lengthOf(tune) <= 2);
    assert.ok(tune.every((note) => note.pitch >= 250 && note.pitch <= 1500));
  }
});

test("a browser that does not allow sound is left in silence, without an error", async () => {
  heard = [];
  await play("message");
  assert.deepEqual(heard, []);
});

test("after a touch the tones are played in their order", async () => {
  allowed = true;
  heard = [];
  await play("arrived");
  assert.deepEqual(heard, [[659, 10], [880, 10.16]]);
});
