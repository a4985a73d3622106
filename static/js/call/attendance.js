/**
 * What the hub tells of the room while this seat is there: who else is, how long it is open, and the call itself.
 * Knows no DOM and no socket.
 */

import { fill } from "../lib/page-data.js";
import { Call } from "./call.js";
import { Closing } from "./closing.js";
import { Lasting } from "./lasting.js";
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
 * @property {import("./parts.js").Parts} parts
 */

export class Attendance {
  /** While this seat takes part. @type {Call | null} */ call = null;
  /** @type {protocol.Participant | null} */ #you = null;
  /** @type {protocol.Room | null} */ #room = null;
  /** @type {any} */ #asking = null;
  /** Whether the socket is back, and the call waits for its engine to be taken up again. */ #unresumed = false;
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
    this.lasting = new Lasting(view, options.timers);
    this.closing = new Closing(
      (time, minutes) => {
        const words = minutes > 1 ? texts.closesSoon : texts.closesInAMinute;
        view.notice(fill(words, { time: view.time(time) }), "warning", { brief: true });
      },
      options.timers,
    );
  }

  /** @param {protocol.ServerMessage} message */
  hear(message) {
    if (this.options.parts.takes(message)) {
      return;
    }
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
        return this.#letIn(message);
      case "signal":
        return this.call?.signal(message);
      case "engine":
        return this.#engine(message.engine);
      default:
    }
  }

  /** One's own seat, as the hub sees it; nothing outside the room. */
  get you() {
    return this.#you;
  }

  /** Whether this seat is let in, be it that sound and picture have yet to begin. */
  get admitted() {
    return this.call !== null || this.#you?.state === "admitted";
  }

  /** No media server answers the hub: asked again, since nobody tells when one does. @param {string} message */
  noServer(message) {
    const { timers, say } = this.options;
    this.lasting.tell(message);
    timers.clear(this.#asking);
    this.#asking = timers.set(() => say(protocol.engine()), ASK_AGAIN);
    this.options.parts.tell("serverless");
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
    this.#answered();
    this.lasting.over();
    this.#unresumed = false;
    const { call } = this;
    const stayed = this.#you !== null;
    call?.close();
    this.call = null;
    if (call) {
      this.options.parts.tell("call", null);
    }
    this.people.clear();
    this.#you = null;
    this.#room = null;
    this.closing.at(null);
    if (stayed) {
      this.options.parts.tell("ended");
    }
  }

  /** @param {protocol.Welcome} message */
  #welcome({ you, room, participants, engine }) {
    this.#you = you;
    this.#unresumed = you.state === "admitted";
    this.lasting.over();
    this.#roomChanged(room);
    for (const seat of this.people.replace(participants, (seat) => this.call?.hears(seat) ?? false)) {
      this.call?.gone(seat, "left");
      this.options.parts.tell("gone", seat);
    }
    if (you.state === "admitted") {
      this.with.view.show("call");
      if (engine) {
        this.#enterCall(engine);
      }
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
    this.options.parts.tell("welcomed", you, room);
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
    this.options.parts.tell("participant", participant);
  }

  /** @param {protocol.Gone} message */
  #gone({ seat, reason }) {
    if (this.call?.gone(seat, reason)) {
      this.people.lose(seat);
    } else {
      this.#forget(seat);
    }
    this.#showRoster();
  }

  /** @param {string} seat */
  #forget(seat) {
    this.people.forget(seat);
    this.options.parts.tell("gone", seat);
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
    if (before && before.endsAt !== room.endsAt && room.endsAt && this.call) {
      view.notice(fill(texts.extended, { time: view.time(room.endsAt) }), "good", { brief: true });
    }
    this.closing.at(this.call ? room.closesAt : null);
    this.options.parts.tell("room", room);
  }

  /** @param {protocol.EngineInfo} info as it was asked for, or as it is from now on */
  #engine(info) {
    if (this.call && !this.#unresumed) {
      this.#answered();
      this.call.refreshed(info);
    } else if (this.admitted) {
      this.#enterCall(info);
    }
  }

  /** The hub has a media server. */
  #answered() {
    if (this.#asking !== null) {
      this.options.timers.clear(this.#asking);
      this.#asking = null;
      this.lasting.over();
    }
  }

  /** The host has said yes. @param {protocol.Admitted} message without an engine where no media server answers yet */
  #letIn({ participants = [], engine }) {
    if (this.#you) {
      this.#you = { ...this.#you, state: "admitted" };
    }
    if (engine) {
      // Whom to call. Everything else about them is said right behind.
      this.#enterCall(engine, participants);
    } else {
      this.with.view.show("call");
      this.#showRoster();
    }
  }

  /** @param {protocol.EngineInfo} info @param {protocol.Participant[]} [others] whom this page knows, or is about to */
  #enterCall(info, others = this.people.admitted) {
    this.#answered();
    if (this.call) {
      this.call.begin(info);
      this.#meet(this.call, others);
    } else if (this.#you) {
      this.#beginCall(this.#you, info, others);
    }
    // Last: the connections are laid out beside it.
    this.with.view.show("call");
    if (this.#unresumed) {
      this.#unresumed = false;
      this.call?.resume();
    }
    this.#showRoster();
  }

  /** @param {Call} call @param {protocol.Participant[]} others who take part */
  #meet(call, others) {
    for (const participant of others) {
      call.participant(participant);
    }
  }

  /** @param {protocol.Participant} you @param {protocol.EngineInfo} info @param {protocol.Participant[]} others */
  #beginCall(you, info, others) {
    const { view, texts, makeEngine, play, onCall, onError } = this.with;
    const { local, timers, say, reachable, heardAt, parts } = this.options;
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
      watch: {
        levels: (levels) => {
          view.levels(levels);
          parts.tell("levels", levels);
        },
        reports: (reports) => parts.tell("reports", reports),
        flow: (seat, flowing) => parts.tell("flow", seat, flowing),
      },
      onWeak: () => this.soundAlone(),
      onNoPlace: () => this.lasting.tell(texts.noMedia),
      ...(onError && { onError }),
    });
    // At once: their connections are laid out while this page does the rest.
    this.#meet(this.call, others);
    this.call.fare.adaptation.visible(this.#visible);
    if (local.audioOnly) {
      this.call.faces("chosen", false);
    }
    this.soundAlone();
    onCall();
    if (you.role === "guest") {
      play("admitted");
      view.announce(texts.admitted);
    }
    this.closing.at(this.#room?.closesAt ?? null);
    parts.tell("call", this.call);
  }

  /** @param {string} seat @param {import("./engines/engine.js").PeerState} state */
  #peerState(seat, state) {
    this.with.view.peerState(seat, state);
    this.options.parts.tell("peerState", seat, state);
    if (state === "connected" && this.#asking === null) {
      this.lasting.over();
    }
    if (state === "closed" && this.people.isLost(seat)) {
      this.#forget(seat);
      this.#showRoster();
    }
  }
}
