/** Camera and microphone in the call: the choice, the warning of a silent microphone, and the button to start again. */

import { byId, part } from "./dom.js";

/** @typedef {"microphone" | "camera"} DeviceKind */

/** What the warning of a silent microphone says when the microphone is heard again. */
export const HEARD = "heard";

export class EquipmentPanel {
  /**
   * @param {import("../texts.js").Texts} texts
   * @param {(text: string) => void} announce
   * @param {{choose: (kind: DeviceKind, id: string) => void, retry: () => void, dismiss: () => void, startAgain: () => void, listDevices: () => void}} on
   */
  constructor(texts, announce, on) {
    this.texts = texts;
    this.announce = announce;
    const chosen = /** @type {[string, DeviceKind][]} */ ([
      ["call-microphone", "microphone"],
      ["silent-microphone", "microphone"],
      ["call-camera", "camera"],
    ]);
    for (const [id, kind] of chosen) {
      const select = byId(id, HTMLSelectElement);
      select.addEventListener("change", () => on.choose(kind, select.value));
    }
    part("open-equipment").addEventListener("click", () => {
      on.listDevices();
      byId("equipment-dialog", HTMLDialogElement).showModal();
    });
    part("call-retry").addEventListener("click", () => on.retry());
    part("silent-close").addEventListener("click", () => on.dismiss());
    part("start-again").addEventListener("click", () => on.startAgain());
  }

  /**
   * @param {{microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[]}} found
   * @param {Record<string, MediaStreamTrack | null>} tracks
   */
  devices({ microphones, cameras }, tracks) {
    this.#fill("call-microphone", microphones, this.texts.deviceMicrophone, tracks["microphone"]);
    this.#fill("silent-microphone", microphones, this.texts.deviceMicrophone, tracks["microphone"]);
    this.#fill("call-camera", cameras, this.texts.deviceCamera, tracks["camera"]);
  }

  /** @param {boolean} silent */
  silent(silent) {
    part("mic-silent").hidden = !silent;
    if (silent) {
      this.announce(this.texts.micSilent);
    }
  }

  /** A warning that was put away hides no less than one that has become untrue: this says the latter. */
  heard() {
    part("mic-silent").dispatchEvent(new Event(HEARD));
  }

  /** @param {boolean} stands */
  startAgain(stands) {
    part("start-again").hidden = !stands;
    if (stands) {
      part("start-again").focus();
    }
  }

  /** @param {boolean} offered */
  retry(offered) {
    part("call-retry-row").hidden = !offered;
  }

  /**
   * @param {string} id
   * @param {MediaDeviceInfo[]} devices
   * @param {string} word for a device without a name
   * @param {MediaStreamTrack | null | undefined} track
   */
  #fill(id, devices, word, track) {
    const select = byId(id, HTMLSelectElement);
    const current = track?.getSettings().deviceId ?? "";
    select.replaceChildren(
      ...devices.map(({ deviceId, label }, index) => new Option(label || `${word} ${index + 1}`, deviceId, false, deviceId === current)),
    );
    select.disabled = devices.length === 0;
  }
}
