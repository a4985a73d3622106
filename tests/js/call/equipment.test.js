import assert from "node:assert/strict";
import { test } from "node:test";

import { Equipment, GRACE, SILENT } from "../../../static/js/call/equipment.js";
import { FakeTimers } from "./fakes.js";

function track(kind = "audio") {
  /** @type {Map<string, () => void>} */ const heard = new Map();
  return /** @type {any} */ ({
    id: kind,
    enabled: true,
    muted: false,
    readyState: "live",
    addEventListener: (/** @type {string} */ name, /** @type {() => void} */ work) => heard.set(name, work),
    fire: (/** @type {string} */ name) => heard.get(name)?.(),
  });
}

function makeEquipment() {
  const timers = new FakeTimers();
  const world = { energy: 0, plays: true, told: /** @type {string[]} */ ([]), tells: true };
  const microphone = track();
  const camera = track("video");
  const local = {
    tracks: /** @type {any} */ ({ microphone, camera, screen: null }),
    problems: /** @type {any} */ ({}),
    get state() {
      return { microphone: this.tracks.microphone?.enabled ?? false, camera: this.tracks.camera !== null, screen: false };
    },
    open: async () => {
      world.told.push("open");
      local.tracks = { microphone: track(), camera: track("video"), screen: null };
    },
    toggleMicrophone: async () => world.told.push("toggle microphone"),
    toggleCamera: async () => world.told.push("toggle camera"),
  };
  const source = () => ({ type: "media-source", kind: "audio", trackIdentifier: "audio", ...(world.tells && { totalAudioEnergy: world.energy }) });
  const call = /** @type {any} */ ({
    outgoing: () => [{ source: "microphone", sender: { getStats: async () => new Map([["s", source()]]) } }],
  });
  const view = {
    silent: (/** @type {boolean} */ silent) => world.told.push(`silent ${silent}`),
    heard: () => world.told.push("heard"),
    startAgain: (/** @type {boolean} */ stands) => world.told.push(`stands ${stands}`),
    retry: (/** @type {boolean} */ offered) => offered && world.told.push("retry"),
    devices: () => {},
  };
  const equipment = new Equipment(/** @type {any} */ ({ timers, local }), view, { playsAll: () => world.plays, clock: () => timers.now });
  equipment.call(call);
  return { equipment, timers, world, local, microphone, camera };
}

test("a microphone that gives nothing for eight seconds is told, and that it gives something again", async () => {
  const { timers, world } = makeEquipment();
  world.energy = 1;
  await timers.pass(SILENT);
  assert.deepEqual(world.told, []);
  await timers.pass(2000);
  assert.deepEqual(world.told.splice(0), ["silent true"]);
  world.energy = 2;
  await timers.pass(1000);
  assert.deepEqual(world.told.splice(0), ["heard", "silent false"]);
});

test("putting the warning away, or switching the microphone off, makes no silent microphone heard", async () => {
  const { equipment, timers, world, microphone } = makeEquipment();
  await timers.pass(2 * SILENT);
  equipment.dismiss();
  microphone.enabled = false;
  equipment.localChanged();
  await timers.pass(2000);
  microphone.enabled = true;
  await timers.pass(2000);
  assert.deepEqual(world.told.splice(0), ["silent true", "silent false"]);
  world.energy = 1;
  await timers.pass(1000);
  assert.deepEqual(world.told, ["heard"]);
});

test("a microphone that is off, and a browser that does not tell, are no silence", async () => {
  for (const off of [true, false]) {
    const { timers, world, microphone } = makeEquipment();
    microphone.enabled = !off;
    world.tells = off;
    await timers.pass(3 * SILENT);
    assert.deepEqual(world.told, []);
  }
});

test("a warning that was closed comes back for another microphone only", async () => {
  const { equipment, timers, world, local } = makeEquipment();
  await timers.pass(2 * SILENT);
  equipment.dismiss();
  await timers.pass(2 * SILENT);
  assert.deepEqual(world.told.splice(0), ["silent true", "silent false"]);
  local.tracks = { ...local.tracks, microphone: track() };
  equipment.localChanged();
  await timers.pass(2 * SILENT);
  assert.deepEqual(world.told, ["silent true"]);
});

test("after a telephone call one button starts everything again, with what was off still off", async () => {
  const { equipment, timers, world, microphone } = makeEquipment();
  microphone.muted = true;
  microphone.fire("mute");
  await timers.pass(GRACE - 100);
  assert.deepEqual(world.told, []);
  await timers.pass(200);
  assert.deepEqual(world.told.splice(0), ["stands true"]);
  await equipment.startAgain();
  assert.deepEqual(world.told.splice(0), ["stands false", "open"]);
  const other = makeEquipment();
  other.microphone.enabled = false;
  other.local.tracks.camera = null;
  await other.equipment.startAgain();
  assert.deepEqual(other.world.told, ["open", "toggle microphone", "toggle camera"]);
});

test("devices that come back by themselves need no button; a picture that stands still does", async () => {
  const { equipment, timers, world, microphone } = makeEquipment();
  microphone.muted = true;
  microphone.fire("mute");
  await timers.pass(1000);
  microphone.muted = false;
  await timers.pass(GRACE);
  assert.deepEqual(world.told, []);
  world.plays = false;
  equipment.inSight();
  await timers.pass(GRACE);
  assert.deepEqual(world.told, ["stands true"]);
});

test("a device that was taken away can be tried again, the others stay as they are", async () => {
  const { equipment, world, local } = makeEquipment();
  local.tracks.camera = null;
  local.problems = { camera: "taken" };
  equipment.localChanged();
  assert.deepEqual(world.told.splice(0), ["retry"]);
  await equipment.retry();
  assert.deepEqual(world.told, ["toggle camera"]);
});
