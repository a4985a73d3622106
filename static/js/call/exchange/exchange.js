/**
 * What people hand to each other in a call beside sound and picture: text as it is typed, pictures, links. A part of the
 * session; knows no DOM. Everything is in this page's memory alone, and goes with the call.
 */

import { fill } from "../../lib/page-data.js";
import * as protocol from "../protocol.js";
import { Arrivals, cut } from "./arrivals.js";
import { Delivery } from "./delivery.js";
import { checkedLink } from "./link.js";
import { Typing, drawId } from "./typing.js";

/** Milliseconds after which it is said that a line has not arrived. */
export const LATE = 3000;

/** @typedef {import("../protocol.js").Participant} Participant */
/** What stands under something of one's own. @typedef {"sending" | "late" | "missed" | "cancelled" | ""} State */
/**
 * Where all of it is shown: `view/exchange.js`.
 *
 * @typedef {object} ExchangeView
 * @property {(people: Participant[]) => void} company who would get it now
 * @property {(seat: string, name: string, text: string) => void} typing
 * @property {(id: string, who: Who, text: string) => void} line
 * @property {(id: string, who: Who, link: import("./link.js").Link) => void} link
 * @property {(id: string, who: Who, share: number) => void} coming a picture under way
 * @property {(id: string, who: Who, jpeg: Blob) => void} picture one that may be looked at
 * @property {(id: string, words: string) => void} lost a picture of another's that does not come
 * @property {(id: string, state: State) => void} state of something of one's own
 * @property {() => void} clear
 *
 * @typedef {{name: string, mine: boolean}} Who
 */

export class Exchange {
  /** Page loads of the others, by seat. @type {Map<string, string | null>} */ #instances = new Map();
  /** The same of those who are gone: they may come back with the same page. @type {Map<string, string | null>} */ #left = new Map();
  /** Names of those who were here, for what is still under way. @type {Map<string, string>} */ #names = new Map();
  /** What of one's own has not arrived yet, with the timer of its lateness. @type {Map<string, any>} */ #late = new Map();

