/**
 * The room's signalling protocol, version 1: docs/protocol.md, message by message.
 *
 * This file and `rooms/protocol.py` are the only two that know the names on the wire.
 */

export const VERSION = 1;
export const SUBPROTOCOL = "vdx.1";
/** The seat key that means the media server; people's have twelve characters. */
export const MEDIA = "media";

/** Milliseconds between two heartbeats, and after how much silence the socket counts as dead. */
export const HEARTBEAT = 5000;
export const DEAD_AFTER = 12000;

/** Close codes after which there is nothing to come back to. */
export const FINAL_CLOSES = Object.freeze([1000, 4001, 4003, 4004]);

/** The longest name that the hub takes, in characters. */
export const NAME_LENGTH = 60;

/**
 * @param {string} typed
 * @returns {string} what the hub takes of it; empty if there is no name in it
 */
export function shownName(typed) {
  return [...typed.trim()].slice(0, NAME_LENGTH).join("");
}

/** @typedef {"host" | "guest"} Role */
/** @typedef {"waiting" | "admitted" | "refused" | "left"} SeatState */
/** @typedef {"browser" | "app" | "room_system" | "telephone"} Kind */
/** What a participant has switched on; `paused`: a weak line holds the pictures back. @typedef {{microphone: boolean, camera: boolean, screen: boolean, paused?: boolean}} Media */
/**
 * @typedef {object} Participant
 * @property {string} seat
 * @property {string | null} instance
 * @property {Role} role
 * @property {SeatState} state
 * @property {string | null} name
 * @property {Kind} kind
 * @property {boolean} connected
 * @property {string} since
 * @property {Media} media
 * @property {string | null} [test] what came of the device test, for hosts
 * @property {boolean} [telephone] would rather go on by telephone, for hosts
 */
/**
 * @typedef {object} Room
 * @property {"planned" | "open" | "closed"} state
 * @property {string | null} endsAt
 * @property {string | null} closesAt
 * @property {boolean} hostPresent
 * @property {number} waiting
 * @property {number | null} [delayMinutes] how late the doctor is
 * @property {"here" | "busy" | "away"} [doctor] in this room, in another one's call, or in neither
 * @property {boolean} [locked] nobody new may knock
 */
/** What carries sound and picture. A page that hears another name than the one it uses moves. @typedef {{name: string, iceServers: RTCIceServer[], iceTransportPolicy?: RTCIceTransportPolicy, expiresAt: string | null}} EngineInfo */
/** @typedef {"microphone" | "camera" | "screen"} Source */
/**
 * What one browser says to another, unread by the hub. `want`: what this side wants of the other; `moved`: this side
 * gets the other from the server now; `hearing`: how this side gets the other (mirror.js).
 *
 * @typedef {{description?: {type: string, sdp: string}, candidate?: RTCIceCandidateInit | null, again?: boolean, want?: Source[], moved?: boolean, rescue?: boolean, hearing?: unknown}} SignalData
 */
/** What the media server says, by its `event`; checked by whoever takes it. @typedef {{event?: unknown, [member: string]: unknown}} MediaEvent */

/**
 * @typedef {{type: "welcome", version: number, you: Participant, room: Room, participants: Participant[], engine: EngineInfo | null}} Welcome
 * @typedef {{type: "participant", participant: Participant}} ParticipantMessage
 * @typedef {{type: "gone", seat: string, instance: string | null, reason: "left" | "refused" | "lost"}} Gone
 * @typedef {{type: "room", room: Room}} RoomMessage
 * @typedef {{type: "admitted", participants?: Participant[], engine: EngineInfo | null}} Admitted
 * @typedef {{type: "refused"}} Refused
 * @typedef {{type: "removed"}} Removed
 * @typedef {{type: "muted", by: string}} Muted
 * @typedef {{type: "handover", digits: string, url: string, qr: string[], expiresAt: string}} HandoverMessage
 * @typedef {{type: "handover-asked"}} HandoverAsked
 * @typedef {{type: "signal", from: string, instance: string | null, data: SignalData & MediaEvent}} Signal
 * @typedef {{type: "engine", engine: EngineInfo}} EngineMessage
 * @typedef {{type: "ringing"}} Ringing
 * @typedef {{type: "told", sentence: string, text: string}} Told
 * @typedef {{type: "no-place", text: string}} NoPlaceMessage
 * @typedef {{type: "closed", reason: "ended" | "expired" | "cancelled" | "admin" | "telephone" | "empty"}} Closed
 * @typedef {{type: "telephone"}} TelephoneKept
 * @typedef {{type: "piece", from: string, id: string, kind: "text" | "picture" | "link", part: number, parts: number, data: Record<string, unknown>}} Piece
 * @typedef {{type: "got", from: string, id: string, part: number}} Got
 * @typedef {{type: "heartbeat", at: string}} Heartbeat
 * @typedef {{type: "error", code: string, message: string, fatal: boolean}} ErrorMessage
 * @typedef {Welcome | ParticipantMessage | Gone | RoomMessage | Admitted | Refused | Removed | Muted | HandoverMessage | HandoverAsked | Ringing | Told | NoPlaceMessage | Signal | EngineMessage | Closed | TelephoneKept | Piece | Got | Heartbeat | ErrorMessage} ServerMessage
 * @typedef {{type: string, [member: string]: unknown}} BrowserMessage
 */

