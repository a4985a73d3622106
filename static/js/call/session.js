/**
 * One person's stay in the room, from the first knock to the end: the socket, the person's own devices, and what the
 * person does. What the hub tells of the room goes to `attendance.js`. Knows no DOM: `view.js` shows, and everything
 * of the browser is handed in.
 */

import { Attendance } from "./attendance.js";
import { Awake } from "./awake.js";
import { LocalMedia } from "./local.js";
import { Outage } from "./outage.js";
import { Parts } from "./parts.js";
import * as protocol from "./protocol.js";
import { Signalling, realTimers } from "./signalling.js";

/** Milliseconds that a leaving page gives its last word. */
const FAREWELL = 150;

export class Session {
  /** @type {Signalling | null} */ #signalling = null;
  /** What the person typed; in memory alone. @type {string | null} */ #name = null;

  /** @type {Parts} */ #parts;

  /** @param {import("./surroundings.js").Surroundings} surroundings */
  constructor(surroundings) {
    this.with = surroundings;
    this.instance = protocol.drawInstance();
    this.#name = surroundings.data.userName || null;
    this.local = new LocalMedia(surroundings.devices, (source) => this.#localChanged(source));
    const { view, texts } = surroundings;
    this.timers = surroundings.timers ?? realTimers;
    this.#parts = new Parts();
    this.attendance = new Attendance(surroundings, {
      local: this.local,
      parts: this.#parts,
      timers: this.timers,
      say: (message) => this.say(message),
      reachable: () => this.#signalling?.ready ?? false,
      heardAt: () => this.#signalling?.heardAt ?? 0,
    });
    this.awake = new Awake(() => this.wake(), this.timers);
    this.outage = new Outage(
      {
        lost: (offerReload) => view.notice(texts.lost, "warning", { reload: offerReload }),
        back: () => view.notice(texts.back, "good", { brief: true }),
      },
      this.timers,
    );
  }

  /** @param {import("./parts.js").Part} part that listens to all that happens from now on */
  add(part) {
    this.#parts.add(part);
  }

  /** What a part is made with. @returns {import("./parts.js").PartOptions} */
  get forParts() {
    const { view, texts, data } = this.with;
    return {
      say: (message) => this.say(message),
      view,
      texts,
      timers: this.timers,
      local: this.local,
      data,
      you: () => this.attendance.you,
      people: () => this.attendance.people.admitted,
    };
  }

  /** Whether a call is on that should not be left by a slip. */
  get calling() {
    return this.attendance.call !== null;
  }

  /** Shows the first screen, and goes on by itself where the person has been before. */
  async start() {
    const { data, view, devices, tabs } = this.with;
    const returns = data.hasSeat && (data.state === "waiting" || data.state === "admitted");
    if (returns && (await tabs.elsewhere(data.seatConnectedElsewhere))) {
      view.show("elsewhere");
      return;
    }
    if (returns) {
      await this.enter();
      return;
    }
    if (data.mayHost) {
      view.show("host");
      return;
    }
    view.show("arrival");
    view.arrival("knock");
    if (await devices.allowed()) {
      await this.openDevices();
    }
  }

  /** Takes the seat that this browser has. */
  async enter() {
    this.with.tabs.hold(() => this.#superseded());
    this.#connect();
    if (!this.local.opened) {
      await this.openDevices();
    }
  }

  /** Asks for camera and microphone. */
  async openDevices() {
    await this.local.open();
    this.with.view.deviceProblems(this.local.problems);
    await this.listDevices();
  }

  /** Offers the devices that there are to choose from. */
  async listDevices() {
    const found = await this.with.devices.list();
    this.with.view.deviceChoice(found, this.local.tracks);
    this.#parts.tell("devices", found);
  }

  /**
   * Knocks with the name that the others shall read.
   *
   * @param {string} name
   * @param {string | null} pin
   */
  async knock(name, pin) {
    const { view, texts, tabs } = this.with;
    const shown = protocol.shownName(name);
    if (!shown) {
      view.knockRefused("name", texts.nameMissing);
      return;
    }
    this.#name = shown;
    view.busy(true);
    const asked = this.local.opened ? null : this.openDevices();
    const answer = await this.with.knock(pin);
    view.busy(false);
    if (answer.status === 410) {
      this.with.reload();
      return;
    }
    if (!answer.ok) {
      view.knockRefused(answer.error?.includes("pin") ? "pin" : "", answer.message || texts.noAnswer);
      return;
    }
    tabs.hold(() => this.#superseded());
    this.#connect();
    await asked;
  }

  /** @param {string} name said again after a reload, when nobody remembers it */
  rename(name) {
    const shown = protocol.shownName(name);
    if (shown) {
      this.#name = shown;
      this.say(protocol.name(shown));
    }
  }

  /** Shows the screen to the others, or stops. */
  async toggleScreen() {
    const { view, texts, data } = this.with;
    if (data.mayPresent === false) {
      view.notice(texts.noPresenting, "warning", { brief: true });
      return;
    }
    try {
      await this.local.toggleScreen();
    } catch {
      // The browser or the system does not let it happen; the person hears so.
      view.notice(texts.screenFailed, "warning", { brief: true });
    }
  }

  /** Gives the seat up. Who only waited may knock again. */
  leave() {
    const { view } = this.with;
    const waited = !this.attendance.admitted;
    this.say(protocol.leave());
    this.#stop();
    if (waited) {
      view.arrival("knock");
      return;
    }
    this.local.close();
    this.timers.set(() => this.with.goTo(this.with.data.urls.after), FAREWELL);
  }

  /** Switches the camera off, or on again; whoever wants to be seen has done with sound alone. */
  async toggleCamera() {
    if (this.local.audioOnly) {
      await this.toggleAudioOnly();
      if (this.local.state.camera) {
        return;
      }
    }
    await this.local.toggleCamera();
  }

  /** Sound alone by the person's own choice, or pictures again: one's own and the others'. */
  async toggleAudioOnly() {
    const chosen = !this.local.audioOnly;
    this.attendance.call?.faces("chosen", !chosen);
    const done = this.local.setAudioOnly(chosen);
    this.attendance.soundAlone();
    await done;
  }

  /** @param {boolean} visible whether the page is in sight */
  visible(visible) {
    this.attendance.visible(visible);
  }

  /** The network or the page is back. */
  wake() {
    this.#signalling?.wake();
    this.attendance.call?.wake();
  }

  #connect() {
    const { socketUrl, Socket } = this.with;
    this.#signalling?.close();
    this.#signalling = new Signalling({
      url: socketUrl,
      instance: this.instance,
      name: () => this.#name,
      resumed: () => this.attendance.call?.alive ?? false,
      epoch: () => this.attendance.call?.engine.epoch ?? null,
      urgent: () => this.calling,
      onMessage: (message) => this.#hear(message),
      onState: (state, code) => this.#socketState(state, code),
      timers: this.timers,
      ...(Socket && { Socket }),
    });
    this.#signalling.open();
    this.awake.start();
    this.outage.begin();
  }

