/**
 * "Skriv og vis" on the page: the panel beside the pictures, with what was written and shown. Finished lines are read
 * aloud by a log; the line that somebody is writing stands below it and is not, since letter by letter it would talk
 * over everybody.
 */

import { fill } from "../../lib/page-data.js";
import { Exchange } from "../exchange/exchange.js";
import { byId, label, make, part } from "./dom.js";
import { addressed, enhanceLink } from "./exchange-link.js";
import { PictureChoice } from "./exchange-picture.js";
import { Viewer } from "./viewer.js";

/** @typedef {import("../exchange/exchange.js").Who} Who */
/** @typedef {import("../protocol.js").Participant} Participant */
/** What is shown of one line, link or picture. @typedef {{row: HTMLElement, state: HTMLElement, mine: boolean, picture: string, progress: HTMLProgressElement | null}} Item */

/** A phone: its keyboard would cover the pictures as soon as the field has the focus. */
const touch = matchMedia("(pointer: coarse)");

/**
 * The part of the session, together with its panel.
 *
 * @param {import("../parts.js").PartOptions} options
 * @returns {Exchange}
 */
export function exchangePart(options) {
  const panel = new ExchangePanel(options);
  return panel.exchange;
}

export class ExchangePanel {
  /** @type {Map<string, Item>} */ #items = new Map();
  /** @type {Map<string, HTMLElement>} */ #typing = new Map();
  #unread = 0;
  /** Whether the person has closed the panel by hand: then it opens by hand alone. */ #closed = false;

  /** @param {import("../parts.js").PartOptions} options */
  constructor(options) {
    const { texts, view, data } = options;
    this.texts = texts;
    this.view = view;
    this.exchange = new Exchange(options, this);
    this.viewer = new Viewer(texts);
    this.choice = new PictureChoice(texts, { isHost: data.isHost, nameOf: (person) => view.nameOf(person) }, (jpeg) => this.#show(jpeg));
    enhanceLink(texts, (link) => this.exchange.sendLink(link));
    const text = byId("exchange-text", HTMLTextAreaElement);
    text.addEventListener("input", () => this.exchange.typed(text.value));
    text.addEventListener("keydown", (event) => {
      // While letters are being put together (IME), Enter belongs to them.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send(text);
      }
    });
    byId("exchange-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(text);
      text.focus();
    });
    part("toggle-exchange").addEventListener("click", () => (this.#shown ? this.#close() : this.#openByHand()));
    part("close-exchange").addEventListener("click", () => this.#close());
    part("exchange").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) {
        this.#close();
      }
    });
    part("show-picture").addEventListener("click", () => this.choice.open());
    // There is room for one panel beside the pictures.
    document.getElementById("toggle-invite")?.addEventListener("click", () => this.#shown && this.#hide());
    this.#followKeyboard();
  }

  // --- What comes (ExchangeView) ---

  /** @param {Participant[]} people */
  company(people) {
    part("exchange-nobody").hidden = people.length > 0;
    for (const id of ["exchange-send", "send-link"]) {
      document.getElementById(id)?.toggleAttribute("disabled", people.length === 0);
    }
    this.choice.company(people);
  }

  /** @param {string} seat @param {string} name @param {string} text */
  typing(seat, name, text) {
    let row = this.#typing.get(seat);
    if (!text) {
      row?.remove();
      this.#typing.delete(seat);
      return;
    }
    if (!row) {
      row = make("li", "exchange__item");
      row.append(make("span", "exchange__who", fill(this.texts.exchangeTypes, { name })), make("p", "exchange__words"));
      this.#typing.set(seat, row);
      part("exchange-typing").append(row);
      this.#openByItself();
    }
    const words = row.querySelector("p");
    if (words) {
      words.dir = "auto";
      words.textContent = text;
    }
    this.#toEnd();
  }

  /** @param {string} id @param {Who} who @param {string} text */
  line(id, who, text) {
    const words = make("p", "exchange__words", text);
    words.dir = "auto";
    this.#put(id, who, who.name, words);
    this.#arrived(who, fill(this.texts.exchangeMessage, { name: who.name, text }));
  }