  /**
   * @param {import("../parts.js").PartOptions} options
   * @param {ExchangeView} shown
   * @param {() => number} [now]
   */
  constructor(options, shown, now) {
    this.with = options;
    this.shown = shown;
    const { say, timers, texts } = options;
    this.delivery = new Delivery(
      {
        say: (piece) => say(protocol.piece(piece)),
        progress: (id, share) => this.#pictures.has(id) && shown.coming(id, this.#me, share),
        done: (id, arrived) => this.#settled(id, arrived),
      },
      timers,
      now,
    );
    this.typing = new Typing(
      ({ id, part, text }) => say(protocol.piece({ to: null, id, kind: "text", part, parts: 1, data: { text, sent: false } })),
      timers,
      now,
    );
    this.arrivals = new Arrivals(
      {
        typing: (from, text) => shown.typing(from, this.#nameOf(from), text),
        line: (from, id, text) => shown.line(key(from, id), this.#who(from), text),
        link: (from, id, url) => this.#linked(from, id, url),
        coming: (from, id, share) => shown.coming(key(from, id), this.#who(from), share),
        picture: (from, id, jpeg) => shown.picture(key(from, id), this.#who(from), jpeg),
        lost: (from, id, why) => {
          const words = why === "cancelled" ? texts.exchangePictureCancelled : texts.exchangePictureLost;
          shown.lost(key(from, id), fill(words, { name: this.#nameOf(from) }));
        },
      },
      (to, id, part) => say(protocol.got(to, id, part)),
    );
  }

  /** One's own pictures under way, and those taken back. @type {Set<string>} */ #pictures = new Set();
  /** @type {Set<string>} */ #cancelled = new Set();

  // --- What this person does ---

  /** @param {string} text the line as it stands */
  typed(text) {
    this.typing.change(text);
  }

  /** Finishes the line. @param {string} text @returns {boolean} whether there was somebody to read it */
  sendLine(text) {
    const seats = this.#seats();
    if (!text.trim() || seats.length === 0) {
      return false;
    }
    const { id, part } = this.typing.finish();
    this.shown.line(id, this.#me, text);
    this.#await(id);
    this.delivery.send({ id, kind: "text", first: part, pieces: [{ text, sent: true }] }, seats);
    return true;
  }

  /** @param {import("./link.js").Link} link @returns {boolean} whether there was somebody to get it */
  sendLink(link) {
    const seats = this.#seats();
    if (seats.length === 0) {
      return false;
    }
    const id = drawId();
    this.shown.link(id, this.#me, link);
    this.#await(id);
    this.delivery.send({ id, kind: "link", first: 0, pieces: [{ url: link.href }] }, seats);
    return true;
  }

  /** Shows a picture to all who are here now. @param {Blob} jpeg @returns {Promise<boolean>} whether there was anybody */
  async sendPicture(jpeg) {
    const bytes = new Uint8Array(await jpeg.arrayBuffer());
    const seats = this.#seats();
    if (seats.length === 0) {
      return false;
    }
    const id = drawId();
    this.#pictures.add(id);
    this.shown.picture(id, this.#me, jpeg);
    this.shown.coming(id, this.#me, 0);
    this.delivery.send({ id, kind: "picture", first: 0, pieces: cut(bytes) }, seats);
    return true;
  }

  /** Sends no more of one's own picture. @param {string} id */
  cancel(id) {
    if (!this.#pictures.delete(id)) {
      return;
    }
    const seats = this.delivery.cancel(id);
    this.#cancelled.add(id);
    this.shown.state(id, "cancelled");
    this.delivery.send({ id, kind: "picture", first: 0, pieces: [{ cancelled: true }] }, seats);
  }

  // --- What happens (a part's members) ---

  /** @param {import("../protocol.js").ServerMessage} message */
  message(message) {
    if (message.type === "piece") {
      this.arrivals.take(message);
    } else if (message.type === "got") {
      this.delivery.got(message.from, message.id, message.part);
    } else {
      if (message.type === "gone") {
        this.delivery.reachable(message.seat, false);
      }
      return false;
    }
    return true;
  }

  welcomed() {
    const here = new Set(this.#seats());
    for (const seat of this.#instances.keys()) {
      if (!here.has(seat)) {
        this.gone(seat);
      }
    }
    this.delivery.resume();
    this.typing.again();
    this.#company();
  }

  /** @param {Participant} participant */
  participant({ seat, instance, state, connected }) {
    if (seat === this.with.you()?.seat || state !== "admitted") {
      return;
    }
    const before = this.#instances.get(seat);
    const known = before ?? this.#left.get(seat);
    this.#instances.set(seat, instance);
    this.#left.delete(seat);
    if (known !== undefined && known !== instance && instance !== null) {
      this.arrivals.drop(seat);
      this.delivery.restart(seat);
    }
    this.delivery.reachable(seat, connected);
    if (before !== instance) {
      this.typing.again();
    }
    this.#company();
  }

  /** @param {string} seat */
  gone(seat) {
    this.#left.set(seat, this.#instances.get(seat) ?? null);
    this.#instances.delete(seat);
    this.arrivals.left(seat);
    this.delivery.drop(seat);
    this.#company();
  }

  ended() {
    this.delivery.clear();
    this.arrivals.clear();
    this.typing.forget();
    this.#instances.clear();
    this.#left.clear();
    this.#names.clear();
    this.#pictures.clear();
    this.#cancelled.clear();
    for (const timer of this.#late.values()) {
      this.with.timers.clear(timer);
    }
    this.#late.clear();
    this.shown.clear();
  }

  // --- Inside ---

  get #me() {
    return { name: this.with.texts.exchangeMe, mine: true };
  }

  /** @param {string} seat @returns {Who} */
  #who(seat) {
    return { name: this.#nameOf(seat), mine: false };
  }

  /** @param {string} seat */
  #nameOf(seat) {
    return this.#names.get(seat) ?? this.with.texts.unnamedGuest;
  }

  #seats() {
    return this.with.people().map(({ seat }) => seat);
  }

  #company() {
    const people = this.with.people();
    for (const participant of people) {
      this.#names.set(participant.seat, this.with.view.nameOf(participant));
    }
    this.shown.company(people);
  }

  /** @param {string} from @param {string} id @param {string} url */
  #linked(from, id, url) {
    // The hub has looked; this page would not open what it could not show in full.
    const link = checkedLink(url);
    if (typeof link !== "string") {
      this.shown.link(key(from, id), this.#who(from), link);
    }
  }

  /** Says it where a line or link has not arrived after a while. @param {string} id */
  #await(id) {
    const timer = this.with.timers.set(() => this.shown.state(id, "late"), LATE);
    this.#late.set(id, timer);
  }

  /** @param {string} id @param {number} arrived with how many */
  #settled(id, arrived) {
    this.with.timers.clear(this.#late.get(id));
    this.#late.delete(id);
    this.#pictures.delete(id);
    if (!this.#cancelled.delete(id)) {
      this.shown.state(id, arrived > 0 ? "" : "missed");
    }
  }
}

/** Two seats may draw the same id. @param {string} from @param {string} id */
const key = (from, id) => `${from}-${id}`;
