import assert from "node:assert/strict";
import { test } from "node:test";

import { Devices, loudness, problemOf } from "../../../static/js/call/devices.js";
import { LocalMedia } from "../../../static/js/call/local.js";
import { fakeTrack } from "./fakes.js";

/**
 * A browser with troubles: what getUserMedia throws for sound and picture.
 *
 * @param {{audio?: string, video?: string, permissions?: Record<string, string>, display?: string}} [troubles]
 */
function browser({ audio, video, permissions, display } = {}) {
  /** @type {string[]} */ const asked = [];
  const media = {
    /** @param {any} wanted */
    async getUserMedia(wanted) {
      asked.push([wanted.audio && "audio", wanted.video && "video"].filter(Boolean).join("+"));
      for (const [kind, trouble] of /** @type {const} */ ([["audio", audio], ["video", video]])) {
        if (wanted[kind] && trouble) {
          throw new DOMException("", trouble);
        }
      }
      const tracks = [...(wanted.audio ? [fakeTrack("audio")] : []), ...(wanted.video ? [fakeTrack("video")] : [])];
      return {
        getTracks: () => tracks,
        getAudioTracks: () => tracks.filter(({ kind }) => kind === "audio"),
        getVideoTracks: () => tracks.filter(({ kind }) => kind === "video"),
      };
    },
    async getDisplayMedia() {
      if (display) {
        throw new DOMException("", display);
      }
      return { getVideoTracks: () => [fakeTrack("video")] };
    },
    async enumerateDevices() {
      return [
        { kind: "audioinput", deviceId: "a", label: "" },
        { kind: "videoinput", deviceId: "", label: "" },
        { kind: "videoinput", deviceId: "v", label: "Front" },
        { kind: "audiooutput", deviceId: "o", label: "" },
      ];
    },
  };
  const query = permissions && { query: async (/** @type {any} */ { name }) => ({ state: permissions[name] }) };
  const devices = new Devices({ media: /** @type {any} */ (media), permissions: /** @type {any} */ (query) });
  return { devices, asked };
}

/** @param {import("../../../static/js/call/devices.js").Opened} opened */
const seen = ({ microphone, camera, problems }) => [microphone?.kind, camera?.kind, problems];

test("both are asked for at once", async () => {
  const { devices, asked } = browser();
  assert.deepEqual(seen(await devices.open()), ["audio", "video", {}]);
  assert.deepEqual(asked, ["audio+video"]);
});

for (const [trouble, problem] of [["NotReadableError", "busy"], ["NotFoundError", "missing"], ["OverconstrainedError", "missing"], ["TypeError", "failed"]]) {
  test(`${trouble} of the camera leaves the microphone, and the other way about`, async () => {
    assert.deepEqual(seen(await browser({ video: trouble ?? "" }).devices.open()), ["audio", undefined, { camera: problem }]);
    assert.deepEqual(seen(await browser({ audio: trouble ?? "" }).devices.open()), [undefined, "video", { microphone: problem }]);
  });
}

test("whoever said no to both is not asked again", async () => {
  const { devices, asked } = browser({ audio: "NotAllowedError", video: "NotAllowedError" });
  const problems = { microphone: "refused", camera: "refused", refusal: "denied" };
  assert.deepEqual(seen(await devices.open()), [undefined, undefined, problems]);
  assert.deepEqual(asked, ["audio+video"]);
});

test("where only the camera is barred the microphone still opens", async () => {
  const { devices, asked } = browser({ video: "NotAllowedError", permissions: { camera: "denied", microphone: "granted" } });
  assert.deepEqual(seen(await devices.open()), ["audio", undefined, { camera: "refused", refusal: "denied" }]);
  assert.deepEqual(asked, ["audio+video", "audio"]);
});

test("a page that is not secure has no devices, and says so", async () => {
  const devices = new Devices({ media: undefined });
  assert.deepEqual(seen(await devices.open()), [undefined, undefined, { microphone: "insecure", camera: "insecure" }]);
  assert.deepEqual(await devices.openOne("camera"), { track: null, problem: "insecure" });
  assert.deepEqual(await devices.list(), { microphones: [], cameras: [] });
  assert.equal(devices.canShare, false);
});