  /** @param {string} id @param {Who} who @param {import("../exchange/link.js").Link} link */
  link(id, who, link) {
    const { texts } = this;
    const opens = make("a", "button button-primary button--small", texts.exchangeOpenLink);
    opens.href = link.href;
    opens.target = "_blank";
    opens.rel = "noopener noreferrer";
    const says = who.mine ? texts.exchangeLinkMine : fill(texts.exchangeLinkFrom, { name: who.name });
    this.#put(id, who, says, addressed(link), opens, make("p", "exchange__state", texts.exchangeStaysOn));
    this.#arrived(who, `${says} ${link.host}`);
  }

  /** @param {string} id @param {Who} who @param {number} share */
  coming(id, who, share) {
    const { texts } = this;
    const item = this.#items.get(id) ?? this.#put(id, who, who.name);
    if (!item.progress) {
      item.progress = make("progress", "exchange__progress");
      item.progress.max = 100;
      item.state.before(item.progress);
    }
    const words = fill(who.mine ? texts.exchangeSending : texts.exchangeComing, { name: who.name, percent: Math.round(share * 100) });
    item.progress.value = Math.round(share * 100);
    item.progress.setAttribute("aria-label", words);
    item.state.textContent = words;
    if (!who.mine) {
      this.#openByItself();
    }
    this.#toEnd();
  }

  /** @param {string} id @param {Who} who @param {Blob} jpeg */
  picture(id, who, jpeg) {
    const { texts } = this;
    const item = this.#items.get(id) ?? this.#put(id, who, who.name);
    this.#still(item);
    item.state.textContent = "";
    item.picture = URL.createObjectURL(jpeg);
    const name = who.mine ? texts.exchangeYours : fill(texts.exchangeBy, { name: who.name });
    const enlarge = make("button", "exchange__picture");
    enlarge.type = "button";
    const picture = make("img");
    picture.src = item.picture;
    picture.alt = name;
    picture.addEventListener("load", () => this.#toEnd());
    enlarge.append(picture, make("span", "exchange__enlarge", texts.exchangeEnlarge));
    enlarge.addEventListener("click", () => this.viewer.open(item.picture, name, { save: !who.mine }));
    item.state.before(enlarge);
    if (who.mine) {
      const stop = make("button", "button button-secondary button--small exchange__stop", texts.exchangeCancel);
      stop.type = "button";
      stop.addEventListener("click", () => {
        this.exchange.cancel(id);
        part("show-picture").focus();
      });
      item.row.append(stop);
    }
    this.#arrived(who, fill(texts.exchangeArrived, { name: who.name }));
  }

  /** @param {string} id @param {string} words */
  lost(id, words) {
    const item = this.#items.get(id);
    if (item && !item.picture) {
      this.#still(item);
      item.state.textContent = words;
      this.#tell(words);
    }
  }

  /** @param {string} id @param {import("../exchange/exchange.js").State} state */
  state(id, state) {
    const { texts } = this;
    const item = this.#items.get(id);
    if (!item) {
      return;
    }
    if (state !== "late") {
      this.#still(item);
    }
    const done = item.picture ? texts.exchangeSent : "";
    const words = { late: texts.exchangeLate, missed: texts.exchangeMissed, cancelled: texts.exchangeCancelled, sending: "", "": done };
    item.state.textContent = words[state];
    if (words[state]) {
      this.view.announce(words[state]);
    }
  }

  /** Nothing is left. */
  clear() {
    for (const { picture } of this.#items.values()) {
      URL.revokeObjectURL(picture);
    }
    this.#items.clear();
    this.#typing.clear();
    part("exchange-log").replaceChildren();
    part("exchange-typing").replaceChildren();
    part("exchange-empty").hidden = false;
    byId("exchange-text", HTMLTextAreaElement).value = "";
    this.viewer.close();
    this.choice.close();
    this.#closed = false;
    this.#hide();
    this.#read();
  }

  // --- What the person does ---

  /** @param {HTMLTextAreaElement} field */
  #send(field) {
    if (this.exchange.sendLine(field.value)) {
      field.value = "";
    }
  }

