import assert from "node:assert/strict";
import { test } from "node:test";

import { LASTS, Stopped } from "../../../../static/js/call/trouble/stopped.js";

const BOTH = { microphone: true, camera: true, screen: false, paused: false };

function world() {
  const state = { now: 0, packets: 0, energy: 0, frames: 0, media: BOTH, connected: true, faces: true };
  /** @type {string[]} */ const told = [];
  const stopped = new Stopped((what) => told.push(what), () => state.now);
  /** Half seconds pass, in which this grows. @param {number} seconds @param {{sound?: boolean, energy?: boolean, picture?: boolean}} comes */
  const pass = (seconds, { sound = true, energy = sound, picture = true }) => {
    for (let half = 0; half < seconds * 2; half += 1) {
      state.now += 500;
      state.packets += sound ? 25 : 0;
      state.energy += energy ? 0.01 : 0;
      state.frames += picture ? 12 : 0;
      const { media, connected } = state;
      const people = /** @type {any} */ ([{ seat: "other", connected, media }]);
      const report = [
        { type: "inbound-rtp", kind: "audio", packetsReceived: state.packets, totalAudioEnergy: state.energy },
        { type: "inbound-rtp", kind: "video", framesDecoded: state.frames },
      ];
      stopped.look(people, new Map([["other", report]]), state.faces);
    }
  };
  return { state, told, stopped, pass };
}

test("a picture that stands still while the sound goes on is told once", () => {
  const { told, pass } = world();
  pass(5, {});
  pass(3 + LASTS / 1000 + 1, { picture: false });
  assert.deepEqual(told, ["frozen_here"]);
  pass(5, {});
  pass(20, { picture: false });
  assert.deepEqual(told, ["frozen_here"]);
});

test("a freeze that is soon over is none", () => {
  const { told, pass } = world();
  pass(5, {});
  pass(6, { picture: false });
  pass(5, {});
  assert.deepEqual(told, []);
});

test("packets of perfect silence are no sound, and neither are none", () => {
  for (const comes of [{ energy: false }, { sound: false }]) {
    const { told, pass } = world();
    pass(5, {});
    pass(8 + LASTS / 1000 + 1, comes);
    assert.deepEqual(told, ["no_sound_here"]);
  }
});

test("what is switched off, held back, not shown here or never came stands not still", () => {
  /** @type {((state: any) => void)[]} */
  const reasons = [
    (state) => (state.media = { ...BOTH, camera: false, microphone: false }),
    (state) => (state.media = { ...BOTH, paused: true, microphone: false }),
    (state) => (state.connected = false),
    (state) => {
      state.faces = false;
      state.media = { ...BOTH, microphone: false };
    },
  ];
  for (const reason of reasons) {
    const { state, told, pass } = world();
    pass(5, {});
    reason(state);
    pass(30, { sound: false, picture: false });
    assert.deepEqual(told, []);
  }
  const { told, pass } = world();
  pass(30, { sound: false, picture: false });
  assert.deepEqual(told, []);
});

test("another call is told of anew", () => {
  const { told, stopped, pass } = world();
  for (const _ of [1, 2]) {
    stopped.forget();
    pass(5, {});
    pass(10, { picture: false });
  }
  assert.deepEqual(told, ["frozen_here", "frozen_here"]);
});
