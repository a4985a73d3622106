import assert from "node:assert/strict";
import { test } from "node:test";

import { LocalMedia } from "../../../static/js/call/local.js";
import { fakeTrack, settle } from "./fakes.js";

function makeLocal() {
  /** @type {any[]} */ const opened = [];
  /** @type {string[]} */ const told = [];
  /** @type {{wait: Promise<void>}} */ const world = { wait: Promise.resolve() };
  const devices = {
    open: async () => ({ microphone: fakeTrack("audio"), camera: fakeTrack("video"), problems: {} }),
    openOne: async (/** @type {string} */ kind, /** @type {string} */ id) => {
      await world.wait;
      const track = fakeTrack(kind === "microphone" ? "audio" : "video");
      opened.push([kind, id, track]);
      return { track };
    },
    share: async () => fakeTrack("video"),
  };
  const local = new LocalMedia(/** @type {any} */ (devices), (source) => told.push(source));
  return { local, opened, told, world };
}

test("sound alone gives the camera back and takes it again afterwards; screen and microphone go on", async () => {
  const { local, opened } = makeLocal();
  await local.open();
  await local.toggleScreen();
  const { camera, screen, microphone } = local.tracks;
  await local.setAudioOnly(true);
  await local.setAudioOnly(true);
  assert.equal(/** @type {any} */ (camera).stopped, true);
  assert.deepEqual(local.state, { microphone: true, camera: false, screen: true });
  await local.setAudioOnly(false);
  assert.deepEqual(local.state, { microphone: true, camera: true, screen: true });
  assert.equal(opened.length, 1);
  assert.deepEqual([local.tracks.screen, local.tracks.microphone], [screen, microphone]);
});

test("a camera that was off before stays off", async () => {
  const { local, opened } = makeLocal();
  await local.open();
  await local.toggleCamera();
  await local.setAudioOnly(true);
  await local.setAudioOnly(false);
  assert.equal(local.state.camera, false);
  assert.equal(opened.length, 0);
});

test("thinking better of it while the camera comes up leaves it off, and does not forget it", async () => {
  const { local, opened, world } = makeLocal();
  await local.open();
  await local.setAudioOnly(true);
  let ready = () => {};
  world.wait = new Promise((resolve) => (ready = resolve));
  const back = local.setAudioOnly(false);
  await local.setAudioOnly(true);
  ready();
  await back;
  await settle();
  assert.equal(local.state.camera, false);
  assert.equal(opened[0][2].stopped, true);
  await local.setAudioOnly(false);
  assert.equal(local.state.camera, true);
});

test("another camera can be chosen during sound alone, and is the one that comes back", async () => {
  const { local, opened } = makeLocal();
  await local.open();
  await local.setAudioOnly(true);
  await local.choose("camera", "better");
  assert.equal(local.state.camera, false);
  await local.setAudioOnly(false);
  assert.deepEqual(opened.map(([kind, id]) => [kind, id]), [["camera", "better"]]);
});

test("the end gives everything back, and sound alone is over", async () => {
  const { local } = makeLocal();
  await local.open();
  await local.setAudioOnly(true);
  local.close();
  assert.equal(local.audioOnly, false);
  assert.deepEqual(local.state, { microphone: false, camera: false, screen: false });
});