test("the preview starts by itself only where both were allowed before", async () => {
  assert.equal(await browser({ permissions: { camera: "granted", microphone: "granted" } }).devices.allowed(), true);
  assert.equal(await browser({ permissions: { camera: "granted", microphone: "prompt" } }).devices.allowed(), false);
  assert.equal(await browser().devices.allowed(), false);
});

test("devices without an id are not offered", async () => {
  const { microphones, cameras } = await browser().devices.list();
  assert.deepEqual([microphones.map(({ deviceId }) => deviceId), cameras.map(({ deviceId }) => deviceId)], [["a"], ["v"]]);
});

test("thinking better of sharing the screen is no error, anything else is", async () => {
  assert.equal(await browser({ display: "NotAllowedError" }).devices.share(), null);
  assert.equal((await browser().devices.share())?.contentHint, "detail");
  await assert.rejects(browser({ display: "NotReadableError" }).devices.share());
});

test("problems have stable words", () => {
  assert.equal(problemOf(new DOMException("", "SecurityError")), "refused");
  assert.equal(problemOf(new DOMException("", "AbortError")), "busy");
  assert.equal(problemOf("?"), "failed");
});

test("loudness goes from silence to full, and never beyond", () => {
  assert.equal(loudness(new Uint8Array(8).fill(128)), 0);
  assert.equal(loudness(new Uint8Array(8).map((_, index) => (index % 2 ? 0 : 255))), 1);
  const speech = loudness(new Uint8Array(8).map((_, index) => (index % 2 ? 125 : 131)));
  assert.ok(speech > 0.3 && speech < 0.6, String(speech));
  assert.equal(loudness(new Uint8Array(0)), 0);
});

/** @param {Parameters<typeof browser>[0]} [troubles] */
async function openedMedia(troubles) {
  const { devices } = browser(troubles);
  /** @type {string[]} */ const changes = [];
  const local = new LocalMedia(devices, (source) => changes.push(source));
  await local.open();
  changes.length = 0;
  return { local, changes };
}

test("a microphone is silenced and keeps its track; a camera is given back", async () => {
  const { local, changes } = await openedMedia();
  const camera = /** @type {any} */ (local.tracks.camera);
  const microphone = local.tracks.microphone;
  await local.toggleMicrophone();
  await local.toggleCamera();
  assert.equal(local.tracks.microphone, microphone);
  assert.equal(camera.stopped, true);
  assert.deepEqual(local.state, { microphone: false, camera: false, screen: false });
  await local.toggleMicrophone();
  await local.toggleCamera();
  assert.deepEqual(local.state, { microphone: true, camera: true, screen: false });
  assert.deepEqual(changes, ["microphone", "camera", "microphone", "camera"]);
});

test("a device that could not be had may be tried again", async () => {
  const { local } = await openedMedia({ video: "NotReadableError" });
  assert.deepEqual(local.problems, { camera: "busy" });
  await local.toggleCamera();
  assert.deepEqual(local.problems, { camera: "busy" });
  local.devices = browser().devices;
  await local.toggleCamera();
  assert.deepEqual(local.problems, {});
  assert.equal(local.state.camera, true);
});

test("a camera that is pulled out is told, a screen that the browser stops is only off", async () => {
  const { local, changes } = await openedMedia();
  await local.toggleScreen();
  assert.equal(local.state.screen, true);
  /** @type {any} */ (local.tracks.screen).onended();
  /** @type {any} */ (local.tracks.camera).onended();
  assert.deepEqual(local.state, { microphone: true, camera: false, screen: false });
  assert.deepEqual(local.problems, { camera: "taken" });
  assert.deepEqual(changes, ["screen", "screen", "camera"]);
});

test("another device keeps the microphone off if it was off", async () => {
  const { local } = await openedMedia();
  await local.toggleMicrophone();
  await local.choose("microphone", "b");
  assert.equal(local.state.microphone, false);
  assert.deepEqual(local.choice, { microphone: "b" });
});

test("at the end everything is given back", async () => {
  const { local } = await openedMedia();
  const tracks = [local.tracks.camera, local.tracks.microphone];
  local.close();
  assert.deepEqual(tracks.map((track) => /** @type {any} */ (track).stopped), [true, true]);
  assert.deepEqual(local.state, { microphone: false, camera: false, screen: false });
});
