/**
 * A whole test of somebody's device, step by step. Knows no DOM: the view shows, and everything of the browser is
 * handed in. Devices first, since the person has to answer; then what the network lets through, all by itself.
 */

import { FLOOR } from "../call/arrival/silence.js";
import { Loop } from "./loop.js";
import { tryTurn } from "./turn.js";
import { judge } from "./verdict.js";
import { Refused, Wire } from "./wire.js";

/** Loudness, of 1, from which somebody is heard, and how many looks in a row make it more than a click. */
export const HEARD = 0.12;
export const HEARD_FOR = 2;

/** @typedef {"browser" | "camera" | "microphone" | "socket" | "udp" | "turn" | "loop"} Step */
/** @typedef {"idle" | "running" | "ok" | "bad"} StepState */
/**
 * @typedef {object} TrialView
 * @property {(step: Step, state: StepState, word?: string) => void} step `word` chooses what is said about it
 * @property {(tracks: {microphone: MediaStreamTrack | null, camera: MediaStreamTrack | null}) => void} devices
 * @property {(level: number) => void} level
 * @property {(share: number) => void} progress
 * @property {(measures: import("./verdict.js").Measures) => void} numbers
 * @property {(judgement: import("./verdict.js").Judgement | null) => void} verdict
 */
/**
 * @typedef {object} Surroundings
 * @property {string} socketUrl
 * @property {string | null} room code of the meeting
 * @property {{secure: boolean, webrtc: boolean}} browser
 * @property {import("../call/devices.js").Devices} devices
 * @property {(name: string, options: import("../call/engines/engine.js").EngineOptions) => import("../call/engines/engine.js").Engine} makeEngine
 * @property {(track: MediaStreamTrack, show: (level: number, peak: number | null) => void) => {stop: () => void}} watchLevel
 * @property {{picture: () => {track: MediaStreamTrack, stop: () => void}, sound: () => {track: MediaStreamTrack, stop: () => void}}} standIn
 * @property {{send: (body: unknown) => void}} report
 * @property {() => string} drawKey
 * @property {TrialView} view
 * @property {import("../call/signalling.js").Timers} timers
 * @property {new (url: string, protocol: string) => import("../call/signalling.js").Wire} [Socket]
 * @property {typeof RTCPeerConnection} [PeerConnection]
 */

