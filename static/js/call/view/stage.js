/**
 * The others' pictures, their screens, and one's own: who stands where, who speaks, and who is held large.
 */

import { fill } from "../../lib/page-data.js";
import { part, play } from "./dom.js";
import { GAP, arrange, choosable } from "./layout.js";
import { SILENCE, listen } from "./speaker.js";
import { Caption, Tile, conditionOf, fit } from "./tile.js";

/** @typedef {import("../protocol.js").Participant} Participant */

/** @param {string} seat @returns {string} the key of the screen that it shares */
const screenOf = (seat) => `screen ${seat}`;

export class Stage {
  /** @type {Map<string, Tile>} by seat */ #tiles = new Map();
  /** @type {Map<string, Tile>} by seat, in the order in which they were shared */ #screens = new Map();
  /** @type {Map<string, Participant>} */ #people = new Map();
  /** @type {Map<string, import("../peer.js").PeerState>} */ #states = new Map();
  /** @type {Set<string>} whose line is poor */ #poor = new Set();
  /** @type {Set<string>} whose connection stood, and is lost */ #lost = new Set();
  /** @type {string | null} the key of the picture held large */ #held = null;
  #speaking = SILENCE;
  /** @type {string | null} */ #spoke = null;
  /** @type {import("./tile.js").SoundAlone} */ #alone = { chosen: false, weakUp: false, weakDown: false };
  #stage = part("call-stage");
  #self = part("self");
  #selfVideo = /** @type {HTMLVideoElement} */ (part("self-video"));
  #selfCaption = new Caption(part("self-name"));
  /** Whether the places are to be looked at before the next frame. */ #due = false;

