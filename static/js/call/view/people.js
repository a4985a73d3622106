/** The dialog with all who take part: how good the line to each is, and what a host can do about them. */

import { ask } from "../../lib/confirm.js";
import { fill } from "../../lib/page-data.js";
import { byId, label, make, part } from "./dom.js";

/** @typedef {import("../protocol.js").Participant} Participant */
/** @typedef {import("../rating.js").Word} Word */

export class PeoplePanel {
  /** @type {Map<string, Word>} */ #lines = new Map();
  /** @type {Participant | null} */ #you = null;
  /** @type {Participant[]} */ #others = [];

  /**
   * @param {import("../texts.js").Texts} texts
   * @param {(participant: Participant) => string} nameOf
   * @param {{lock: () => void, remove: (seat: string) => void, mute: (seat: string) => void}} on
   */
  constructor(texts, nameOf, on) {
    this.texts = texts;
    this.nameOf = nameOf;
    this.on = on;
    part("open-people").addEventListener("click", () => byId("people-dialog", HTMLDialogElement).showModal());
    document.getElementById("lock-room")?.addEventListener("click", () => on.lock());
  }

  /** @param {Participant | null} you @param {Participant[]} others */
  people(you, others) {
    this.#you = you;
    this.#others = others;
    this.#show();
  }

  /** @param {string} seat @param {Word | null} word */
  line(seat, word) {
    if (word) {
      this.#lines.set(seat, word);
    } else {
      this.#lines.delete(seat);
    }
    this.#show();
  }

  /** @param {boolean} locked */
  locked(locked) {
    part("room-locked").hidden = !locked;
    const button = document.getElementById("lock-room");
    if (button) {
      label(button, locked ? this.texts.unlockRoom : this.texts.lockRoom);
      part("lock-words").textContent = locked ? this.texts.lockedWords : this.texts.unlockedWords;
    }
  }

  /** Rows are kept, so that the keyboard stays where it was. */
  #show() {
    const list = part("people-list");
    /** @type {Map<string | undefined, HTMLElement>} */
    const rows = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset["seat"], /** @type {HTMLElement} */ (row)]));
    const shown = this.#you ? [this.#you, ...this.#others] : [];
    for (const [seat, row] of rows) {
      if (!shown.some((participant) => participant.seat === seat)) {
        const focused = row.contains(document.activeElement);
        row.remove();
        if (focused) {
          part("people-dialog-heading").focus();
        }
      }
    }
    for (const participant of shown) {
      let row = rows.get(participant.seat);
      if (!row) {
        row = this.#row(participant);
        list.append(row);
      }
      this.#fill(row, participant);
    }
  }

  /** @param {Participant} participant */
  #row({ seat, role }) {
    const row = make("li", "person-row");
    row.dataset["seat"] = seat;
    row.append(make("span", "person-row__name"), make("span", "person-row__line"));
    if (this.#you?.role === "host" && seat !== this.#you.seat) {
      const buttons = make("span", "person-row__buttons");
      const mute = make("button", "button button-secondary button--small person-row__mute", this.texts.muteThem);
      mute.type = "button";
      mute.addEventListener("click", () => this.on.mute(seat));
      buttons.append(mute);
      if (role === "guest") {
        const remove = make("button", "button button-secondary button--small", this.texts.removeThem);
        remove.type = "button";
        remove.addEventListener("click", () => void this.#askRemove(seat));
        buttons.append(remove);
      }
      row.append(buttons);
    }
    return row;
  }

  /** @param {HTMLElement} row @param {Participant} participant */
  #fill(row, participant) {
    const { texts } = this;
    const mine = participant.seat === this.#you?.seat;
    const name = mine && participant.name ? `${participant.name} (${texts.you})` : mine ? texts.self : this.nameOf(participant);
    const word = this.#lines.get(participant.seat);
    const line = word ? { good: texts.lineGood, uneven: texts.lineUneven, poor: texts.linePoor }[word] : "";
    const off = participant.media.microphone || mine ? "" : texts.microphoneIsOff;
    for (const [part, text] of [["name", name], ["line", [line, off].filter(Boolean).join(" · ")]]) {
      const element = row.querySelector(`.person-row__${part}`);
      if (element && element.textContent !== text) {
        element.textContent = text ?? "";
      }
    }
    row.querySelector(".person-row__mute")?.toggleAttribute("disabled", !participant.media.microphone);
    row.querySelectorAll("button").forEach((button) => button.setAttribute("aria-label", `${button.textContent}: ${name}`));
  }

  /** @param {string} seat */
  async #askRemove(seat) {
    const participant = this.#others.find((other) => other.seat === seat);
    part("remove-dialog-heading").textContent = fill(this.texts.removeAsk, { name: participant ? this.nameOf(participant) : "" });
    if (await ask(byId("remove-dialog", HTMLDialogElement))) {
      this.on.remove(seat);
    }
  }
}