export class Trial {
  /** @type {import("./verdict.js").Measures} */ measures = {};
  /** @type {MediaStreamTrack | null} */ microphone = null;
  /** @type {MediaStreamTrack | null} */ camera = null;
  #key = "";
  #round = 0;
  #finished = false;
  #heard = false;
  /** Whether the microphone has given nothing at all so far: unplugged, or switched off. */ #dead = false;
  /** @type {{stop: () => void} | null} */ #level = null;
  /** @type {Wire | null} */ #wire = null;
  /** @type {Loop | null} */ #loop = null;
  /** @type {{stop: () => void}[]} */ #standIns = [];

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.with = surroundings;
  }

  /** Begins anew, from the first step. */
  async start() {
    this.stop();
    const round = this.#round;
    const { browser, view, drawKey } = this.with;
    this.#key = drawKey();
    this.measures = { ...browser };
    view.verdict(null);
    for (const step of /** @type {const} */ (["camera", "microphone", "socket", "udp", "turn", "loop"])) {
      view.step(step, "idle");
    }
    if (!browser.secure || !browser.webrtc) {
      view.step("browser", "bad", browser.secure ? "old" : "insecure");
      this.#finish();
      return;
    }
    view.step("browser", "ok");
    await this.openDevices();
    if (round === this.#round) {
      await this.#network(round);
    }
  }

  /** Asks for camera and microphone, also for those that could not be had before. */
  async openDevices() {
    const { devices, view } = this.with;
    const round = this.#round;
    this.#giveBack();
    view.step("camera", "running");
    view.step("microphone", "running");
    const { microphone, camera, problems } = await devices.open();
    if (round !== this.#round) {
      microphone?.stop();
      camera?.stop();
      return;
    }
    this.microphone = microphone;
    this.camera = camera;
    this.#heard = this.#dead = false;
    this.measures.camera = camera ? "ok" : (problems.camera ?? "failed");
    this.measures.microphone = microphone ? "ok" : (problems.microphone ?? "failed");
    view.devices({ microphone, camera });
    view.step("camera", camera ? "ok" : "bad", this.measures.camera);
    view.step("microphone", microphone ? "running" : "bad", microphone ? "listening" : this.measures.microphone);
    this.#watch(camera, "camera");
    this.#watch(microphone, "microphone");
    this.#level = microphone && this.with.watchLevel(microphone, this.#hear());
    if (this.#finished) {
      this.#finish();
    }
  }

  /** @param {boolean} heard whether the person has heard the tone */
  answer(heard) {
    this.measures.speaker = heard ? "ok" : "no";
    if (this.#finished) {
      this.#finish();
    }
  }

  /** Gives everything back. */
  stop() {
    this.#round += 1;
    this.#finished = false;
    this.#endNetwork();
    this.#giveBack();
  }

  /** @returns {(level: number, peak: number | null) => void} */
  #hear() {
    let loud = 0;
    let alive = false;
    return (level, peak) => {
      this.with.view.level(level);
      if (peak !== null) {
        const wasDead = this.#dead;
        alive ||= peak > FLOOR;
        this.#dead = !alive;
        if (wasDead && alive && this.#finished) {
          this.#finish();
        }
      }
      loud = level >= HEARD ? loud + 1 : 0;
      if (loud >= HEARD_FOR && !this.#heard) {
        this.#heard = true;
        this.with.view.step("microphone", "ok", "ok");
        if (this.#finished) {
          this.#finish();
        }
      }
    };
  }

  /** Pulled out, or taken by another program, while the page is open. @param {MediaStreamTrack | null} track @param {"camera" | "microphone"} kind */
  #watch(track, kind) {
    if (!track) {
      return;
    }
    track.onended = () => {
      if (this[kind] === track) {
        this[kind] = null;
        this.measures[kind] = "missing";
        this.with.view.devices({ microphone: this.microphone, camera: this.camera });
        this.with.view.step(kind, "bad", "missing");
        if (this.#finished) {
          this.#finish();
        }
      }
    };
  }

  /** @param {number} round */
  async #network(round) {
    const { view, timers, socketUrl, Socket, PeerConnection } = this.with;
    view.step("socket", "running");
    const wire = new Wire(socketUrl, timers, Socket);
    this.#wire = wire;
    let welcome;
    try {
      welcome = await wire.open();
    } catch (error) {
      if (round === this.#round) {
        this.#refused(error instanceof Refused ? error.code : "lost");
      }
      return;
    }
    if (round !== this.#round) {
      wire.close();
      return;
    }
    this.measures.socket = "ok";
    view.step("socket", "ok");
    for (const step of /** @type {const} */ (["udp", "turn", "loop"])) {
      view.step(step, "running");
    }
    const loop = new Loop(wire, welcome, this.with.makeEngine, timers);
    this.#loop = loop;
    const turn = tryTurn(welcome.engine.iceServers, timers, PeerConnection).then((found) => {
      if (round === this.#round) {
        Object.assign(this.measures, found);
        this.#showTurn();
      }
    });
    const run = loop.run(this.#tracks(), (share) => view.progress(share)).then((found) => {
      if (round === this.#round) {
        Object.assign(this.measures, found);
        this.#showLoop();
      }
    });
    await Promise.all([turn, run]);
    if (round === this.#round) {
      this.#endNetwork();
      this.#finish();
    }
  }

  /** What is sent round: the person's own, or a stand-in for what there is not. */
  #tracks() {
    const { standIn } = this.with;
    /** @param {MediaStreamTrack | null} own @param {() => {track: MediaStreamTrack, stop: () => void}} make */
    const or = (own, make) => {
      if (own) {
        return own;
      }
      const made = make();
      this.#standIns.push(made);
      return made.track;
    };
    return { microphone: or(this.microphone, standIn.sound), camera: or(this.camera, standIn.picture) };
  }

  /** @param {string} code */
  #refused(code) {
    const { view } = this.with;
    if (code === "lost") {
      this.measures.socket = "failed";
      view.step("socket", "bad", "lost");
    } else {
      this.measures.socket = "ok";
      this.measures.loop = code === "no_media" ? "server" : "busy";
      view.step("socket", "ok");
      view.step("loop", "bad", this.measures.loop);
    }
    this.#finish();
  }

  #showTurn() {
    const { turnUdp, turnTcp, turnTls } = this.measures;
    const tried = [turnUdp, turnTcp, turnTls].filter((way) => way !== "none");
    const word = tried.length === 0 ? "none" : tried.includes("ok") ? "ok" : "failed";
    this.with.view.step("turn", word === "failed" ? "bad" : "ok", word);
    this.with.view.numbers(this.measures);
  }

  #showLoop() {
    const { view } = this.with;
    const { loop, udp } = this.measures;
    // A detour that works is nothing to be afraid of.
    const detour = loop === "ok" && udp === "failed";
    view.step("udp", loop === "server" ? "idle" : udp === "failed" && !detour ? "bad" : "ok", detour ? "detour" : udp);
    view.step("loop", loop === "ok" ? "ok" : "bad", loop);
    view.numbers(this.measures);
  }

  #finish() {
    const { view, report, room } = this.with;
    this.#finished = true;
    if (this.microphone) {
      // Nobody likes to talk to a machine: whoever says nothing has no poor microphone for it.
      const word = this.#heard ? "ok" : this.#dead ? "silent" : "quiet";
      this.measures.microphone = word;
      view.step("microphone", word === "ok" ? "ok" : word === "silent" ? "bad" : "idle", word);
    }
    view.verdict(judge(this.measures));
    report.send({ key: this.#key, room, measures: { ...this.measures } });
  }

  #endNetwork() {
    this.#loop?.close();
    this.#loop = null;
    this.#wire?.close();
    this.#wire = null;
    for (const standIn of this.#standIns.splice(0)) {
      standIn.stop();
    }
  }

  #giveBack() {
    this.#level?.stop();
    this.#level = null;
    for (const track of [this.microphone, this.camera]) {
      if (track) {
        track.onended = null;
        track.stop();
      }
    }
    this.microphone = null;
    this.camera = null;
  }
}