/** What the hub says; anything else is of a later version and is passed over. */
const KNOWN = new Set([
  "welcome",
  "participant",
  "gone",
  "room",
  "admitted",
  "refused",
  "removed",
  "muted",
  "handover",
  "handover-asked",
  "signal",
  "telephone",
  "engine",
  "ringing",
  "told",
  "no-place",
  "closed",
  "piece",
  "got",
  "heartbeat",
  "error",
]);

/**
 * @param {unknown} text
 * @returns {ServerMessage | null} nothing for what is no message of this version
 */
export function parse(text) {
  if (typeof text !== "string") {
    return null;
  }
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    // Not ours: a proxy on the way has its own ideas.
    return null;
  }
  return KNOWN.has(message?.type) ? message : null;
}

/**
 * @param {{instance: string, name: string | null, resumed: boolean, epoch?: number | null}} who `epoch`: of the
 *   connections to the media server that live on
 * @returns {BrowserMessage}
 */
export function hello({ instance, name, resumed, epoch = null }) {
  return { type: "hello", version: VERSION, instance, name, resumed, epoch: resumed ? epoch : null };
}

/** @returns {BrowserMessage} */
export const heartbeat = () => ({ type: "heartbeat" });

/** @param {string} name @returns {BrowserMessage} */
export const name = (name) => ({ type: "name", name });

/** @param {string} seat @returns {BrowserMessage} */
export const admit = (seat) => ({ type: "admit", seat });

/** @param {string} seat @returns {BrowserMessage} */
export const refuse = (seat) => ({ type: "refuse", seat });

/** @param {string} to @param {string} instance @param {SignalData} data @returns {BrowserMessage} */
export const signal = (to, instance, data) => ({ type: "signal", to, instance, data });

/** @param {Record<string, unknown>} data for the media server @returns {BrowserMessage} */
export const toMedia = (data) => ({ type: "signal", to: MEDIA, data });

/** @param {Media} media @returns {BrowserMessage} */
export const media = ({ microphone, camera, screen, paused = false }) => ({ type: "media", microphone, camera, screen, paused });

/**
 * Asks for fresh servers, or says that two browsers cannot reach each other.
 *
 * @param {{failed?: boolean}} [how]
 * @returns {BrowserMessage}
 */
export const engine = ({ failed = false } = {}) => (failed ? { type: "engine", failed } : { type: "engine" });

/** @param {Record<string, string | number>} measures @returns {BrowserMessage} */
export const quality = (measures) => ({ type: "quality", measures });

/** @param {boolean} locked @returns {BrowserMessage} */
export const lock = (locked) => ({ type: "lock", locked });

/** @param {string} seat @returns {BrowserMessage} */
export const remove = (seat) => ({ type: "remove", seat });

/** @param {string} seat @returns {BrowserMessage} */
export const mute = (seat) => ({ type: "mute", seat });

/** @returns {BrowserMessage} */
export const handover = () => ({ type: "handover" });

/** @param {boolean} accept @returns {BrowserMessage} */
export const handoverAnswer = (accept) => ({ type: "handover-answer", accept });

/** @param {string} what a word of rooms.enums.Trouble @param {string} detail @returns {BrowserMessage} */
export const trouble = (what, detail) => ({ type: "trouble", what, detail });

/** @returns {BrowserMessage} */
export const telephone = () => ({ type: "telephone" });

/** @param {string} seat that waits @returns {BrowserMessage} */
export const ring = (seat) => ({ type: "ring", seat });

/** @param {number} minutes that the doctor is late, 0 to 60 @returns {BrowserMessage} */
export const delay = (minutes) => ({ type: "delay", minutes });

/** @param {string | null} seat that waits; null: all who do @param {string} sentence a key of the ready sentences @returns {BrowserMessage} */
export const tell = (seat, sentence) => ({ type: "tell", seat, sentence });

/**
 * @param {{to: string | null, id: string, kind: string, part: number, parts: number, data: Record<string, unknown>}} piece
 *   of a text, picture or link; `to` nobody: for all who take part
 * @returns {BrowserMessage}
 */
export const piece = ({ to, id, kind, part, parts, data }) => ({ type: "piece", to, id, kind, part, parts, data });

/** @param {string} to @param {string} id @param {number} part that has come @returns {BrowserMessage} */
export const got = (to, id, part) => ({ type: "got", to, id, part });

/** @returns {BrowserMessage} */
export const leave = () => ({ type: "leave" });

/** @param {number} minutes 5 to 60 @returns {BrowserMessage} */
export const extend = (minutes) => ({ type: "extend", minutes });

/** @returns {BrowserMessage} */
export const end = () => ({ type: "end" });

/**
 * One load of the page, as 32 hexadecimal digits.
 *
 * @returns {string}
 */
export function drawInstance() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
