/**
 * Before the call: the name, one's own picture and sound, and the wait.
 */

import { recognise } from "../arrival/browser.js";
import { Silence } from "../arrival/silence.js";
import { wayBack } from "../arrival/words.js";
import { watchLevel } from "../devices.js";
import { byId, label, part, play } from "./dom.js";
import { openWayOut } from "./way_out.js";

/** @typedef {import("../devices.js").Problems} Problems */

/**
 * What to tell a person about devices that cannot be had, and where this browser's settings are if they were refused.
 * One sentence for both where both have the same trouble.
 *
 * @param {Problems} problems
 * @param {import("../texts.js").Texts} texts
 * @param {{userAgent: string, maxTouchPoints: number}} [browser]
 * @returns {string[]}
 */
export function sentences(problems, texts, browser = globalThis.navigator) {
  const said = ofEach(problems, texts);
  const { refusal } = problems;
  return refusal ? [...said, wayBack(refusal, recognise(browser.userAgent, browser.maxTouchPoints).family, texts)] : said;
}

/** @param {Problems} problems @param {import("../texts.js").Texts} texts @returns {string[]} */
function ofEach({ microphone, camera }, texts) {
  if (microphone === "insecure" || camera === "insecure") {
    return [texts.insecure];
  }
  if (microphone && microphone === camera && microphone !== "failed") {
    return [{ refused: texts.neitherRefused, busy: texts.neitherBusy, missing: texts.neitherMissing, taken: texts.neitherTaken }[microphone]];
  }
  const ofMicrophone = {
    refused: texts.microphoneRefused,
    busy: texts.microphoneBusy,
    missing: texts.microphoneMissing,
    failed: texts.microphoneFailed,
    taken: texts.microphoneTaken,
  };
  const ofCamera = {
    refused: texts.cameraRefused,
    busy: texts.cameraBusy,
    missing: texts.cameraMissing,
    failed: texts.cameraFailed,
    taken: texts.cameraTaken,
  };
  return [...(camera ? [ofCamera[camera]] : []), ...(microphone ? [ofMicrophone[microphone]] : [])];
}

export class Arrival {
  #form = byId("knock-form", HTMLFormElement);
  #name = byId("knock-name", HTMLInputElement);
  #pin = /** @type {HTMLInputElement | null} */ (document.getElementById("knock-pin"));
  #video = byId("preview-video", HTMLVideoElement);
  #meter = byId("preview-level", HTMLMeterElement);
  /** @type {MediaStreamTrack | null} */ #heard = null;
  /** @type {ReturnType<typeof watchLevel> | null} */ #level = null;
  #silence = new Silence();

