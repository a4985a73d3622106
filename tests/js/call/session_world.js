/**
 * A session with everything of the browser made up, and what its page shows written down.
 */

import { Devices } from "../../../static/js/call/devices.js";
import { Session } from "../../../static/js/call/session.js";
import { TEXT_NAMES } from "../../../static/js/call/texts.js";
import { FakeSocket, FakeTimers } from "./fakes.js";

/** @type {any} every text is its own name; those about people have a gap for theirs */
const texts = Object.fromEntries(
  TEXT_NAMES.map((name) => [name, ["joined", "left", "waits"].includes(name) ? `${name} {name}` : name]),
);

/** @param {string} seat @param {any} [more] */
export const person = (seat, more = {}) => ({
  seat,
  instance: `${seat}-1`,
  role: "guest",
  state: "admitted",
  name: seat.toUpperCase(),
  kind: "browser",
  connected: true,
  since: "2026-11-22T10:00:00Z",
  media: { microphone: true, camera: true, screen: false },
  ...more,
});
const ROOM = { state: "open", endsAt: "2026-11-22T10:15:00Z", closesAt: null, hostPresent: true, waiting: 0 };
export const ENGINE = { name: "recorder", iceServers: [{ urls: "stun:one" }], expiresAt: null };

/**
 * @param {any} [data]
 * @param {any} [more]
 */
export function makeSession(data = {}, more = {}) {
  /** @type {string[]} */ const log = [];
  /** @type {any} */ const engines = [];
  const view = new Proxy(
    {
      nameOf: (/** @type {any} */ { name }) => name,
      time: (/** @type {string} */ moment) => moment.slice(11, 16),
      show: (/** @type {string} */ screen) => log.push(`show ${screen}`),
      arrival: (/** @type {string} */ phase) => log.push(`arrival ${phase}`),
      announce: (/** @type {string} */ text) => log.push(`say ${text.trim()}`),
      notice: (/** @type {string} */ text, /** @type {string} */ _tone, /** @type {any} */ { quiet = false } = {}) =>
        log.push(`${quiet ? "quiet " : ""}notice ${text.trim()}`),
      withdraw: (/** @type {string} */ text) => log.push(`withdraw ${text}`),
      askName: () => log.push("ask name"),
      stopped: (/** @type {string} */ text) => log.push(`stopped ${text.trim()}`),
      audioOnly: (/** @type {any} */ { chosen, weakUp, weakDown }) => chosen && log.push(`alone up:${weakUp} down:${weakDown}`),
      knockRefused: (/** @type {string} */ field, /** @type {string} */ text) => log.push(`refused ${field}: ${text.trim()}`),
      putPerson: (/** @type {any} */ { seat }) => log.push(`put ${seat}`),
      removePerson: (/** @type {string} */ seat) => log.push(`remove ${seat}`),
      roster: (/** @type {any} */ _you, /** @type {any[]} */ admitted, /** @type {any[]} */ waiting) =>
        log.push(`roster ${admitted.map(({ seat }) => seat)}|${waiting.map(({ seat }) => seat)}`),
    },
    { get: (known, name) => /** @type {any} */ (known)[name] ?? (() => {}) },
  );
  const timers = new FakeTimers();
  const session = new Session({
    data: {
      state: null,
      closesAt: null,
      endsAt: null,
      code: "abc",
      hasSeat: false,
      seatConnectedElsewhere: false,
      isHost: false,
      mayHost: false,
      urls: { socket: "/s", knock: "/k", after: "/after", onTelephone: "/tak" },
      ...data,
    },
    texts,
    view: /** @type {any} */ (view),
    devices: new Devices({ media: undefined }),
    makeEngine: (/** @type {string} */ _name, /** @type {any} */ options) => {
      /** @type {any} */ const engine = {
        options,
        alive: true,
        peers: [],
        met: [],
        start: () => {},
        participant: (/** @type {any} */ { seat }) => engine.met.push(seat),
        gone: (/** @type {string} */ seat, /** @type {string} */ reason) => reason === "lost" && seat === "talks",
        signal: (/** @type {any[]} */ ...heard) => (engine.heard = heard),
        send: () => {},
        outgoing: () => [],
        want: (/** @type {any} */ wants) => (engine.wants = wants),
        resume: () => (engine.resumed = true),
        close: () => (engine.closed = true),
      };
      engines.push(engine);
      return engine;
    },
    knock: async () => ({ ok: true, status: 200 }),
    tabs: /** @type {any} */ ({ elsewhere: async () => false, hold: () => {}, release: () => {} }),
    play: (/** @type {string} */ tune) => log.push(`play ${tune}`),
    goTo: (/** @type {string} */ url) => log.push(`go ${url}`),
    reload: () => log.push("reload"),
    socketUrl: "ws://hub/s",
    onCall: () => log.push("call"),
    Socket: FakeSocket,
    timers,
    ...more,
  });
  return { session, log, engines, timers };
}

/** @param {any} you @param {any} [more] */
export function welcome(you, more = {}) {
  FakeSocket.last.open();
  FakeSocket.last.hear({ type: "welcome", version: 1, you, room: ROOM, participants: [], engine: null, ...more });
}

/** @param {any} made */
export async function inCall(made) {
  await made.session.start();
  welcome(person("me"), { participants: [person("doc", { role: "host" })], engine: ENGINE });
  made.log.length = 0;
}
export const SEATED = { hasSeat: true, state: "admitted" };
