/**
 * What the desk's page shows of those who wait. A row that stays keeps its element, so that focus is not lost.
 */

import { announce } from "../lib/announcer.js";
import { fill } from "../lib/page-data.js";
import { byId, make, part } from "../call/view/dom.js";
import { minutesSince } from "./waiting.js";

/** @typedef {import("./waiting.js").Waiting} Waiting */
/**
 * @typedef {object} DeskHandlers
 * @property {(who: Waiting) => void} letIn
 * @property {(who: Waiting) => void} ring
 * @property {(who: Waiting, sentence: string, words: string) => void} say
 */

export class DeskView {
  #title = document.title;
  /** @type {Map<string, {row: HTMLElement, who: Waiting}>} */ #rows = new Map();

  /** @param {Record<string, any>} texts @param {DeskHandlers} on */
  constructor(texts, on) {
    this.texts = texts;
    this.on = on;
  }

  /** @param {Waiting["participant"]} participant @returns {string} */
  nameOf(participant) {
    return participant.name || this.texts["unnamed"];
  }

  /** @param {Waiting[]} waiting @param {boolean} next whether one can be let in @param {number} now milliseconds */
  show(waiting, next, now) {
    const { texts } = this;
    const list = part("desk-list");
    const seats = new Set(waiting.map(({ participant }) => participant.seat));
    for (const [seat, { row }] of this.#rows) {
      if (!seats.has(seat)) {
        const focused = row.contains(document.activeElement);
        row.remove();
        this.#rows.delete(seat);
        if (focused) {
          part("desk-heading").focus();
        }
      }
    }
    waiting.forEach((who, place) => {
      const row = this.#rowOf(who);
      if (list.children[place] !== row) {
        list.insertBefore(row, list.children[place] ?? null);
      }
      this.#fill(row, who, now);
    });
    list.hidden = waiting.length === 0;
    part("desk-empty").hidden = waiting.length > 0;
    part("desk-next").hidden = !next;
    part("desk-count").textContent = waiting.length ? fill(texts["count"], { count: waiting.length }) : "";
    document.title = waiting.length ? fill(texts["title"], { count: waiting.length, title: this.#title }) : this.#title;
  }

  /** Nobody waits, and we know it. */
  known() {
    part("desk-empty-text").textContent = this.texts["nobody"];
  }

  /**
   * The day's meetings.
   *
   * @param {import("./waiting.js").WaitingRoom} room
   */
  rest(room) {
    const { texts } = this;
    const rows = room.meetings.map((meeting) => {
      const row = make("li", "desk-rest__row");
      const link = make("a", "", `${meeting.at} ${meeting.title}`);
      link.href = meeting.page;
      row.append(link);
      if (meeting.doctor) {
        row.append(make("span", "desk-rest__doctor", meeting.doctor));
      }
      const [words, kind] = room.waits(meeting.room)
        ? [texts["waits"], "badge-soft badge-soft--watch"]
        : room.talks(meeting.room)
          ? [texts["talking"], "badge-soft badge-soft--now"]
          : ["", ""];
      if (words) {
        row.append(make("span", kind, words));
      }
      return row;
    });
    const list = part("desk-rest");
    if (!list.contains(document.activeElement)) {
      list.replaceChildren(...rows);
    }
    list.hidden = rows.length === 0;
    part("desk-rest-none").hidden = rows.length > 0;
  }

  /** @param {string} seat @param {string} text */
  answer(seat, text) {
    const answer = this.#rows.get(seat)?.row.querySelector(".desk-row__answer");
    if (answer) {
      answer.textContent = text;
    }
  }

  /** @param {boolean} lost whether the list may be old */
  lost(lost) {
    const line = part("desk-lost");
    if (line.hidden === lost) {
      line.hidden = !lost;
      line.textContent = lost ? this.texts["lost"] : "";
    }
  }

  /** @param {string} text */
  announce(text) {
    announce(text);
  }

  /** @param {number} minutes that the doctor chosen is said to be late */
  delay(minutes) {
    for (const button of document.querySelectorAll("[data-delay]")) {
      const own = Number(/** @type {HTMLElement} */ (button).dataset["delay"]);
      if (own > 0) {
        button.setAttribute("aria-pressed", String(own === minutes));
      }
    }
    const said = minutes ? fill(this.texts["delayed"], { minutes }) : this.texts["delayedNone"];
    if (part("delay-said").textContent !== said) {
      part("delay-said").textContent = said;
    }
    part("delay-said").classList.toggle("is-late", minutes > 0);
    part("delay-none").hidden = minutes === 0;
  }

  /** @param {Waiting} who */
  #rowOf(who) {
    const known = this.#rows.get(who.participant.seat);
    if (known) {
      known.who = who;
      return known.row;
    }
    const fresh = byId("desk-row", HTMLTemplateElement).content.cloneNode(true);
    const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (fresh).querySelector("li"));
    const { seat } = who.participant;
    row.dataset["seat"] = seat;
    const now = () => this.#rows.get(seat)?.who ?? who;
    row.querySelector("[data-let-in]")?.addEventListener("click", () => this.on.letIn(now()));
    row.querySelector("[data-ring]")?.addEventListener("click", () => this.on.ring(now()));
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll("[data-say]"))) {
      button.addEventListener("click", () => {
        const details = row.querySelector("details");
        details?.removeAttribute("open");
        details?.querySelector("summary")?.focus();
        this.on.say(now(), button.dataset["say"] ?? "", button.textContent ?? "");
      });
    }
    this.#rows.set(seat, { row, who });
    return row;
  }

  /** @param {HTMLElement} row @param {Waiting} who @param {number} now */
  #fill(row, { participant, meeting, others }, now) {
    const { texts } = this;
    const name = this.nameOf(participant);
    const minutes = minutesSince(participant.since, now);
    const waited = minutes === 0 ? texts["justNow"] : fill(texts[minutes === 1 ? "minute" : "minutes"], { minutes });
    const test = participant.test ? fill(texts["test"], { verdict: texts["verdicts"][participant.test] ?? "" }) : texts["noTest"];
    const words = {
      name,
      meeting: fill(texts["meeting"], { at: meeting.at, title: meeting.title }) + (meeting.doctor && ` · ${meeting.doctor}`),
      since: waited,
      asleep: participant.connected ? "" : texts["asleep"],
      telephone: participant.telephone ? texts["telephone"] : "",
      test,
      others: others.length ? fill(texts["inRoom"], { names: others.map((one) => this.nameOf(one)).join(", ") }) : "",
    };
    for (const [kind, text] of Object.entries(words)) {
      const line = /** @type {HTMLElement} */ (row.querySelector(`.desk-row__${kind}`));
      if (line.textContent !== text) {
        line.textContent = text;
      }
      line.hidden = text === "";
    }
    row.querySelector(".desk-row__test")?.classList.toggle("is-poor", ["poor", "failed"].includes(participant.test ?? ""));
    // Whose page sleeps is rung first: there is nobody to let in yet, and no page to read a sentence.
    for (const awake of row.querySelectorAll("[data-let-in], .desk-row__say")) {
      /** @type {HTMLElement} */ (awake).hidden = !participant.connected;
    }
    for (const button of row.querySelectorAll(".desk-row__do button")) {
      button.setAttribute("aria-label", `${(button.textContent ?? "").trim()}: ${name}`);
    }
  }
}
