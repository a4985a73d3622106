/**
 * One person's stay in the room, from the first knock to the end: who is there, what is said to the hub, and what
 * the page shows. Knows no DOM: `view.js` shows, and everything of the browser is handed in.
 */

import { fill } from "../lib/page-data.js";
import { Call } from "./call.js";
import { Closing } from "./closing.js";
import { LocalMedia } from "./local.js";
import { Outage } from "./outage.js";
import * as protocol from "./protocol.js";
import { People } from "./people.js";
import { Signalling, realTimers } from "./signalling.js";

/** Milliseconds that a leaving page gives its last word. */
const FAREWELL = 150;

export class Session {
  /** @type {Signalling | null} */ #signalling = null;
  /** @type {Call | null} */ #call = null;
  /** @type {protocol.Participant | null} */ #you = null;
  /** @type {protocol.Room | null} */ #room = null;
  /** What the person typed; in memory alone. @type {string | null} */ #name = null;
  /** @type {People} */ #people;

  /** @param {import("./surroundings.js").Surroundings} surroundings */
  constructor(surroundings) {
    this.with = surroundings;
    this.instance = protocol.drawInstance();
    this.#name = surroundings.data.userName || null;
    this.local = new LocalMedia(surroundings.devices, (source) => this.#localChanged(source));
    const { view, texts } = surroundings;
    this.closing = new Closing(
      (time) => view.notice(fill(texts.closesSoon, { time: view.time(time) }), "warning", { brief: true }),
      surroundings.timers ?? realTimers,
    );
    this.#people = new People(surroundings);
    this.timers = surroundings.timers ?? realTimers;
    this.outage = new Outage(
      {
        lost: (offerReload) => view.notice(texts.lost, "warning", { reload: offerReload }),
        back: () => view.notice(texts.back, "good", { brief: true }),
      },
      this.timers,
    );
  }

  /** Whether a call is on that should not be left by a slip. */
  get calling() {
    return this.#call !== null;
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
    this.with.view.deviceChoice(await this.with.devices.list(), this.local.tracks);
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
    const { view, texts } = this.with;
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
    const waited = !this.calling;
    this.say(protocol.leave());
    this.#stop();
    if (waited) {
      view.arrival("knock");
      return;
    }
    this.local.close();
    this.timers.set(() => this.with.goTo(this.with.data.urls.after), FAREWELL);
  }

  /** The network or the page is back. */
  wake() {
    this.#signalling?.wake();
  }

  #connect() {
    const { socketUrl, Socket } = this.with;
    this.#signalling?.close();
    this.#signalling = new Signalling({
      url: socketUrl,
      instance: this.instance,
      name: () => this.#name,
      resumed: () => this.#call?.engine.alive ?? false,
      onMessage: (message) => this.#hear(message),
      onState: (state, code) => this.#socketState(state, code),
      timers: this.timers,
      ...(Socket && { Socket }),
    });
    this.#signalling.open();
    this.outage.begin();
  }

  /** Says something to the hub. @param {protocol.BrowserMessage} message @returns {boolean} whether it went */
  say(message) {
    return this.#signalling?.send(message) ?? false;
  }

  /** @param {protocol.ServerMessage} message */
  #hear(message) {
    switch (message.type) {
      case "welcome":
        return this.#welcome(message);
      case "participant":
        return this.#participant(message.participant);
      case "gone":
        return this.#gone(message);
      case "room":
        return this.#roomChanged(message.room);
      case "admitted":
        return this.#enterCall(message.engine);
      case "refused":
        this.#stop();
        return this.with.view.show("refused");
      case "signal":
        return this.#call?.engine.signal(message.from, message.instance, message.data);
      case "engine":
        return this.#call?.refreshed(message.engine);
      case "closed":
        return this.#goAfter();
      case "error":
        return this.#error(message);
      default:
    }
  }

  /** @param {protocol.Welcome} message */
  #welcome({ you, room, participants, engine }) {
    this.#you = you;
    this.#roomChanged(room);
    for (const seat of this.#people.replace(participants, (seat) => this.#call?.hears(seat) ?? false)) {
      this.#call?.engine.gone(seat, "left");
    }
    if (engine && you.state === "admitted") {
      this.#enterCall(engine);
      this.#call?.engine.resume();
    } else {
      this.with.view.show("arrival");
      this.with.view.arrival("waiting");
    }
    for (const participant of participants) {
      this.#participant(participant);
    }
    this.#showRoster();
    if (!you.name && you.role === "guest") {
      this.with.view.askName();
    }
  }

  /** @param {protocol.Participant} participant */
  #participant(participant) {
    if (participant.seat === this.#you?.seat) {
      this.#you = participant;
    } else {
      this.#people.put(participant);
      if (participant.state === "admitted") {
        this.#call?.engine.participant(participant);
      }
    }
    this.#showRoster();
  }

  /** @param {protocol.Gone} message */
  #gone({ seat, reason }) {
    if (this.#call?.engine.gone(seat, reason)) {
      this.#people.lose(seat);
    } else {
      this.#people.forget(seat);
    }
    this.#showRoster();
  }

  #showRoster() {
    if (this.#you) {
      this.with.view.roster(this.#you, this.#people.admitted, this.#people.waiting);
    }
  }

  /** @param {protocol.Room} room */
  #roomChanged(room) {
    const { view, texts } = this.with;
    const before = this.#room;
    this.#room = room;
    view.room(room);
    if (before && before.hostPresent !== room.hostPresent && !this.calling) {
      view.announce(room.hostPresent ? texts.hostCame : texts.hostLeft);
    }
    if (before && before.endsAt !== room.endsAt && room.endsAt && this.calling) {
      view.notice(fill(texts.extended, { time: view.time(room.endsAt) }), "good", { brief: true });
    }
    this.closing.at(this.calling ? room.closesAt : null);
  }

  /** @param {protocol.EngineInfo} info */
  #enterCall(info) {
    if (this.#call) {
      this.#call.begin(info);
    } else if (this.#you) {
      this.#beginCall(this.#you, info);
    }
    for (const participant of this.#people.admitted) {
      this.#call?.engine.participant(participant);
    }
    this.#showRoster();
  }

  /** @param {protocol.Participant} you @param {protocol.EngineInfo} info */
  #beginCall(you, info) {
    const { view, texts, makeEngine, play, onCall } = this.with;
    this.#call = new Call({
      seat: you.seat,
      info,
      makeEngine,
      local: this.local,
      timers: this.timers,
      send: (message) => this.say(message),
      reachable: () => this.#signalling?.ready ?? false,
      onTrack: (seat, source, track) => view.putTrack(seat, source, track),
      onState: (seat, state) => this.#peerState(seat, state),
    });
    view.show("call");
    onCall();
    if (you.role === "guest") {
      play("admitted");
      view.announce(texts.admitted);
    }
    this.closing.at(this.#room?.closesAt ?? null);
  }

  /** @param {string} seat @param {import("./peer.js").PeerState} state */
  #peerState(seat, state) {
    this.with.view.peerState(seat, state);
    if (state === "closed" && this.#people.isLost(seat)) {
      this.#people.forget(seat);
      this.#showRoster();
    }
  }

  /** @param {import("./peer.js").Source} source */
  #localChanged(source) {
    const { view } = this.with;
    view.deviceProblems(this.local.problems);
    view.local(this.local.tracks, this.local.state);
    if (this.#call) {
      this.#call.localChanged(source);
      view.announceOwn(source, this.local.state[source]);
    }
  }

  /** @param {protocol.ErrorMessage} error */
  #error({ code, message, fatal }) {
    const { view, texts, reload } = this.with;
    if (!fatal) {
      // A word for somebody who has just gone is nothing to trouble a person with.
      if (code !== "not_there" && code !== "invalid" && code !== "unknown_message") {
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

  #goAfter() {
    this.#finish();
    this.with.goTo(this.with.data.urls.after);
  }

  #finish() {
    this.#stop();
    this.local.close();
  }

  #stop() {
    const signalling = this.#signalling;
    this.#signalling = null;
    signalling?.close();
    this.#call?.close();
    this.#call = null;
    this.#people.clear();
    this.#room = null;
    this.outage.forget();
    this.closing.at(null);
    this.with.tabs.release();
    this.with.view.notice("", "good");
  }

  /** @param {import("./signalling.js").State} state @param {number} code */
  #socketState(state, code) {
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