  /**
   * @param {import("../texts.js").Texts} texts
   * @param {import("../view.js").Handlers} on
   */
  constructor(texts, on) {
    this.texts = texts;
    this.on = on;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.refused("", "");
      on.knock(this.#name.value, this.#pin?.value.trim() || null);
    });
    part("open-devices").addEventListener("click", () => on.openDevices());
    part("try-devices").addEventListener("click", () => on.openDevices());
    part("preview-microphone").addEventListener("click", () => on.toggleMicrophone());
    part("preview-camera").addEventListener("click", () => on.toggleCamera());
    part("leave-waiting").addEventListener("click", () => on.leave());
    part("another-microphone").addEventListener("click", () => {
      byId("device-choice", HTMLDetailsElement).open = true;
      byId("choose-microphone", HTMLSelectElement).focus();
    });
    // From here on pages/door.js keeps nothing back.
    this.#form.dataset["ready"] = "yes";
    for (const kind of /** @type {const} */ (["microphone", "camera"])) {
      const select = byId(`choose-${kind}`, HTMLSelectElement);
      select.addEventListener("change", () => on.choose(kind, select.value));
    }
    document.addEventListener("pointerdown", () => this.#level?.wake());
    document.addEventListener("keydown", () => this.#level?.wake());
  }

  /** What was pressed before this script was there (pages/door.js) is done now. */
  catchUp() {
    const early = this.#form.dataset["early"]?.split(" ") ?? [];
    delete this.#form.dataset["early"];
    if (early.includes("devices")) {
      this.on.openDevices();
    }
    if (early.includes("knock")) {
      this.busy(false);
      this.#form.requestSubmit();
    }
  }

  /** @param {"knock" | "waiting"} phase */
  phase(phase) {
    part("knocking").hidden = phase !== "knock";
    part("waiting").hidden = phase !== "waiting";
  }

  /** @param {boolean} busy while the knock is on its way */
  busy(busy) {
    part("knock-button").toggleAttribute("disabled", busy);
  }

  /**
   * @param {"name" | "pin" | ""} field the one concerned; none for the whole form
   * @param {string} message
   */
  refused(field, message) {
    for (const name of ["name", "pin"]) {
      const error = document.getElementById(`knock-${name}-error`);
      const input = document.getElementById(`knock-${name}`);
      const concerned = field === name && message !== "";
      if (error && input) {
        error.textContent = concerned ? message : "";
        error.hidden = !concerned;
        input.setAttribute("aria-invalid", String(concerned));
        if (concerned) {
          input.focus();
        }
      }
    }
    const whole = part("knock-error");
    part("knock-error-text").textContent = field ? "" : message;
    whole.hidden = field !== "" || message === "";
    if (!whole.hidden) {
      whole.focus();
    }
  }

  /**
   * @param {Record<import("../peer.js").Source, MediaStreamTrack | null>} tracks
   * @param {import("../protocol.js").Media} state
   */
  local(tracks, state) {
    const { texts } = this;
    const opened = tracks.camera !== null || tracks.microphone !== null;
    const shown = /** @type {MediaStream | null} */ (this.#video.srcObject)?.getTracks()[0] ?? null;
    if (shown !== tracks.camera) {
      this.#video.srcObject = tracks.camera ? new MediaStream([tracks.camera]) : null;
      if (tracks.camera) {
        void play(this.#video);
      }
    }
    part("preview-off").hidden = tracks.camera !== null;
    part("preview-off-words").textContent = opened ? texts.selfOff : "";
    part("preview-tools").hidden = !opened;
    this.#offer(!opened && part("device-problem").hidden === true);
    part("device-choice").hidden = !opened;
    label(part("preview-microphone"), state.microphone ? texts.microphoneOff : texts.microphoneOn);
    label(part("preview-camera"), state.camera ? texts.cameraOff : texts.cameraOn);
    part("level-row").hidden = tracks.microphone === null;
    if (tracks.microphone !== this.#heard) {
      this.#heard = tracks.microphone;
      this.#level?.stop();
      this.#level = tracks.microphone && watchLevel(tracks.microphone, (level, peak) => this.#hear(level, peak));
      if (!tracks.microphone) {
        this.#hear(0, null);
      }
    }
  }

  /** @param {number} level @param {number | null} peak */
  #hear(level, peak) {
    this.#meter.value = level;
    part("microphone-silent").hidden = !this.#silence.hear(peak, performance.now());
  }

  /** The call has begun, or is over: nobody looks at the meter now. */
  hush() {
    this.#level?.stop();
    this.#level = null;
    this.#heard = null;
  }

  /** @param {Problems} problems */
  problems(problems) {
    const said = sentences(problems, this.texts);
    part("device-problem").hidden = said.length === 0;
    if (said.length > 0) {
      this.#offer(false);
      openWayOut();
    }
    part("device-problem-text").replaceChildren(
      ...said.map((sentence) => {
        const line = document.createElement("p");
        line.className = "alert-text";
        line.textContent = sentence;
        return line;
      }),
    );
  }

  /**
   * @param {{microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[]}} devices
   * @param {Record<import("../peer.js").Source, MediaStreamTrack | null>} tracks
   */
  choice({ microphones, cameras }, tracks) {
    const { texts } = this;
    this.#fill("microphone", microphones, texts.deviceMicrophone, tracks.microphone);
    this.#fill("camera", cameras, texts.deviceCamera, tracks.camera);
  }

  /** The button that asks for the devices; whoever pressed it keeps their place when it goes. @param {boolean} shown */
  #offer(shown) {
    const button = part("open-devices");
    const focused = document.activeElement === button;
    button.hidden = !shown;
    if (!shown && focused) {
      part(part("device-problem").hidden ? "preview-camera" : "try-devices").focus();
    }
  }

  /**
   * @param {"microphone" | "camera"} kind
   * @param {MediaDeviceInfo[]} devices
   * @param {string} unnamed
   * @param {MediaStreamTrack | null} track the one in use
   */
  #fill(kind, devices, unnamed, track) {
    const select = byId(`choose-${kind}`, HTMLSelectElement);
    const used = track?.getSettings().deviceId;
    select.replaceChildren(
      ...devices.map(
        (device, index) =>
          new Option(device.label || `${unnamed} ${index + 1}`, device.deviceId, false, device.deviceId === used),
      ),
    );
    part(`choose-${kind}-row`).hidden = devices.length === 0;
  }
}
