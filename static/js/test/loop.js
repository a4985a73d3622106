/**
 * A real round through the media server: this page sends, and listens to itself as somebody else would, by the very
 * engines that a call uses. Knows no page.
 */

import { MEDIA } from "../call/protocol.js";
import { reckon, straight } from "./reckon.js";

/** Milliseconds until sound and picture must have come round once; how long they are watched; and between two looks. */
export const COME = 20_000;
export const WATCH = 8000;
export const LOOK = 250;

/** @typedef {import("../call/engines/engine.js").Engine} Engine */
/** @typedef {import("../call/engines/engine.js").EngineOptions} EngineOptions */
/** @typedef {import("./verdict.js").Measures} Measures */

export class Loop {
  /** @type {Map<string, Engine>} */ #ends = new Map();
  #failure = "";
  #closed = false;

  /**
   * @param {import("./wire.js").Wire} wire
   * @param {import("./wire.js").Welcome} welcome
   * @param {(name: string, options: EngineOptions) => Engine} makeEngine
   * @param {import("../call/signalling.js").Timers} timers
   * @param {() => number} [now] milliseconds of a clock that never jumps
   */
  constructor(wire, welcome, makeEngine, timers, now = () => performance.now()) {
    this.wire = wire;
    this.welcome = welcome;
    this.makeEngine = makeEngine;
    this.timers = timers;
    this.now = now;
  }

  /**
   * @param {{microphone: MediaStreamTrack, camera: MediaStreamTrack}} tracks
   * @param {(share: number) => void} onProgress how much of the watching is done, 0 to 1
   * @returns {Promise<Partial<Measures>>}
   */
  async run(tracks, onProgress) {
    const { seats, engine } = this.welcome;
    const [sender, listener] = seats;
    for (const seat of seats) {
      this.#ends.set(seat, this.#join(seat, seat === sender ? listener : sender));
    }
    this.wire.onEnd = (code) => (this.#failure ||= code);
    this.wire.listen((seat, data) => this.#ends.get(seat)?.signal(MEDIA, null, data));
    this.#ends.get(sender)?.send("microphone", tracks.microphone);
    this.#ends.get(sender)?.send("camera", tracks.camera);
    try {
      const came = await this.#come();
      if (!came) {
        const direct = engine.iceTransportPolicy === "relay" ? "none" : "failed";
        return this.#failure === "no_media" ? { loop: "server" } : { loop: "failed", udp: direct };
      }
      return await this.#watch(onProgress);
    } finally {
      this.close();
    }
  }

  close() {
    this.#closed = true;
    for (const end of this.#ends.values()) {
      end.close();
    }
  }

  /** @param {string} seat @param {string} other @returns {Engine} */
  #join(seat, other) {
    const { engine } = this.welcome;
    const end = this.makeEngine(engine.name, {
      seat,
      signal: (_to, _instance, data) => this.wire.say(seat, data),
      reachable: () => this.#failure === "",
      freshServers: async () => engine.iceServers,
      onTrack: () => {},
      onState: () => {},
      onFailed: () => (this.#failure ||= "no_media"),
      timers: this.timers,
    });
    end.start(engine);
    end.participant(/** @type {any} */ ({ seat: other, instance: other, connected: true }));
    return end;
  }

  /** @returns {Promise<import("./reckon.js").Look>} */
  async #look() {
    const [sender, listener] = this.welcome.seats;
    /** @param {string} seat */
    const entries = async (seat) => {
      const peer = this.#ends.get(seat)?.peers[0]?.[1];
      return peer ? [...(await peer.getStats()).values()] : [];
    };
    const [sent, got] = await Promise.all([entries(sender), entries(listener)]);
    return { at: this.now(), sender: sent, listener: got };
  }

  /** @returns {Promise<boolean>} whether sound has come round, and a picture, or none after a while */
  async #come() {
    /** @param {import("./reckon.js").Look} look @param {string} kind */
    const has = ({ listener }, kind) =>
      listener.some((entry) => entry.type === "inbound-rtp" && entry.kind === kind && entry.packetsReceived > 0);
    let sound = false;
    const deadline = this.now() + COME;
    while (this.now() < deadline && !this.#closed && !this.#failure) {
      const look = await this.#look();
      sound = has(look, "audio");
      if (sound && has(look, "video")) {
        return true;
      }
      await this.#pause(LOOK);
    }
    return sound && !this.#failure;
  }

  /** @param {(share: number) => void} onProgress @returns {Promise<Partial<Measures>>} */
  async #watch(onProgress) {
    const before = await this.#look();
    for (let passed = 0; passed < WATCH; passed = this.now() - before.at) {
      if (this.#closed || this.#failure) {
        return { loop: "failed" };
      }
      await this.#pause(LOOK);
      onProgress(Math.min(1, passed / WATCH));
    }
    const after = await this.#look();
    const all = [...after.listener, ...after.sender];
    const onlyTurn = this.welcome.engine.iceTransportPolicy === "relay";
    return { loop: "ok", udp: onlyTurn ? "none" : straight(all) ? "ok" : "failed", ...reckon(before, after) };
  }

  /** @param {number} milliseconds */
  #pause(milliseconds) {
    return new Promise((resolve) => this.timers.set(() => resolve(undefined), milliseconds));
  }
}
