/**
 * The test page: camera, microphone, speaker, and what the network lets through.
 */

import { Devices, watchLevel } from "../call/devices.js";
import { FakeEngine } from "../call/engines/fake.js";
import { JanusEngine } from "../call/engines/janus.js";
import { RelayEngine } from "../call/engines/relay.js";
import { realTimers } from "../call/signalling.js";
import { readData } from "../lib/page-data.js";
import { play, unlock } from "../lib/sound.js";
import { canRecord, playBack, record } from "../test/recording.js";
import { Report } from "../test/report.js";
import { standInPicture, standInSound } from "../test/standin.js";
import { Trial } from "../test/trial.js";
import { TestView } from "../test/view.js";

const ENGINES = { relay: RelayEngine, janus: JanusEngine, fake: FakeEngine };

/** @type {{code: string | null, practicePhone: string, isAdministrator: boolean, urls: {socket: string, result: string}}} */
const data = readData("test-data");
const view = new TestView(readData("test-texts"), data, canRecord());

/** @returns {string} a UUID (RFC 9562, version 4), also where the page is not secure */
function drawKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (/** @type {number} */ (bytes[6]) & 0x0f) | 0x40;
  bytes[8] = (/** @type {number} */ (bytes[8]) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20, 32].map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end)).join("-");
}

/** @param {unknown} body */
async function post(body) {
  const token = document.querySelector("#test-form [name=csrfmiddlewaretoken]");
  try {
    const response = await fetch(data.urls.result, {
      method: "POST",
      keepalive: true,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "",
      },
      body: JSON.stringify(body),
    });
    return { ...(await response.json()), ok: response.ok, status: response.status };
  } catch {
    // No network, or an answer that is not the hub's: it is tried again.
    return { ok: false, status: 0 };
  }
}

const report = new Report(post, (code) => view.code(code), realTimers);
const socketUrl = new URL(data.urls.socket, location.href);
socketUrl.protocol = socketUrl.protocol.replace("http", "ws");

const trial = new Trial({
  socketUrl: socketUrl.href,
  room: data.code,
  browser: {
    secure: isSecureContext,
    webrtc: typeof RTCPeerConnection === "function" && (!isSecureContext || Boolean(navigator.mediaDevices?.getUserMedia)),
  },
  devices: new Devices({ media: navigator.mediaDevices, permissions: navigator.permissions }),
  makeEngine: (name, options) => new (ENGINES[/** @type {keyof typeof ENGINES} */ (name)] ?? FakeEngine)(options),
  watchLevel: (track, show) => {
    const level = watchLevel(track, show);
    // The test began with a tap, which is what some browsers listen only after.
    level.wake();
    return level;
  },
  standIn: { picture: standInPicture, sound: standInSound },
  report,
  drawKey,
  view,
  timers: realTimers,
});

/** @param {string} id @param {() => unknown} work */
const onClick = (id, work) => document.getElementById(id)?.addEventListener("click", () => void work());

document.getElementById("test-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  void unlock();
  view.begin();
  void trial.start();
});
onClick("restart", () => {
  view.begin();
  return trial.start();
});
for (const button of document.querySelectorAll("[data-again]")) {
  button.addEventListener("click", () => void trial.openDevices());
}
onClick("record", async () => {
  const context = await unlock();
  if (!trial.microphone || !context) {
    view.recording("recordFailed");
    return;
  }
  try {
    view.recording("recording");
    const sound = await record(trial.microphone, realTimers);
    view.recording("playing");
    await playBack(sound, context);
    view.recording("recorded");
  } catch {
    // A browser that records what it cannot play, or a microphone that went: the meter still tells.
    view.recording("recordFailed");
  }
});
onClick("tone", async () => {
  if (!(await unlock())) {
    view.speaker("blocked");
    return;
  }
  view.speaker("playing");
  await play("test");
  view.speaker("asked");
});
for (const [id, heard] of /** @type {const} */ ([["tone-yes", true], ["tone-no", false]])) {
  onClick(id, () => {
    view.speaker(heard ? "ok" : "no");
    trial.answer(heard);
  });
}
addEventListener("online", () => report.wake());
addEventListener("pagehide", () => trial.stop());
