/**
 * How the others get this person, from their own reports, and what this device reports to them of each. Knows no DOM.
 */

import { fill } from "../lib/page-data.js";
import { Ear } from "./ear.js";
import * as protocol from "./protocol.js";
import { Line, best, worst } from "./rating.js";

/** Milliseconds between two reports of the same; what was said so long ago that another two were due counts no more. */
export const TELL = 5000;
export const STALE = 13000;

/** @typedef {import("./rating.js").Word} Word */
/** @typedef {import("./ear.js").Heard & {line: Word | null}} Report how somebody is got */
/** @typedef {{text: string, bad: boolean}} Said */

/**
 * What a person is told of how the others get them: the worst with the name.
 *
 * @param {{name: string, report: Report}[]} reports
 * @param {import("./texts.js").Texts} texts
 * @returns {Said} nothing where nothing is due
 */
export function said(reports, texts) {
  const deaf = reports.filter(({ report }) => report.sound === false);
  const still = reports.filter(({ report }) => report.picture === false);
  const hear = reports.filter(({ report }) => report.sound === true);
  /** @param {{name: string}[]} people */
  const names = (people) => people.map(({ name }) => name).join(", ");
  if (deaf.length > 0) {
    return { text: fill(texts.notHeardBy, { name: names(deaf) }), bad: true };
  }
  if (still.length > 0) {
    return { text: fill(texts.stillFor, { name: names(still) }), bad: true };
  }
  if (hear.length > 0) {
    return { text: hear.length === 1 ? fill(texts.heardBy, { name: names(hear) }) : texts.heardByAll, bad: false };
  }
  return { text: "", bad: false };
}

export class Mirror {
  /** @type {Map<string, Ear>} */ #ears = new Map();
  /** @type {Map<string, Line>} */ #lines = new Map();
  /** What was told last, and when. @type {Map<string, {words: string, at: number}>} */ #told = new Map();
  /** What the others said. @type {Map<string, {report: Report, at: number}>} */ #heard = new Map();
  /** @type {import("./call.js").Call | null} */ #call = null;
  #shown = { heard: "", bad: false, line: /** @type {Word | null} */ (null) };

  /**
   * @param {import("./parts.js").PartOptions} options
   * @param {{own: (said: Said, line: Word | null) => void, line: (seat: string, word: Word | null) => void}} show
   * @param {{visible: () => boolean, clock?: () => number}} [page]
   */
  constructor(options, show, { visible, clock = () => performance.now() } = { visible: () => true }) {
    this.options = options;
    this.show = show;
    this.isVisible = visible;
    this.clock = clock;
  }

  /** @param {protocol.ServerMessage} message */
  message(message) {
    if (message.type !== "signal" || !message.data.hearing) {
      return false;
    }
    const { sound, picture, line } = /** @type {Report} */ (message.data.hearing);
    const flag = (/** @type {unknown} */ value) => (typeof value === "boolean" ? value : null);
    const known = line === "good" || line === "uneven" || line === "poor" ? line : null;
    this.#heard.set(message.from, { report: { sound: flag(sound), picture: flag(picture), line: known }, at: this.clock() });
    this.#reflect();
    return true;
  }

  /** @param {import("./call.js").Call | null} call */
  call(call) {
    this.#call = call;
    this.#ears.clear();
    this.#lines.clear();
    this.#told.clear();
    this.#heard.clear();
    this.#reflect();
  }

  /** @param {string} seat */
  gone(seat) {
    for (const known of [this.#ears, this.#lines, this.#told, this.#heard]) {
      known.delete(seat);
    }
    this.show.line(seat, null);
    this.#reflect();
  }

  /** @param {Map<string, any[]>} reports */
  reports(reports) {
    const now = this.clock();
    for (const participant of this.options.people()) {
      const { seat } = participant;
      const report = reports.get(seat);
      if (report) {
        this.#look(participant, report, now);
      }
    }
    this.#reflect();
  }

  localChanged() {
    this.#reflect();
  }

  /** @param {protocol.Participant} participant @param {any[]} report @param {number} now */
  #look({ seat, instance, media, connected }, report, now) {
    const wantsFaces = this.#call?.fare.wants.includes("camera") ?? false;
    const due = { sound: media.microphone, picture: media.camera && !media.paused && wantsFaces && this.isVisible() };
    const ear = this.#ears.get(seat) ?? new Ear();
    const line = this.#lines.get(seat) ?? new Line();
    this.#ears.set(seat, ear);
    this.#lines.set(seat, line);
    const before = line.word;
    const hearing = { ...ear.listen(report, due, now), line: line.look(report, due.sound || due.picture, now) };
    if (line.word !== before) {
      this.show.line(seat, line.word);
    }
    const words = JSON.stringify([hearing, instance]);
    const told = this.#told.get(seat);
    if (instance && connected && (told?.words !== words || now - told.at >= TELL)) {
      this.#told.set(seat, { words, at: now });
      this.options.say(protocol.signal(seat, instance, { hearing }));
    }
  }

  /** Shows what the others say, if it is new. */
  #reflect() {
    const { options, show } = this;
    const now = this.clock();
    const { microphone, camera, paused } = options.local.state;
    const reports = options
      .people()
      .map((participant) => ({ participant, told: this.#heard.get(participant.seat) }))
      .filter(({ told }) => told && now - told.at < STALE)
      .map(({ participant, told }) => {
        const report = /** @type {Report} */ (told?.report);
        // What has been switched off meanwhile was reported before that.
        const sound = microphone ? report.sound : null;
        return { name: options.view.nameOf(participant), report: { ...report, sound, picture: camera && !paused ? report.picture : null } };
      });
    const heard = said(reports, options.texts);
    const own = this.#own(reports.map(({ report }) => report.line));
    if (heard.text !== this.#shown.heard || own !== this.#shown.line) {
      this.#shown = { heard: heard.text, bad: heard.bad, line: own };
      show.own(heard, own);
    }
  }

  /**
   * One's own line: as poorly as the others get us; and if everybody comes poorly, that is our line too.
   *
   * @param {(Word | null)[]} told
   * @returns {Word | null}
   */
  #own(told) {
    const given = told.filter((word) => word !== null);
    const got = [...this.#lines.values()].map(({ word }) => word).filter((word) => word !== null);
    return worst([...given, best(got)].filter((word) => word !== null));
  }
}