  /** @param {Blob} jpeg @returns {Promise<boolean>} */
  async #show(jpeg) {
    const shown = await this.exchange.sendPicture(jpeg);
    if (shown && !this.#shown) {
      this.#open();
    }
    return shown;
  }

  // --- The panel ---

  get #shown() {
    return !part("exchange").hidden;
  }

  #openByHand() {
    this.#closed = false;
    this.#open();
    (touch.matches ? part("exchange-heading") : part("exchange-text")).focus();
  }

  /** Something has come: whoever has not closed the panel sees it at once. */
  #openByItself() {
    if (!this.#closed && !this.#shown) {
      this.#open();
    }
  }

  #open() {
    const invite = document.getElementById("invite");
    if (invite && !invite.hidden) {
      const focused = document.activeElement;
      part("close-invite").click();
      if (focused instanceof HTMLElement && focused.checkVisibility()) {
        focused.focus();
      }
    }
    part("exchange").hidden = false;
    part("toggle-exchange").setAttribute("aria-expanded", "true");
    this.#read();
    this.#toEnd();
  }

  #close() {
    this.#closed = true;
    const focused = part("exchange").contains(document.activeElement);
    this.#hide();
    if (focused) {
      part("toggle-exchange").focus();
    }
  }

  #hide() {
    part("exchange").hidden = true;
    part("toggle-exchange").setAttribute("aria-expanded", "false");
  }

  /** @param {Who} who @param {string} words for those who listen and have the panel closed; an open log speaks for itself */
  #arrived(who, words) {
    this.#toEnd();
    if (who.mine) {
      return;
    }
    this.#openByItself();
    if (!this.#shown) {
      this.#unread += 1;
      this.#label();
      this.view.announce(words);
    }
  }

  /** @param {string} words that no log says */
  #tell(words) {
    this.view.announce(words);
  }

  #read() {
    this.#unread = 0;
    this.#label();
  }

  #label() {
    const { texts } = this;
    const many = fill(texts.exchangeNew, { n: this.#unread });
    label(part("toggle-exchange"), this.#unread === 0 ? texts.exchangeOpen : this.#unread === 1 ? texts.exchangeNewOne : many);
    part("toggle-exchange").classList.toggle("has-news", this.#unread > 0);
  }

  /**
   * A new row of the log.
   *
   * @param {string} id @param {Who} who @param {string} says @param {...HTMLElement} content
   * @returns {Item}
   */
  #put(id, who, says, ...content) {
    const row = make("li", who.mine ? "exchange__item is-mine" : "exchange__item");
    const state = make("p", "exchange__state");
    // Put together before it comes to the log, so that it is read as one.
    row.append(make("span", "exchange__who", says), ...content, state);
    const item = { row, state, mine: who.mine, picture: "", progress: null };
    this.#items.set(id, item);
    part("exchange-log").append(row);
    part("exchange-empty").hidden = true;
    return item;
  }

  /** Nothing of it is under way. @param {Item} item */
  #still(item) {
    item.progress?.remove();
    item.progress = null;
    const stop = item.row.querySelector(".exchange__stop");
    const focused = stop === document.activeElement;
    stop?.remove();
    if (focused) {
      part("show-picture").focus();
    }
  }

  #toEnd() {
    const middle = part("exchange-middle");
    middle.scrollTop = middle.scrollHeight;
  }

  /** A phone's keyboard lies over the page: the call takes the room above it. */
  #followKeyboard() {
    const seen = window.visualViewport;
    const follow = () => document.documentElement.style.setProperty("--seen-height", `${Math.round(seen?.height ?? 0)}px`);
    if (seen) {
      seen.addEventListener("resize", follow);
      follow();
    }
  }
}
