/**
 * What comes from the others, piece by piece: each is answered, and everything is shown once. What is no whole JPEG of
 * a bearable size is shown to nobody, whatever the other page says.
 */

import { fromBase64, toBase64 } from "./base64.js";
import { jpegSize } from "./jpeg.js";

/** Bytes in one piece of a picture: 32 kB of base64. */
export const PIECE = 24_000;
/** The largest side and file that are opened; what our own pages send is far below. */
const LARGEST_SIDE = 4096;
const LARGEST_PICTURE = 2_000_000;
/** Pictures that one seat may have under way, and ids that are remembered so that nothing is shown twice. */
const UNDER_WAY = 3;
const REMEMBERED = 500;

/** @typedef {{from: string, id: string, kind: string, part: number, parts: number, data: Record<string, unknown>}} Piece */
/**
 * What the others show.
 *
 * @typedef {object} Shown
 * @property {(from: string, text: string) => void} typing the line as it stands; empty: there is none
 * @property {(from: string, id: string, text: string) => void} line a finished one
 * @property {(from: string, id: string, url: string) => void} link
 * @property {(from: string, id: string, share: number) => void} coming a picture under way, 0 to 1
 * @property {(from: string, id: string, jpeg: Blob) => void} picture
 * @property {(from: string, id: string, why: "cancelled" | "broken") => void} lost a picture that does not come
 */

/** @param {Uint8Array} bytes @returns {{bytes: string}[]} a picture as it travels */
export function cut(bytes) {
  const pieces = [];
  for (let start = 0; start < bytes.length; start += PIECE) {
    pieces.push({ bytes: toBase64(bytes.subarray(start, start + PIECE)) });
  }
  return pieces;
}

export class Arrivals {
  /** Pictures under way, by sender and id. @type {Map<string, {from: string, id: string, parts: number, come: Map<number, Uint8Array<ArrayBuffer>>}>} */ #coming = new Map();
  /** What was shown or cannot be, by sender and id. @type {Set<string>} */ #done = new Set();
  /** The newest line of each sender. @type {Map<string, {id: string, part: number}>} */ #lines = new Map();

  /** @param {Shown} on @param {(to: string, id: string, part: number) => void} answer */
  constructor(on, answer) {
    this.on = on;
    this.answer = answer;
  }

  /** @param {Piece} piece */
  take(piece) {
    const { from, id, part, kind, data } = piece;
    if (kind === "text" && data["sent"] !== true) {
      this.#typed(piece);
      return;
    }
    this.answer(from, id, part);
    if (this.#done.has(`${from} ${id}`)) {
      return;
    }
    if (kind === "picture") {
      this.#pictured(piece);
    } else if (kind === "text" && typeof data["text"] === "string") {
      this.#remember(from, id);
      if (this.#lines.get(from)?.id === id) {
        this.on.typing(from, "");
      }
      this.on.line(from, id, data["text"]);
    } else if (kind === "link" && typeof data["url"] === "string") {
      this.#remember(from, id);
      this.on.link(from, id, data["url"]);
    }
  }

  /**
   * Somebody is gone: what was under way from there does not come. Whoever comes back with the same page goes on where
   * it was, so what has come is kept.
   *
   * @param {string} from
   */
  left(from) {
    if (this.#lines.delete(from)) {
      this.on.typing(from, "");
    }
    for (const coming of this.#coming.values()) {
      if (coming.from === from) {
        this.on.lost(from, coming.id, "broken");
      }
    }
  }

  /** Somebody has loaded the page anew, and knows nothing of what was under way. @param {string} from */
  drop(from) {
    this.left(from);
    for (const [key, coming] of this.#coming) {
      if (coming.from === from) {
        this.#coming.delete(key);
      }
    }
  }

  /** Forgets everything. */
  clear() {
    this.#coming.clear();
    this.#done.clear();
    this.#lines.clear();
  }

  /** @param {Piece} piece */
  #typed({ from, id, part, data }) {
    const newest = this.#lines.get(from);
    const old = this.#done.has(`${from} ${id}`) || (newest?.id === id && part <= newest.part);
    if (old || typeof data["text"] !== "string") {
      return;
    }
    this.#lines.set(from, { id, part });
    this.on.typing(from, data["text"]);
  }

  /** @param {Piece} piece */
  #pictured({ from, id, part, parts, data }) {
    const key = `${from} ${id}`;
    const bytes = typeof data["bytes"] === "string" ? fromBase64(data["bytes"]) : null;
    let coming = this.#coming.get(key);
    const others = [...this.#coming.values()].filter((one) => one.from === from).length;
    if (!bytes || (coming ? coming.parts !== parts : others >= UNDER_WAY)) {
      this.#remember(from, id);
      this.#coming.delete(key);
      this.on.lost(from, id, data["cancelled"] === true ? "cancelled" : "broken");
      return;
    }
    if (!coming) {
      coming = { from, id, parts, come: new Map() };
      this.#coming.set(key, coming);
    }
    coming.come.set(part, bytes);
    if (coming.come.size < parts) {
      this.on.coming(from, id, coming.come.size / parts);
      return;
    }
    this.#coming.delete(key);
    this.#remember(from, id);
    this.#whole(from, id, [...coming.come].sort(([one], [other]) => one - other).map(([, each]) => each));
  }

  /** @param {string} from @param {string} id @param {Uint8Array<ArrayBuffer>[]} pieces */
  #whole(from, id, pieces) {
    const size = jpegSize(pieces[0] ?? new Uint8Array());
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    if (!size || !size.width || !size.height || Math.max(size.width, size.height) > LARGEST_SIDE || bytes > LARGEST_PICTURE) {
      this.on.lost(from, id, "broken");
      return;
    }
    this.on.picture(from, id, new Blob(pieces, { type: "image/jpeg" }));
  }

  /** @param {string} from @param {string} id */
  #remember(from, id) {
    this.#done.add(`${from} ${id}`);
    const [oldest] = this.#done;
    if (this.#done.size > REMEMBERED && oldest) {
      this.#done.delete(oldest);
    }
  }
}
