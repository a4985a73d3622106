/**
 * What the room's page shows. This module and its parts in `view/` alone touch the page.
 */

import { announce } from "../lib/announcer.js";
import { fill } from "../lib/page-data.js";
import { Arrival, sentences } from "./view/arrival.js";
import { Controls } from "./view/controls.js";
import { byId, part } from "./view/dom.js";
import { Stage } from "./view/stage.js";
import { weakness } from "./view/tile.js";

/** Milliseconds that a brief notice stays. */
const BRIEF = 6000;

/** @typedef {"host" | "elsewhere" | "superseded" | "arrival" | "refused" | "removed" | "stopped" | "call"} Screen */
/** @typedef {import("./protocol.js").Participant} Participant */
/**
 * What the person asks for.
 *
 * @typedef {object} Handlers
 * @property {(name: string, pin: string | null) => void} knock
 * @property {() => void} openDevices
 * @property {(kind: "microphone" | "camera", id: string) => void} choose
 * @property {() => void} toggleMicrophone
 * @property {() => void} toggleCamera
 * @property {() => void} toggleScreen
 * @property {() => void} toggleAudioOnly
 * @property {(seat: string) => void} admit
 * @property {(seat: string) => void} refuse
 * @property {(seat: string) => void} ring
 * @property {(seat: string, sentence: string) => void} tell
 * @property {(minutes: number) => void} delay
 * @property {(how: "leave" | "end") => void} next
 * @property {(name: string) => void} rename
 * @property {() => void} extend
 * @property {() => void} end
 * @property {() => void} leave
 * @property {() => void} useThisWindow
 * @property {() => void} reload
 */

