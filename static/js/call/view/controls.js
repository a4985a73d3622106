/**
 * The bar of buttons under the call, the list of those who take part, and the door for those who wait (door.js).
 */

import { fill } from "../../lib/page-data.js";
import { ask } from "../../lib/confirm.js";
import { byId, label, make, part } from "./dom.js";
import { Door } from "./door.js";

/** @typedef {import("../protocol.js").Participant} Participant */

export class Controls {
  /** Whether the invitation was opened or closed by hand; until then it shows while nobody has come. */
  /** @type {boolean | null} */ #inviteWanted = null;
  #alone = true;
  /** @type {Door} */ #door;

  /**
   * @param {import("../texts.js").Texts} texts
   * @param {import("../view.js").Handlers} on
   * @param {{nameOf: (participant: Participant) => string, time: (moment: string) => string, canShare: boolean, onSelf: () => void}} tools
   */
  constructor(texts, on, { nameOf, time, canShare, onSelf }) {
    this.texts = texts;
    this.on = on;
    this.nameOf = nameOf;
    this.time = time;
    this.onSelf = onSelf;
    this.#door = new Door(texts, on, { nameOf, time });
    part("toggle-microphone").addEventListener("click", () => on.toggleMicrophone());
    part("toggle-camera").addEventListener("click", () => on.toggleCamera());
    part("toggle-screen").addEventListener("click", () => on.toggleScreen());
    part("toggle-screen").hidden = !canShare;
    part("toggle-audio-only").addEventListener("click", () => on.toggleAudioOnly());
    part("toggle-self").addEventListener("click", () => this.#toggleSelf());
    part("leave").addEventListener("click", () => void this.askLeave());
    document.getElementById("extend")?.addEventListener("click", () => on.extend());
    document.getElementById("end")?.addEventListener("click", () => void this.#askEnd());
    document.getElementById("toggle-invite")?.addEventListener("click", () => {
      this.#inviteWanted = part("invite").hidden !== false;
      this.#showInvite();
    });
    document.getElementById("close-invite")?.addEventListener("click", () => {
      this.#inviteWanted = false;
      this.#showInvite();
      part("toggle-invite").focus();
    });
    this.#fullscreen();
  }

  /** Asks before leaving; on a yes the person is gone. @returns {Promise<boolean>} */
  async askLeave() {
    const agreed = await ask(byId("leave-dialog", HTMLDialogElement));
    if (agreed) {
      this.on.leave();
    }
    return agreed;
  }

  /** @param {import("../protocol.js").Media} state */
  local(state) {
    const { texts } = this;
    const microphone = part("toggle-microphone");
    label(microphone, state.microphone ? texts.microphoneOff : texts.microphoneOn, state.microphone ? "mic" : "mic-off");
    microphone.classList.toggle("is-off", !state.microphone);
    const camera = part("toggle-camera");
    label(camera, state.camera ? texts.cameraOff : texts.cameraOn, state.camera ? "camera" : "camera-off");
    camera.classList.toggle("is-off", !state.camera);
    const screen = part("toggle-screen");
    label(screen, state.screen ? texts.stopSharing : texts.shareScreen, state.screen ? "screen-stop" : "screen");
    screen.classList.toggle("is-off", state.screen);
  }

  /** @param {boolean} chosen sound alone, by choice */
  audioOnly(chosen) {
    const button = part("toggle-audio-only");
    label(button, chosen ? this.texts.picturesAgain : this.texts.audioOnly, chosen ? "picture" : "speaker");
    button.classList.toggle("is-off", chosen);
  }

  /**
   * @param {Participant} you
   * @param {Participant[]} admitted
   * @param {Participant[]} waiting
   */
  roster(you, admitted, waiting) {
    const { texts } = this;
    const yourself = make("li", "", you.name ? `${you.name} (${texts.you})` : texts.you);
    part("people").replaceChildren(
      yourself,
      ...admitted.map((participant) => make("li", "", this.#described(participant))),
    );
    this.#alone = admitted.length === 0;
    part("alone").hidden = !this.#alone;
    this.#door.show(waiting, this.#alone);
    this.#showInvite(waiting.length > 0);
  }

  /** @param {import("../protocol.js").Room} room */
  room(room) {
    part("call-ends").textContent = room.endsAt ? fill(this.texts.ends, { time: this.time(room.endsAt) }) : "";
  }

  /** @param {Participant} participant */
  #described(participant) {
    const { texts } = this;
    const kinds = { browser: "", app: texts.kindApp, room_system: texts.kindRoomSystem, telephone: texts.kindTelephone };
    const kind = kinds[participant.kind];
    return kind ? `${this.nameOf(participant)} (${kind})` : this.nameOf(participant);
  }

  /** @param {boolean} [somebodyWaits] */
  #showInvite(somebodyWaits = false) {
    const invite = document.getElementById("invite");
    const button = document.getElementById("toggle-invite");
    if (!invite || !button) {
      return;
    }
    invite.hidden = !(this.#inviteWanted ?? (this.#alone && !somebodyWaits));
    if (!this.#alone || somebodyWaits) {
      part("alone").hidden = true;
    }
    button.setAttribute("aria-expanded", String(!invite.hidden));
    label(button, invite.hidden ? this.texts.inviteShow : this.texts.inviteHide);
  }

  async #askEnd() {
    if (await ask(byId("end-dialog", HTMLDialogElement))) {
      this.on.end();
    }
  }

  #toggleSelf() {
    const self = part("self");
    self.hidden = !self.hidden;
    label(part("toggle-self"), self.hidden ? this.texts.showSelf : this.texts.hideSelf);
    this.onSelf();
  }

  #fullscreen() {
    const button = part("toggle-fullscreen");
    button.hidden = !document.fullscreenEnabled;
    button.addEventListener("click", async () => {
      await (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
    });
    document.addEventListener("fullscreenchange", () => {
      const full = document.fullscreenElement !== null;
      label(button, full ? this.texts.exitFullscreen : this.texts.enterFullscreen, full ? "fullscreen-exit" : "fullscreen");
    });
  }
}
