/** A page's side of a media server, with everything that it leans on made up. */

import assert from "node:assert/strict";

import { RelayEngine } from "../../../static/js/call/engines/relay.js";
import { SETTLED } from "../../../static/js/call/engines/repair.js";
import { FakePeerConnection, FakeTimers, settle } from "./fakes.js";

export const INFO = { name: "relay", iceServers: [{ urls: "stun:hub" }], iceTransportPolicy: /** @type {const} */ ("relay"), expiresAt: null };
export const THREE = "v=0\r\no=- 9 1 X\r\nm=audio 9 X 0\r\nm=video 9 X 0\r\nm=video 9 X 0\r\n";
export const OF_Z = { 0: { seat: "z", source: "microphone" }, 1: { seat: "z", source: "camera" }, 2: { seat: "z", source: "screen" } };

/** @param {string} seat @param {any} [more] @returns {any} */
export const person = (seat, more = {}) => ({ seat, instance: `${seat}-1`, connected: true, ...more });

export function makeEngine(Engine = RelayEngine) {
  const timers = new FakeTimers();
  const hub = { open: true, fresh: 0 };
  /** @type {any[]} */ const said = [];
  /** @type {string[]} */ const states = [];
  /** @type {any[]} */ const tracks = [];
  /** @type {any[]} */ const told = [];
  const engine = new Engine({
    seat: "m",
    signal: (to, instance, data) => {
      assert.deepEqual([to, instance], ["media", null]);
      if (hub.open) {
        said.push(data);
      }
      return hub.open;
    },
    reachable: () => hub.open,
    freshServers: async () => {
      hub.fresh += 1;
      return [{ urls: `stun:fresh-${hub.fresh}` }];
    },
    onTrack: (seat, source, track) => tracks.push([seat, source, track.id]),
    onState: (seat, state) => states.push(`${seat} ${state}`),
    onWanted: (sources) => told.push(["wanted", sources]),
    onPoor: () => told.push(["poor"]),
    onFailed: (code) => told.push(["failed", code]),
    onError: (error) => told.push(["error", String(error)]),
    PeerConnection: /** @type {any} */ (FakePeerConnection),
    timers,
  });
  /** @param {any} data */
  const hear = (data) => engine.signal("media", null, data);
  /** @param {number} epoch @param {any} [tracks] */
  const offer = async (epoch, tracks = OF_Z) => {
    hear({ event: "offer", epoch, leg: "publish", revision: 1, sdp: THREE, tracks: {} });
    hear({ event: "offer", epoch, leg: "subscribe", revision: 1, sdp: THREE, tracks });
    await settle();
    return /** @type {[FakePeerConnection, FakePeerConnection]} */ (FakePeerConnection.all.slice(-2));
  };
  const agains = () => said.filter((data) => data.again).length;
  engine.start(INFO);
  return { engine, timers, hub, said, states, tracks, told, hear, offer, agains };
}

/** In a call with `z`, by connections of epoch 7. */
export async function standing(Engine = RelayEngine) {
  const made = makeEngine(Engine);
  made.engine.participant(person("z"));
  const [publish, subscribe] = await made.offer(7);
  publish.become("connected");
  subscribe.become("connected");
  await made.timers.pass(SETTLED);
  made.said.length = 0;
  return { ...made, publish, subscribe };
}

/** @param {FakePeerConnection} connection @param {any[]} entries */
export const reports = (connection, ...entries) => {
  connection.getStats = async () => new Map(entries.map((entry) => [entry.id, entry]));
};