export class View {
  #title = document.title;
  #waiting = 0;
  /** The server has shown the first one. @type {Screen | "loading"} */
  #screen = document.getElementById("screen-loading") ? "loading" : "arrival";
  /** @type {any} */ #noticeTimer = null;
  /** Whether the notice stays until it is taken away. */ #standing = false;

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {Handlers} on
   * @param {{canShare: boolean}} abilities
   */
  constructor(texts, on, { canShare }) {
    this.texts = texts;
    this.on = on;
    this.clock = new Intl.DateTimeFormat(document.documentElement.lang || "da", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: "Europe/Copenhagen",
    });
    /** @param {Participant} participant */
    const nameOf = (participant) => this.nameOf(participant);
    /** @param {string} moment */
    const time = (moment) => this.time(moment);
    this.#arrival = new Arrival(texts, on);
    this.#stage = new Stage(texts, nameOf);
    this.#controls = new Controls(texts, on, { nameOf, time, canShare, onSelf: () => this.#stage.arrange() });
    for (const id of ["use-this-window", "take-back"]) {
      part(id).addEventListener("click", () => on.useThisWindow());
    }
    for (const id of ["knock-again", "knock-after-removal", "reload-page", "notice-reload"]) {
      part(id).addEventListener("click", () => on.reload());
    }
    byId("name-form", HTMLFormElement).addEventListener("submit", () => on.rename(byId("name-again", HTMLInputElement).value));
  }

  /** @type {Arrival} */ #arrival;
  /** @type {Stage} */ #stage;
  /** @type {Controls} */ #controls;

  /** @param {Screen} screen */
  show(screen) {
    if (screen === this.#screen) {
      return;
    }
    this.#screen = screen;
    for (const section of document.querySelectorAll("[data-screen]")) {
      /** @type {HTMLElement} */ (section).hidden = section.id !== `screen-${screen}`;
    }
    if (screen !== "arrival" && screen !== "call") {
      // What was asked there is no question any more.
      for (const dialog of document.querySelectorAll("dialog[open]")) {
        /** @type {HTMLDialogElement} */ (dialog).close();
      }
    }
    document.documentElement.classList.toggle("is-calling", screen === "call");
    if (screen !== "arrival") {
      this.#arrival.hush();
    }
    this.#retitle();
    if (screen === "call") {
      // To focus is to lay the page out: the connection is begun first.
      requestAnimationFrame(() => this.#focusHeading());
    } else {
      this.#focusHeading();
    }
  }

  /** Does what was pressed before this script was there. */
  catchUp() {
    part("late").remove();
    this.#arrival.catchUp();
  }

  /** @param {"knock" | "waiting"} phase */
  arrival(phase) {
    const was = part("waiting").hidden ? "knock" : "waiting";
    this.#arrival.phase(phase);
    if (was !== phase) {
      this.#focusHeading();
    }
  }

  /** @param {boolean} busy */
  busy(busy) {
    this.#arrival.busy(busy);
  }

  /** @param {"name" | "pin" | ""} field @param {string} message */
  knockRefused(field, message) {
    this.#arrival.refused(field, message);
  }

  /** @param {import("./view/arrival.js").Problems} problems */
  deviceProblems(problems) {
    this.#arrival.problems(problems);
    const said = sentences(problems, this.texts);
    part("call-problem").textContent = said.join(" ");
    part("call-problem").hidden = said.length === 0;
  }

  /**
   * @param {{microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[]}} devices
   * @param {Record<import("./peer.js").Source, MediaStreamTrack | null>} tracks
   */
  deviceChoice(devices, tracks) {
    this.#arrival.choice(devices, tracks);
  }

  /**
   * @param {Record<import("./peer.js").Source, MediaStreamTrack | null>} tracks
   * @param {import("./protocol.js").Media} state
   */
  local(tracks, state) {
    if (this.#screen !== "call") {
      this.#arrival.local(tracks, state);
    }
    this.#stage.self(tracks.camera);
    this.#controls.local(state);
  }

  /** @param {Participant} participant */
  putPerson(participant) {
    this.#stage.put(participant);
  }

  /** @param {string} seat */
  removePerson(seat) {
    this.#stage.remove(seat);
  }

  /** @param {string} seat @param {import("./peer.js").Source} source @param {MediaStreamTrack} track */
  putTrack(seat, source, track) {
    this.#stage.putTrack(seat, source, track);
  }

  /** @param {string} seat @param {import("./peer.js").PeerState} state */
  peerState(seat, state) {
    const { change, name } = this.#stage.peerState(seat, state);
    if (change === "lost") {
      this.announce(fill(this.texts.lostPerson, { name }));
    } else if (change === "back" && this.#standing) {
      // What stands on the screen now is graver.
      this.announce(this.texts.back);
    } else if (change === "back") {
      this.notice(this.texts.back, "good", { brief: true });
    }
  }

  /** How the line to somebody is. @param {string} seat @param {import("./rating.js").Word | null} word */
  line(seat, word) {
    const name = this.#stage.line(seat, word);
    if (name) {
      this.announce(fill(this.texts.linePoorPerson, { name }));
    }
  }

  /** Whether all the others' pictures and sound run. @returns {boolean} */
  playsAll() {
    return this.#stage.playsAll();
  }

  /** Plays everything, in the tap of a button. */
  playAll() {
    this.#stage.playAll();
  }

  /** @param {Map<string, number>} levels how loud the others are, by seat, 0 to 1; twice a second */
  levels(levels) {
    this.#stage.levels(levels, performance.now());
  }

  /** @param {string | null} seat whose picture is held large, whoever speaks; nobody's where there is none */
  pin(seat) {
    this.#stage.hold(seat);
  }

  /**
   * Whether there is sound alone just now, and why: by choice, or because the line is too weak for pictures.
   *
   * @param {import("./view/tile.js").SoundAlone} alone `weakUp`: ours are not sent; `weakDown`: the others' do not come
   */
  audioOnly(alone) {
    this.#stage.soundAlone(alone);
    this.#controls.audioOnly(alone.chosen);
    const said = weakness(alone, this.texts);
    const line = part("call-line");
    const before = line.hidden ? "" : line.textContent;
    line.hidden = said === "";
    line.textContent = said;
    if (said && said !== before) {
      this.announce(said);
    } else if (before && !said && !alone.chosen) {
      this.notice(this.texts.pictureBack, "good", { brief: true });
    }
  }

  /** @param {Participant} you @param {Participant[]} admitted @param {Participant[]} waiting */
  roster(you, admitted, waiting) {
    this.#controls.roster(you, admitted, waiting);
    this.#waiting = waiting.length;
    this.#retitle();
  }

  /** @param {import("./protocol.js").Room} room */
  room(room) {
    this.#controls.room(room);
  }

  /** Asks for a name that nobody remembers. */
  askName() {
    const dialog = byId("name-dialog", HTMLDialogElement);
    if (!dialog.open) {
      dialog.showModal();
    }
  }

  /** Asks whether to leave. @returns {Promise<boolean>} */
  askLeave() {
    return this.#controls.askLeave();
  }

  /**
   * One line over everything else; an empty one takes it away.
   *
   * @param {string} text
   * @param {"good" | "warning"} tone
   * @param {{brief?: boolean, reload?: boolean, quiet?: boolean}} [options] `reload`: with a button that loads the
   *   page anew; `quiet`: those who listen have heard it
   */
  notice(text, tone, { brief = false, reload = false, quiet = false } = {}) {
    clearTimeout(this.#noticeTimer);
    this.#standing = text !== "" && !brief;
    const notice = part("notice");
    part("notice-text").textContent = text;
    part("notice-reload").hidden = !reload;
    notice.classList.toggle("call__notice--good", tone === "good");
    notice.classList.toggle("call__notice--warning", tone === "warning");
    notice.hidden = text === "";
    if (text && !quiet) {
      this.announce(text);
    }
    if (brief) {
      this.#noticeTimer = setTimeout(() => (notice.hidden = true), BRIEF);
    }
  }

  /** @param {string} text of a notice that holds no more; another one stays */
  withdraw(text) {
    if (part("notice-text").textContent === text) {
      this.notice("", "good");
    }
  }

  /** @param {string} message why it cannot go on */
  stopped(message) {
    part("stopped-text").textContent = message;
    this.show("stopped");
  }

  /** @param {string} text for those who listen to the page */
  announce(text) {
    announce(text);
  }

  /**
   * What the person has just switched, for those who listen to the page.
   *
   * @param {import("./peer.js").Source} source
   * @param {boolean} on
   */
  announceOwn(source, on) {
    const { texts } = this;
    const said = {
      microphone: on ? texts.selfUnmuted : texts.selfMuted,
      camera: on ? texts.selfCameraOn : texts.selfCameraOff,
      screen: on ? texts.screenShared : texts.screenStopped,
    };
    this.announce(said[source]);
  }

  /** @param {Participant} participant @returns {string} */
  nameOf(participant) {
    return participant.name || (participant.role === "host" ? this.texts.unnamedHost : this.texts.unnamedGuest);
  }

  /** @param {string} moment @returns {string} the time of day in Denmark */
  time(moment) {
    return this.clock.format(new Date(moment));
  }

  #retitle() {
    const { texts } = this;
    const standing = this.#screen === "call" ? `${texts.titleCall} – ${this.#title}` : this.#title;
    document.title = this.#waiting > 0 ? fill(texts.titleWaiting, { n: this.#waiting, title: standing }) : standing;
  }

  #focusHeading() {
    const headings = [...document.querySelectorAll(`#screen-${this.#screen} [data-heading]`)];
    const heading = headings.find((element) => element.closest("[hidden]") === null);
    /** @type {HTMLElement | undefined} */ (heading)?.focus({ preventScroll: this.#screen === "call" });
  }
}
