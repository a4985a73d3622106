/**
 * The room's door, for hosts: who waits, and what can be done about it. Nobody is let in before the guard has asked
 * whether it is the right one (lib/guard.js).
 */

import { ask } from "../../lib/confirm.js";
import { askRight, stillRight, withdraw } from "../../lib/guard.js";
import { fill } from "../../lib/page-data.js";
import { byId, part } from "./dom.js";

/** @typedef {import("../protocol.js").Participant} Participant */
/**
 * What a host asks for at the door.
 *
 * @typedef {object} DoorHandlers
 * @property {(seat: string) => void} admit
 * @property {(seat: string) => void} refuse
 * @property {(seat: string) => void} ring
 * @property {(seat: string, sentence: string) => void} tell
 * @property {(minutes: number) => void} delay how late it gets, to all who wait here; 0: not late any more
 * @property {(how: "leave" | "end") => void} next leaves the call, or ends it, and goes to the one who waits next
 */

export class Door {
  /** Whom the guard asks about, while it does. */
  #asked = "";
  /** Whether anybody else is in the call. */ #alone = true;
  /** @type {Map<string, Participant>} */ #waiting = new Map();

  /**
   * @param {import("../texts.js").Texts} texts
   * @param {DoorHandlers} on
   * @param {{nameOf: (participant: Participant) => string, time: (moment: string) => string}} tools
   */
  constructor(texts, on, { nameOf, time }) {
    this.texts = texts;
    this.on = on;
    this.nameOf = nameOf;
    this.time = time;
    document.getElementById("next-patient")?.addEventListener("click", () => void this.#next());
  }

  /**
   * The list of those who wait; a row that stays keeps its element, so that focus is not lost.
   *
   * @param {Participant[]} waiting
   * @param {boolean} alone whether nobody else is in the call
   */
  show(waiting, alone) {
    this.#alone = alone;
    const list = document.getElementById("knocks");
    if (!list) {
      return;
    }
    this.#waiting = new Map(waiting.map((participant) => [participant.seat, participant]));
    const asked = this.#waiting.get(this.#asked);
    const renamed = asked?.connected && !stillRight(this.nameOf(asked));
    if (this.#asked && !asked?.connected) {
      withdraw();
    }
    const rows = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset["seat"], row]));
    for (const [seat, row] of rows) {
      if (!this.#waiting.has(seat ?? "")) {
        const focused = row.contains(document.activeElement);
        row.remove();
        if (focused) {
          part("call-heading").focus();
        }
      }
    }
    for (const participant of waiting) {
      let row = /** @type {HTMLElement | undefined} */ (rows.get(participant.seat));
      if (!row) {
        row = this.#row(participant.seat);
        list.append(row);
      }
      const name = this.nameOf(participant);
      put(row, ".knock__name", `${name} · ${fill(this.texts.since, { time: this.time(participant.since) })}`);
      /** @type {HTMLElement} */ (row.querySelector(".knock__telephone")).hidden = !participant.telephone;
      if (renamed && participant === asked) {
        put(row, ".knock__answer", this.texts.doorRenamed);
      }
      // Whose page sleeps is rung first: there is nobody to let in yet, and no page to read a sentence.
      const asleep = /** @type {HTMLElement} */ (row.querySelector(".knock__asleep"));
      asleep.hidden = participant.connected;
      for (const awake of row.querySelectorAll("[data-door=admit], .knock__say")) {
        /** @type {HTMLElement} */ (awake).hidden = !participant.connected;
      }
      const test = /** @type {HTMLElement} */ (row.querySelector(".knock__test"));
      const said = [...test.querySelectorAll("[data-test]")].filter(
        (/** @type {any} */ line) => !(line.hidden = line.dataset["test"] !== participant.test),
      );
      test.hidden = said.length === 0;
      row.querySelectorAll(":scope > button").forEach((button) => {
        button.setAttribute("aria-label", `${(button.textContent ?? "").trim()}: ${name}`);
      });
    }
    list.hidden = waiting.length === 0;
  }

  /** @param {string} seat */
  #row(seat) {
    const fresh = /** @type {DocumentFragment} */ (byId("door-row", HTMLTemplateElement).content.cloneNode(true));
    const row = /** @type {HTMLElement} */ (fresh.querySelector("li"));
    row.dataset["seat"] = seat;
    /** @param {string} name @param {() => void} act */
    const press = (name, act) => row.querySelector(`[data-door=${name}]`)?.addEventListener("click", act);
    press("admit", () => void this.#admit(seat));
    press("refuse", () => this.on.refuse(seat));
    press("ring", () => {
      this.on.ring(seat);
      put(row, ".knock__answer", fill(this.texts.doorRung, { name: this.#nameOf(seat) }));
    });
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll("[data-say], [data-delay]"))) {
      button.addEventListener("click", () => {
        const details = row.querySelector("details");
        details?.removeAttribute("open");
        details?.querySelector("summary")?.focus();
        const { say, delay } = button.dataset;
        if (delay === undefined) {
          this.on.tell(seat, say ?? "");
        } else {
          this.on.delay(Number(delay));
        }
        put(row, ".knock__answer", fill(this.texts.doorSaid, { sentence: (button.textContent ?? "").trim() }));
      });
    }
    return row;
  }

  /** @param {string} seat */
  async #admit(seat) {
    this.#asked = seat;
    const answer = await askRight({ name: this.#nameOf(seat) });
    this.#asked = "";
    if (answer === "yes") {
      this.on.admit(seat);
    } else if (answer === "no") {
      this.on.tell(seat, "wait");
    }
  }

  async #next() {
    if (this.#alone) {
      this.on.next("leave");
      return;
    }
    const dialog = byId("next-dialog", HTMLDialogElement);
    await ask(dialog);
    if (dialog.returnValue === "end" || dialog.returnValue === "leave") {
      this.on.next(dialog.returnValue);
    }
  }

  /** @param {string} seat */
  #nameOf(seat) {
    const participant = this.#waiting.get(seat);
    return participant ? this.nameOf(participant) : "";
  }
}

/** @param {HTMLElement} row @param {string} selector @param {string} text */
function put(row, selector, text) {
  const line = row.querySelector(selector);
  if (line && line.textContent !== text) {
    line.textContent = text;
  }
}
