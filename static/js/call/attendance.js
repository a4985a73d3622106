/**
 * What the hub tells of the room while this seat is there: who else is, how long it is open, and the call itself.
 * Knows no DOM and no socket.
 */

import { fill } from "../lib/page-data.js";
import { Call } from "./call.js";
import { Closing } from "./closing.js";
import { People } from "./people.js";
import * as protocol from "./protocol.js";

/** Milliseconds after which a hub without a media server is asked again. */
export const ASK_AGAIN = 5000;

/**
 * @typedef {object} AttendanceOptions
 * @property {import("./local.js").LocalMedia} local
 * @property {import("./signalling.js").Timers} timers
 * @property {(message: protocol.BrowserMessage) => boolean} say
 * @property {() => boolean} reachable whether the hub hears us just now
 * @property {() => number} heardAt when the hub was heard last, by `performance.now`
 */

export class Attendance {
  /** While this seat takes part. @type {Call | null} */ call = null;
  /** @type {protocol.Participant | null} */ #you = null;
  /** @type {protocol.Room | null} */ #room = null;
  /** @type {any} */ #asking = null;
  #visible = true;

  /**
   * @param {import("./surroundings.js").Surroundings} surroundings
   * @param {AttendanceOptions} options
   */
  constructor(surroundings, options) {
    this.with = surroundings;
    this.options = options;
    this.people = new People(surroundings);
    const { view, texts } = surroundings;
    this.closing = new Closing(
      (time) => view.notice(fill(texts.closesSoon, { time: view.time(time) }), "warning", { brief: true }),
      options.timers,
    );
  }

  /** @param {protocol.ServerMessage} message */
  hear(message) {
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
      case "signal":
        return this.call?.signal(message);
      case "engine":
        return this.#engine(message.engine);
      default:
    }
  }

  /** No media server answers the hub: asked again, since nobody tells when one does. */
  noServer() {
    const { timers, say } = this.options;
    timers.clear(this.#asking);
    this.#asking = timers.set(() => say(protocol.engine()), ASK_AGAIN);
  }

  /** @param {boolean} visible whether the page is in sight */
  visible(visible) {
    this.#visible = visible;
    this.call?.fare.adaptation.visible(visible);
  }

  /** Shows whether there is sound alone, and why. */
  soundAlone() {
    const { weakUp = false, weakDown = false } = this.call?.fare.weak ?? {};
    this.with.view.audioOnly({ chosen: this.options.local.audioOnly, weakUp, weakDown });
  }

  /** The room is left behind. */
  end() {
    this.options.timers.clear(this.#asking);
    this.call?.close();
    this.call = null;
    this.people.clear();
    this.#you = null;
    this.#room = null;
    this.closing.at(null);
  }

  /** @param {protocol.Welcome} message */
  #welcome({ you, room, participants, engine }) {
    this.#you = you;
    this.#roomChanged(room);
    for (const seat of this.people.replace(participants, (seat) => this.call?.hears(seat) ?? false)) {
      this.call?.gone(seat, "left");
    }
    if (engine && you.state === "admitted") {
      this.#enterCall(engine);
      this.call?.resume();
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
      this.people.put(participant);
      if (participant.state === "admitted") {
        this.call?.participant(participant);
      }
    }
    this.#showRoster();
  }

  /** @param {protocol.Gone} message */
  #gone({ seat, reason }) {
    if (this.call?.gone(seat, reason)) {
      this.people.lose(seat);
    } else {
      this.people.forget(seat);
    }
    this.#showRoster();
  }

  #showRoster() {
    if (this.#you) {
      this.with.view.roster(this.#you, this.people.admitted, this.people.waiting);
    }
  }

  /** @param {protocol.Room} room */
  #roomChanged(room) {
    const { view, texts } = this.with;
    const before = this.#room;
    this.#room = room;
    view.room(room);
    if (before && before.hostPresent !== room.hostPresent && !this.call) {
      view.announce(room.hostPresent ? texts.hostCame : texts.hostLeft);
    }
    if (before && before.endsAt !== room.endsAt && room.endsAt && this.call) {
      view.notice(fill(texts.extended, { time: view.time(room.endsAt) }), "good", { brief: true });
    }
    this.closing.at(this.call ? room.closesAt : null);
  }

  /** @param {protocol.EngineInfo} info as it was asked for, or as it is from now on */
  #engine(info) {
    if (this.call) {
      this.options.timers.clear(this.#asking);
      this.call.refreshed(info);
    } else if (this.#you?.state === "admitted") {
      this.#enterCall(info);
    }
  }

  /** @param {protocol.EngineInfo} info */
  #enterCall(info) {
    this.options.timers.clear(this.#asking);
    if (this.call) {
      this.call.begin(info);
    } else if (this.#you) {
      this.#beginCall(this.#you, info);
    }
    for (const participant of this.people.admitted) {
      this.call?.participant(participant);
    }
    this.#showRoster();
  }

  /** @param {protocol.Participant} you @param {protocol.EngineInfo} info */
  #beginCall(you, info) {
    const { view, texts, makeEngine, play, onCall } = this.with;
    const { local, timers, say, reachable, heardAt } = this.options;
    this.call = new Call({
      seat: you.seat,
      info,
      makeEngine,
      local,
      timers,
      send: say,
      reachable,
      heardAt,
      onTrack: (seat, source, track) => view.putTrack(seat, source, track),
      onState: (seat, state) => this.#peerState(seat, state),
      onLevel: (levels) => view.levels(levels),
      onWeak: () => this.soundAlone(),
    });
    this.call.fare.adaptation.visible(this.#visible);
    if (local.audioOnly) {
      this.call.faces("chosen", false);
    }
    this.soundAlone();
    view.show("call");
    onCall();
    if (you.role === "guest") {
      play("admitted");
      view.announce(texts.admitted);
    }
    this.closing.at(this.#room?.closesAt ?? null);
  }

  /** @param {string} seat @param {import("./engines/engine.js").PeerState} state */
  #peerState(seat, state) {
    this.with.view.peerState(seat, state);
    if (state === "closed" && this.people.isLost(seat)) {
      this.people.forget(seat);
      this.#showRoster();
    }
  }
}