  /**
   * @param {import("../texts.js").Texts} texts
   * @param {(participant: Participant) => string} nameOf
   */
  constructor(texts, nameOf) {
    this.texts = texts;
    this.nameOf = nameOf;
    part("play-sound").addEventListener("click", () => {
      part("play-sound").hidden = true;
      this.playAll();
    });
    this.#selfVideo.addEventListener("resize", () => this.arrange());
    new ResizeObserver(() => this.#arrange()).observe(this.#stage);
    this.self(null);
  }

  /** @param {Participant} participant */
  put(participant) {
    this.#people.set(participant.seat, participant);
    this.#show(participant.seat);
    this.arrange();
  }

  /** @param {string} seat */
  remove(seat) {
    this.#people.delete(seat);
    this.#states.delete(seat);
    this.#lost.delete(seat);
    this.#poor.delete(seat);
    for (const tiles of [this.#tiles, this.#screens]) {
      const tile = tiles.get(seat);
      if (tile) {
        this.#forget(tile);
        tiles.delete(seat);
      }
    }
    if (this.#spoke === seat) {
      this.#spoke = null;
    }
    this.arrange();
  }

  /**
   * @param {string} seat
   * @param {import("../peer.js").Source} source
   * @param {MediaStreamTrack} track
   */
  putTrack(seat, source, track) {
    const tile = source === "screen" ? this.#tile(this.#screens, seat) : this.#tile(this.#tiles, seat);
    tile.put(track);
    track.onunmute = () => void this.#play(tile);
    this.#show(seat);
    void this.#play(tile);
    this.arrange();
  }

  /**
   * @param {string} seat
   * @param {import("../peer.js").PeerState} state
   * @returns {{change: "lost" | "back" | null, name: string}} what there is to say of a connection that once stood
   */
  peerState(seat, state) {
    const stood = this.#states.get(seat) === "connected";
    this.#states.set(seat, state);
    this.#show(seat);
    this.arrange();
    const participant = this.#people.get(seat);
    const name = participant ? this.nameOf(participant) : "";
    if (participant && state === "interrupted" && stood) {
      this.#lost.add(seat);
      return { change: "lost", name };
    }
    return { change: state === "connected" && this.#lost.delete(seat) ? "back" : null, name };
  }

  /**
   * @param {Map<string, number>} levels of the others, 0 to 1
   * @param {number} at milliseconds, of a clock that never goes back
   */
  levels(levels, at) {
    const before = this.#speaking.seat;
    this.#speaking = listen(this.#speaking, levels, at);
    this.#spoke = this.#speaking.seat ?? this.#spoke;
    if (this.#speaking.seat !== before) {
      this.#showAll();
      this.arrange();
    }
  }

  /**
   * @param {string} seat
   * @param {import("../rating.js").Word | null} word how the line to them is
   * @returns {string} whose line has just become poor, by name; empty otherwise
   */
  line(seat, word) {
    const participant = this.#people.get(seat);
    const poor = word === "poor";
    if (!participant || poor === this.#poor.has(seat)) {
      return "";
    }
    if (poor) {
      this.#poor.add(seat);
    } else {
      this.#poor.delete(seat);
    }
    this.#show(seat);
    return poor ? this.nameOf(participant) : "";
  }

  /** @returns {boolean} whether all the others' pictures and sound run */
  playsAll() {
    return this.#all().every(({ video, figure }) => figure.hidden || !video.paused);
  }

  /** Plays everything, oneself too. */
  playAll() {
    for (const tile of this.#all()) {
      void this.#play(tile);
    }
    void play(this.#selfVideo);
  }

  /** @param {string | null} key of the picture to hold large (a seat, or its screen); nobody's where there is none */
  hold(key) {
    this.#held = key;
    this.arrange();
  }

  /** @param {import("./tile.js").SoundAlone} alone */
  soundAlone(alone) {
    this.#alone = alone;
    this.self(this.#selfTrack());
    this.#showAll();
    this.arrange();
  }

  /**
   * One's own picture.
   *
   * @param {MediaStreamTrack | null} track
   */
  self(track) {
    const { texts } = this;
    const { chosen, weakUp } = this.#alone;
    if (this.#selfTrack() !== track) {
      this.#selfVideo.srcObject = track ? new MediaStream([track]) : null;
      if (track) {
        void play(this.#selfVideo);
      }
    }
    part("self-off").hidden = track !== null;
    part("self-off-words").textContent = chosen ? texts.audioOnlyChosen : texts.selfOff;
    const state = weakUp && track !== null ? { words: texts.notSent, icon: "camera-off" } : null;
    this.#selfCaption.say(texts.self, state);
  }

  /**
   * Puts everybody in their places before the next frame. Much comes at once when a call begins, and each look at the
   * places lays the page out anew.
   */
  arrange() {
    if (!this.#due) {
      this.#due = true;
      requestAnimationFrame(() => {
        this.#due = false;
        this.#arrange();
      });
    }
  }

  #arrange() {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const scene = {
      people: [...this.#tiles.values()].filter(({ figure }) => !figure.hidden),
      screens: [...this.#screens.values()].filter(({ figure }) => !figure.hidden),
      self: this.#self.hidden ? null : { key: "", ratio: this.#selfRatio() },
      held: this.#held,
      speaker: this.#spoke,
      width: Math.max(width - 2 * GAP, 0),
      height: Math.max(height - 2 * GAP, 0),
    };
    const { mode, large, strip, split, columns, rows, first } = arrange(scene);
    const self = scene.self ? ((scene.self.ratio ?? 1) < 1 ? "tall" : "wide") : "hidden";
    const words = { mode, strip, split, self, columns: String(columns), rows: String(rows), large: String(large.length) };
    Object.assign(this.#stage.dataset, words);
    [...scene.people.map(({ figure }) => figure), this.#self].forEach((figure, index) => {
      figure.dataset["row"] = String(index < first ? first : columns);
    });
    const offered = choosable(scene);
    for (const tile of this.#all()) {
      const place = large.indexOf(tile.key);
      tile.figure.classList.toggle("is-large", place >= 0);
      tile.figure.classList.toggle("is-second", place === 1);
      // A shared screen is large of itself.
      const settled = tile.isScreen && place >= 0 && this.#held !== tile.key;
      if (this.#held === tile.key) {
        tile.pin(offered && !settled, this.texts.unpin, this.texts.unpin);
      } else {
        tile.pin(offered && !settled, this.texts.pin, `${this.texts.pin}: ${tile.caption.who}`);
      }
      tile.fit(place >= 0);
    }
    fit(this.#self, this.#selfVideo, this.#selfRatio());
  }

  #selfTrack() {
    return /** @type {MediaStream | null} */ (this.#selfVideo.srcObject)?.getTracks()[0] ?? null;
  }

  #selfRatio() {
    const { videoWidth, videoHeight } = this.#selfVideo;
    return this.#selfTrack() && videoHeight > 0 ? videoWidth / videoHeight : null;
  }

  #all() {
    return [...this.#screens.values(), ...this.#tiles.values()];
  }

  #showAll() {
    for (const seat of this.#people.keys()) {
      this.#show(seat);
    }
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
    const condition = conditionOf(participant, this.#states.get(seat) ?? "connecting", this.#alone);
    const words = {
      picture: "",
      interrupted: fill(texts.lostPerson, { name }),
      connecting: texts.connecting,
      chosen: texts.audioOnly,
      weak: texts.weakPerson,
      off: texts.cameraIsOff,
    };
    tile.person(name, words[condition]);
    const heard = participant.media.microphone && condition !== "interrupted";
    // Worth saying only where there is more than one to choose from.
    const speaks = heard && this.#speaking.seat === seat && this.#people.size > 1;
    tile.figure.hidden = false;
    tile.figure.classList.toggle("is-speaking", speaks);
    tile.caption.say(
      name,
      condition === "interrupted"
        ? { words: texts.interrupted, icon: "network" }
        : !participant.media.microphone
          ? { words: texts.microphoneIsOff, icon: "mic-off" }
          : this.#poor.has(seat)
            ? { words: texts.linePoor, icon: "network" }
          : speaks
            ? { words: texts.speaks, icon: "speaker" }
            : null,
    );
    this.#showScreen(seat, name, participant.media.screen);
  }

  /** @param {string} seat @param {string} name @param {boolean} shared */
  #showScreen(seat, name, shared) {
    const screen = this.#screens.get(seat);
    if (!screen) {
      return;
    }
    screen.caption.say(fill(this.texts.screenOf, { name }), null);
    if (!shared && this.#held === screen.key) {
      this.#held = null;
    }
    if (shared && screen.figure.hidden) {
      // The newest stands last.
      this.#screens.delete(seat);
      this.#screens.set(seat, screen);
      void this.#play(screen);
    }
    screen.figure.hidden = !shared;
  }

  /** @param {Tile} tile that goes */
  #forget(tile) {
    if (this.#held === tile.key) {
      this.#held = null;
    }
    const { focused } = tile;
    tile.remove();
    if (focused) {
      part("call-heading").focus({ preventScroll: true });
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
    const key = screen ? screenOf(seat) : seat;
    const tile = new Tile(key, {
      screen,
      onPin: () => this.hold(this.#held === key ? null : key),
      onRatio: () => this.arrange(),
    });
    tiles.set(seat, tile);
    this.#stage.insertBefore(tile.figure, this.#self);
    return tile;
  }

  /** @param {Tile} tile */
  async #play(tile) {
    if (!(await tile.play())) {
      part("play-sound").hidden = false;
    }
  }
}
