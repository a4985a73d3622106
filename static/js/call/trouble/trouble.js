/**
 * Tells the hub what goes wrong on this device, so that a failure gets its name. Words from a fixed list alone
 * (rooms.enums.Trouble); nothing that a person typed, and no address. Knows no DOM.
 *
 * What cannot be said while the socket is away is said when it is back; what is seen before there is a seat goes by
 * `beacon`.
 */

import * as protocol from "../protocol.js";
import { family } from "./browser.js";
import { why } from "./path.js";
import { Stopped } from "./stopped.js";

/** Milliseconds for which nothing comes from anybody before it is told. */
export const NOTHING_AFTER = 9000;
/** Milliseconds out of sight, in a call, before that is told. */
export const HIDDEN_AFTER = 10000;
/** Milliseconds without a first answer from the hub. */
export const NEVER_AFTER = 15000;
/** Seconds of outage that are told of. */
export const SHORTEST_OUTAGE = 3;
const KEPT = 20;

/**
 * @typedef {object} TroubleOptions
 * @property {(what: string, detail: string) => void} beacon for a page that has no socket
 * @property {string} agent the browser's user agent
 * @property {boolean} inApp
 * @property {() => number} [clock] milliseconds, never jumping
 */

export class Trouble {
  /** What the devices' last word was. @type {Map<string, string>} */ #devices = new Map();
  /** Not told yet. @type {{what: string, detail: string}[]} */ #untold = [];
  /** @type {import("../call.js").Call | null} */ #call = null;
  /** @type {Map<string, any[]>} */ #reports = new Map();
  /** Seats that something comes from. @type {Set<string>} */ #flowing = new Set();
  /** @type {any} */ #nothing = null;
  /** @type {any} */ #hidden = null;
  /** @type {any} */ #never = null;
  /** @type {number | null} */ #lostAt = null;
  #welcomed = false;
  #toldNothing = false;
  #toldWorks = false;
  #toldApp = false;
  #visible = true;

  /**
   * @param {import("../parts.js").PartOptions} options
   * @param {TroubleOptions} more
   */
  constructor(options, more) {
    this.options = options;
    this.more = more;
    this.clock = more.clock ?? (() => performance.now());
    this.browser = family(more.agent, more.inApp);
    this.stopped = new Stopped((what) => this.tell(what, this.browser), this.clock);
  }

  /** @param {string} what a word of rooms.enums.Trouble @param {string} [detail] */
  tell(what, detail = "") {
    if (this.more.inApp && !this.#toldApp) {
      this.#toldApp = true;
      this.#send("in_app", this.browser);
    }
    this.#send(what, detail);
  }

  /** Camera and microphone, whenever something about them may have changed. */
  localChanged() {
    const { problems, tracks } = this.options.local;
    for (const kind of /** @type {const} */ (["camera", "microphone"])) {
      const problem = problems[kind];
      const before = this.#devices.get(kind);
      const now = problem ? wordFor(kind, problem) : tracks[kind] ? "works" : before;
      if (now !== undefined && now !== before) {
        this.#devices.set(kind, now);
        if (now !== "works") {
          this.tell(now, this.browser);
        } else if (before !== undefined) {
          this.tell(`${kind}_works`);
        } else {
          // The page before this one may have told otherwise.
          this.#afterWelcome(`${kind}_works`);
        }
      }
    }
  }

