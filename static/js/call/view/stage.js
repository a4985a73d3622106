/**
 * The others' pictures and one's own.
 */

import { fill } from "../../lib/page-data.js";
import { make, part, play } from "./dom.js";

/** @typedef {import("../protocol.js").Participant} Participant */
/**
 * @typedef {object} Tile
 * @property {HTMLElement} figure
 * @property {HTMLVideoElement} video
 * @property {MediaStream} stream
 * @property {HTMLElement} person shown while there is no picture
 * @property {HTMLElement} initials
 * @property {HTMLElement} words
 * @property {HTMLElement} name
 */

/**
 * @param {string} name
 * @returns {string} at most two letters
 */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return chosen.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}

export class Stage {
  /** @type {Map<string, Tile>} */ #tiles = new Map();
  /** @type {Map<string, Tile>} */ #screens = new Map();
  /** @type {Map<string, Participant>} */ #people = new Map();
  /** @type {Map<string, import("../peer.js").PeerState>} */ #states = new Map();
  #self = /** @type {HTMLVideoElement} */ (part("self-video"));

  /**
   * @param {import("../texts.js").Texts} texts
   * @param {(participant: Participant) => string} nameOf
   */
  constructor(texts, nameOf) {
    this.texts = texts;
    this.nameOf = nameOf;
    part("play-sound").addEventListener("click", () => {
      part("play-sound").hidden = true;
      this.#playAll();
    });
  }

  /** @param {Participant} participant */
  put(participant) {
    this.#people.set(participant.seat, participant);
    this.#show(participant.seat);
  }

  /** @param {string} seat */
  remove(seat) {
    this.#people.delete(seat);
    this.#states.delete(seat);
    for (const tiles of [this.#tiles, this.#screens]) {
      const tile = tiles.get(seat);
      if (tile) {
        tile.video.srcObject = null;
        tile.figure.remove();
        tiles.delete(seat);
      }
    }
  }

  /**
   * @param {string} seat
   * @param {import("../peer.js").Source} source
   * @param {MediaStreamTrack} track
   */
  putTrack(seat, source, track) {
    const tile = source === "screen" ? this.#tile(this.#screens, seat) : this.#tile(this.#tiles, seat);
    for (const old of tile.stream.getTracks()) {
      if (old.kind === track.kind) {
        tile.stream.removeTrack(old);
      }
    }
    tile.stream.addTrack(track);
    track.onunmute = () => void this.#play(tile);
    this.#show(seat);
    void this.#play(tile);
  }

  /** @param {string} seat @param {import("../peer.js").PeerState} state */
  peerState(seat, state) {
    this.#states.set(seat, state);
    this.#show(seat);
  }

  /**
   * One's own picture.
   *
   * @param {MediaStreamTrack | null} track
   */
  self(track) {
    const shown = /** @type {MediaStream | null} */ (this.#self.srcObject)?.getTracks()[0] ?? null;
    if (shown !== track) {
      this.#self.srcObject = track ? new MediaStream([track]) : null;
      if (track) {
        void play(this.#self);
      }
    }
    part("self-off").hidden = track !== null;
  }

  /** @param {string} seat */
  #show(seat) {
    const participant = this.#people.get(seat);
    if (!participant) {
      return;
    }
    const { texts } = this;
    const name = this.nameOf(participant);
    const tile = this.#tile(this.#tiles, seat);
    const state = this.#states.get(seat) ?? "connecting";
    const interrupted = state === "interrupted" || state === "closed";
    const pictured = participant.media.camera && state === "connected";
    tile.name.textContent = participant.media.microphone ? name : `${name} · ${texts.microphoneIsOff}`;
    tile.initials.textContent = initialsOf(name);
    tile.person.hidden = pictured;
    tile.video.classList.toggle("is-blank", !pictured);
    tile.words.textContent = interrupted
      ? fill(texts.lostPerson, { name })
      : state === "connecting"
        ? texts.connecting
        : texts.cameraIsOff;
    const screen = this.#screens.get(seat);
    if (screen) {
      screen.figure.hidden = !participant.media.screen;
      screen.name.textContent = fill(texts.screenOf, { name });
      if (participant.media.screen) {
        void this.#play(screen);
      }
    }
  }

  /**
   * @param {Map<string, Tile>} tiles
   * @param {string} seat
   * @returns {Tile}
   */
  #tile(tiles, seat) {
    const known = tiles.get(seat);
    if (known) {
      return known;
    }
    const screen = tiles === this.#screens;
    const figure = make("figure", screen ? "call__remote call__remote--screen" : "call__remote");
    const video = make("video");
    video.autoplay = true;
    video.playsInline = true;
    const person = make("div", "call__person");
    const initials = make("span", "call__initials");
    initials.setAttribute("aria-hidden", "true");
    const words = make("p");
    person.append(initials, words);
    person.hidden = screen;
    const name = make("figcaption", "call__name");
    figure.append(video, person, name);
    figure.hidden = screen;
    const stream = new MediaStream();
    video.srcObject = stream;
    const tile = { figure, video, stream, person, initials, words, name };
    tiles.set(seat, tile);
    const stage = part("call-stage");
    if (screen) {
      stage.prepend(figure);
    } else {
      stage.insertBefore(figure, part("self"));
    }
    return tile;
  }

  /** @param {Tile} tile */
  async #play(tile) {
    if (!(await play(tile.video))) {
      part("play-sound").hidden = false;
    }
  }

  #playAll() {
    for (const tile of [...this.#tiles.values(), ...this.#screens.values()]) {
      void this.#play(tile);
    }
  }
}