  /** Says something to the hub. @param {protocol.BrowserMessage} message @returns {boolean} whether it went */
  say(message) {
    return this.#signalling?.send(message) ?? false;
  }

  /** @param {protocol.ServerMessage} message */
  #hear(message) {
    switch (message.type) {
      case "refused":
        this.#stop();
        return this.with.view.show("refused");
      case "removed":
        this.#finish();
        return this.with.view.show("removed");
      case "closed":
        return this.#goAfter(message.reason);
      case "error":
        return this.#error(message);
      default:
        this.attendance.hear(message);
    }
  }

  /** @param {import("./peer.js").Source} source */
  #localChanged(source) {
    const { view } = this.with;
    view.deviceProblems(this.local.problems);
    view.local(this.local.tracks, this.local.state);
    if (this.attendance.call) {
      this.attendance.call.localChanged(source);
      view.announceOwn(source, this.local.state[source]);
    }
    this.#parts.tell("localChanged");
  }

  /** @param {protocol.ErrorMessage} error */
  #error({ code, message, fatal }) {
    const { view, texts, reload } = this.with;
    if (!fatal) {
      if (code === "hub_full" && this.#parts.takes({ type: "no-place", text: message })) {
        // The same comes as a message to all; whoever asked has it even if that is lost.
        return;
      }
      if (code === "no_media") {
        this.attendance.noServer(message);
        // A word for somebody who has just gone is nothing to trouble a person with.
      } else if (code !== "not_there" && code !== "invalid" && code !== "unknown_message") {
        view.notice(message, "warning", { brief: true });
      }
    } else if (code === "superseded") {
      this.#superseded();
    } else if (code === "closed") {
      this.#goAfter();
    } else if (code === "not_open") {
      reload();
    } else {
      this.#stop();
      view.stopped(code === "version" ? texts.versionOld : message);
    }
  }

  #superseded() {
    this.#finish();
    this.with.view.show("superseded");
  }

  /** @param {string} [reason] why the room is closed */
  #goAfter(reason) {
    const { after, onTelephone } = this.with.data.urls;
    this.#finish();
    this.with.goTo(reason === "telephone" ? (onTelephone ?? after) : after);
  }

  #finish() {
    this.#stop();
    this.local.close();
  }

  #stop() {
    const signalling = this.#signalling;
    this.#signalling = null;
    signalling?.close();
    this.attendance.end();
    this.awake.stop();
    this.outage.forget();
    this.with.tabs.release();
    this.with.view.notice("", "good");
  }

  /** @param {import("./signalling.js").State} state @param {number} code */
  #socketState(state, code) {
    this.#parts.tell("socket", state);
    if (state === "open") {
      this.outage.end();
    } else if (state !== "ended") {
      this.outage.begin();
    } else if (this.#signalling && (code === 4003 || code === 4004)) {
      // The hub's reason comes as a message first; this one was lost on the way.
      this.with.reload();
    }
  }
}