  /** @param {import("../signalling.js").State} state of the socket */
  socket(state) {
    const { timers } = this.options;
    if (state === "lost") {
      this.#lostAt ??= this.clock();
    } else if (state === "connecting" && !this.#welcomed) {
      this.#never ??= timers.set(() => this.more.beacon("socket_never", this.browser), NEVER_AFTER);
    } else {
      timers.clear(this.#never);
      this.#never = null;
    }
  }

  /** The browser says that this device has no network. */
  offline() {
    // A line that comes and goes would fill the list, and say it all at once when it stays.
    if (!this.#untold.some(({ what }) => what === "offline")) {
      this.#untold.push({ what: "offline", detail: "" });
    }
  }

  /** @param {boolean} visible whether the page is in sight */
  visible(visible) {
    this.#visible = visible;
    const { timers } = this.options;
    timers.clear(this.#hidden);
    this.#hidden = visible || !this.#call ? null : timers.set(() => this.tell("page_hidden", this.browser), HIDDEN_AFTER);
  }

  welcomed() {
    this.#welcomed = true;
    const { timers } = this.options;
    timers.clear(this.#never);
    this.#never = null;
    if (this.#lostAt !== null) {
      const seconds = Math.round((this.clock() - this.#lostAt) / 1000);
      this.#lostAt = null;
      if (seconds >= SHORTEST_OUTAGE) {
        this.#untold.push({ what: "socket_lost", detail: String(Math.min(seconds, 3600)) });
      }
    }
    // The welcome is on its way through: what is said now is said after it.
    timers.set(() => this.#tellRest(), 0);
  }

  /** @param {import("../call.js").Call | null} call */
  call(call) {
    this.#call = call;
    this.stopped.forget();
    this.#flowing.clear();
    this.#reports.clear();
    this.#toldNothing = false;
    this.#toldWorks = false;
    this.#watch();
  }

  participant() {
    this.#watch();
  }

  gone() {
    this.#watch();
  }

  /** @param {string} seat @param {boolean} flowing */
  flow(seat, flowing) {
    if (flowing) {
      this.#came(seat);
    } else {
      this.#flowing.delete(seat);
      this.#watch();
    }
  }

  /** @param {Map<string, any[]>} reports */
  reports(reports) {
    for (const [seat, entries] of reports) {
      const before = packets(this.#reports.get(seat));
      this.#reports.set(seat, entries);
      if (packets(entries) > before) {
        this.#came(seat);
      }
    }
    this.stopped.look(this.options.people(), reports, this.#visible && (this.#call?.fare?.wants.includes("camera") ?? false));
  }

  ended() {
    const { timers } = this.options;
    for (const timer of [this.#nothing, this.#hidden, this.#never]) {
      timers.clear(timer);
    }
    this.#nothing = this.#hidden = this.#never = null;
    this.#call = null;
    this.#lostAt = null;
    this.#flowing.clear();
  }

  /** @param {string} seat */
  #came(seat) {
    this.#flowing.add(seat);
    this.options.timers.clear(this.#nothing);
    this.#nothing = null;
    if (this.#toldNothing || !this.#toldWorks) {
      this.#toldNothing = false;
      this.#toldWorks = true;
      this.#afterWelcome("media_works");
    }
  }

  /** Waits for something from those who are there and have something switched on. */
  #watch() {
    const { timers, people } = this.options;
    const due = people().filter(({ connected, media }) => connected && (media.microphone || media.camera));
    const missed = this.#call !== null && due.length > 0 && !due.some(({ seat }) => this.#flowing.has(seat));
    if (!missed) {
      timers.clear(this.#nothing);
      this.#nothing = null;
    } else if (!this.#toldNothing) {
      this.#nothing ??= timers.set(() => this.#nothingCame(), NOTHING_AFTER);
    }
  }

  #nothingCame() {
    this.#nothing = null;
    this.#toldNothing = true;
    const { engine } = this.#call ?? {};
    const found = why(this.#reports.values());
    if (found && engine?.name === "direct") {
      this.tell("direct_failed", found.detail);
      // The hub moves the call to the media server: what comes of that is told too.
      this.#toldNothing = false;
      this.#watch();
    } else {
      this.tell(found?.what ?? "no_media", found?.detail ?? this.browser);
    }
  }

  /** @param {string} what @param {string} detail */
  #send(what, detail) {
    if (this.options.say(protocol.trouble(what, detail))) {
      return;
    }
    if (!this.#welcomed) {
      this.more.beacon(what, detail);
    } else {
      this.#keep(what, detail);
    }
  }

  /** Good news: it can wait for the socket, and the door need not hear it. @param {string} what */
  #afterWelcome(what) {
    if (!this.options.say(protocol.trouble(what, ""))) {
      this.#keep(what, "");
    }
  }

  /** @param {string} what @param {string} detail */
  #keep(what, detail) {
    if (this.#untold.length < KEPT) {
      this.#untold.push({ what, detail });
    }
  }

  #tellRest() {
    for (const { what, detail } of this.#untold.splice(0)) {
      if (what.endsWith("_works")) {
        this.#afterWelcome(what);
      } else {
        this.tell(what, detail);
      }
    }
  }
}

/** @param {"camera" | "microphone"} kind @param {string} problem of devices.js @returns {string} */
function wordFor(kind, problem) {
  if (problem === "insecure") {
    return problem;
  }
  // Pulled out, or taken by the system, while it was in use.
  return `${kind}_${problem === "taken" ? "ended" : problem}`;
}

/** @param {any[] | undefined} entries @returns {number} packets received so far */
function packets(entries) {
  return (entries ?? []).reduce((sum, entry) => sum + (entry.type === "inbound-rtp" ? (entry.packetsReceived ?? 0) : 0), 0);
}
