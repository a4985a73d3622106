/**
 * One picture on the stage, a person's or a shared screen: its elements, and what stands in them.
 */

import { mayFill } from "./layout.js";
import { label, make, play } from "./dom.js";

/** @typedef {import("../protocol.js").Participant} Participant */
/** @typedef {{chosen: boolean, weakUp: boolean, weakDown: boolean}} SoundAlone why there is sound alone; see View.audioOnly */
/** @typedef {"picture" | "interrupted" | "connecting" | "chosen" | "weak" | "off"} Condition */

/**
 * What a person's place shows: the picture, or why there is none. The gravest reason first.
 *
 * @param {Participant} participant
 * @param {import("../peer.js").PeerState} state
 * @param {SoundAlone} alone
 * @returns {Condition}
 */
export function conditionOf(participant, state, alone) {
  if (state === "interrupted" || state === "closed") {
    return "interrupted";
  }
  if (state === "connecting") {
    return "connecting";
  }
  if (!participant.media.camera) {
    return "off";
  }
  return alone.chosen ? "chosen" : alone.weakDown || participant.media.paused ? "weak" : "picture";
}

/**
 * What the person is told of a line too weak for pictures. Nothing where they chose sound alone themselves.
 *
 * @param {SoundAlone} alone
 * @param {import("../texts.js").Texts} texts
 * @returns {string}
 */
export function weakness({ chosen, weakUp, weakDown }, texts) {
  if (chosen) {
    return "";
  }
  return weakUp && weakDown ? texts.weakBoth : weakUp ? texts.weakUp : weakDown ? texts.weakDown : "";
}

/**
 * @param {string} name
 * @returns {string} at most two letters
 */
export function initialsOf(name) {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return chosen.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}

/**
 * The icon in the sprite that the page's other call icons come from.
 *
 * @param {string} name
 */
function icon(name) {
  const page = document.querySelector(".call-icon use");
  const sprite = (page?.getAttribute("href") ?? "").split("#")[0];
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "call-icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  drawing.append(use);
  return drawing;
}

/** The words under a picture: whose it is, and one thing about it, with an icon that stays where the words have no room. */
export class Caption {
  #who = make("span", "call__who");
  #state = make("span", "call__state");
  #words = make("span");

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#state.append(icon("mic-off"), this.#words);
    element.replaceChildren(this.#who, this.#state);
  }

  get who() {
    return this.#who.textContent;
  }

  /** @param {string} who @param {{words: string, icon: string} | null} state */
  say(who, state) {
    this.#who.textContent = who;
    this.#state.hidden = state === null;
    if (state) {
      label(this.#state, state.words, state.icon);
    }
  }
}

export class Tile {
  /** @type {Caption} */ caption;
  #stream = new MediaStream();
  #initials = make("span", "call__initials");
  #words = make("p");
  #person = make("div", "call__person");
  #pin = make("button", "call__pin");

  /**
   * @param {string} key
   * @param {{screen: boolean, onPin: () => void, onRatio: () => void}} options
   */
  constructor(key, { screen, onPin, onRatio }) {
    this.key = key;
    this.isScreen = screen;
    this.figure = make("figure", screen ? "call__remote call__remote--screen" : "call__remote");
    this.video = make("video");
    this.video.autoplay = true;
    this.video.playsInline = true;
    this.video.srcObject = this.#stream;
    this.video.addEventListener("resize", onRatio);
    this.#initials.setAttribute("aria-hidden", "true");
    this.#person.append(this.#initials, this.#words);
    this.#person.hidden = screen;
    this.#pin.type = "button";
    this.#pin.hidden = true;
    this.#pin.append(make("span"));
    this.#pin.addEventListener("click", onPin);
    const name = make("figcaption", "call__name");
    this.caption = new Caption(name);
    this.figure.append(this.video, this.#person, name, this.#pin);
    // Until it is known who stands behind it.
    this.figure.hidden = true;
  }

  /** Width to height of the picture; nothing while none is shown. */
  get ratio() {
    const { videoWidth, videoHeight } = this.video;
    return this.#person.hidden && videoHeight > 0 ? videoWidth / videoHeight : null;
  }

  /** @param {MediaStreamTrack} track in the place of the one of its kind */
  put(track) {
    for (const old of this.#stream.getTracks()) {
      if (old.kind === track.kind) {
        this.#stream.removeTrack(old);
      }
    }
    this.#stream.addTrack(track);
  }

  /** @returns {Promise<boolean>} whether it plays; see `play` */
  play() {
    return play(this.video);
  }

  /** @param {string} name @param {string} words why there is no picture; none where there is one */
  person(name, words) {
    this.#initials.textContent = initialsOf(name);
    this.#words.textContent = words;
    this.#person.hidden = words === "";
    this.video.classList.toggle("is-blank", words !== "");
  }

  /**
   * The button that holds this picture large. Its words say what a press does, so it needs no pressed state.
   *
   * @param {boolean} offered
   * @param {string} words
   * @param {string} said the same words and, where they are about this picture, whose it is
   */
  pin(offered, words, said) {
    this.#pin.hidden = !offered;
    label(this.#pin, words);
    this.#pin.setAttribute("aria-label", said);
  }

  /** Whether the keyboard stands on this picture. */
  get focused() {
    return this.figure.contains(document.activeElement);
  }

  /** Lets the picture fill its place where next to nothing of it is cut. @param {boolean} whole never cut */
  fit(whole) {
    fit(this.figure, this.video, whole ? null : this.ratio);
  }

  remove() {
    this.video.srcObject = null;
    this.figure.remove();
  }
}

/**
 * @param {HTMLElement} place
 * @param {HTMLVideoElement} video
 * @param {number | null} ratio width to height of the picture; nothing where it must not be cut
 */
export function fit(place, video, ratio) {
  video.classList.toggle("is-filling", mayFill(ratio, place.clientWidth / Math.max(place.clientHeight, 1)));
}
