import assert from "node:assert/strict";
import { test } from "node:test";

import { Call, INSIST } from "../../../static/js/call/call.js";
import { LOOK } from "../../../static/js/call/gate.js";
import { FakeTimers, fakeTrack, settle } from "./fakes.js";

/** @param {string} name @param {any} [more] */
const info = (name, more = {}) => ({ name, iceServers: [{ urls: `stun:${name}` }], expiresAt: null, ...more });
/** @param {string} seat @param {any} [more] @returns {any} */
const person = (seat, more = {}) => ({
  seat,
  instance: `${seat}-1`,
  role: "guest",
  state: "admitted",
  name: seat,
  kind: "browser",
  connected: true,
  since: "2026-11-22T10:00:00Z",
  media: { microphone: false, camera: true, screen: false },
  ...more,
});

/** An engine that writes down what it is told; the test says what comes. */
class Recorder {
  alive = true;
  /** @type {number | null} */ epoch = null;
  /** @type {any[]} */ log = [];
  /** @type {Map<string, any>} */ views = new Map();

  /** @param {string} name @param {any} options */
  constructor(name, options) {
    this.name = name;
    this.options = options;
  }

  /** @returns {[string, any][]} */
  get peers() {
    return [...this.views];
  }

  /** @param {string} seat @param {string} state */
  becomes(seat, state) {
    if (state === "closed") {
      this.views.delete(seat);
    } else {
      const view = this.views.get(seat) ?? { entries: [], getStats: async () => new Map(this.views.get(seat)?.entries.entries()), words: { connection: "connected", ice: "connected" } };
      this.views.set(seat, Object.assign(view, { state, alive: state !== "connecting" }));
    }
    this.options.onState(seat, state);
  }

  /** @param {string} seat a picture of theirs has come, seen or not yet @param {boolean} seen */
  gives(seat, seen) {
    const track = { ...fakeTrack("video"), id: `${this.name}-${seat}`, readyState: "live" };
    this.views.get(seat).entries = [{ type: "inbound-rtp", kind: "video", trackIdentifier: track.id, framesDecoded: seen ? 1 : 0 }];
    this.options.onTrack(seat, "camera", track);
  }

  /** @param {string} seat */
  shows(seat) {
    this.views.get(seat).entries[0].framesDecoded = 1;
  }

  /** @param {any} started */
  start({ iceServers }) {
    this.log.push(["start", iceServers[0].urls]);
  }

  /** @param {any} who */
  participant({ seat }) {
    this.log.push(["participant", seat]);
  }

  /** @param {string} seat @param {string} reason */
  gone(seat, reason) {
    this.log.push(["gone", seat, reason]);
    const stays = reason === "lost" && this.views.get(seat)?.state === "connected";
    if (!stays && this.views.has(seat)) {
      this.becomes(seat, "closed");
    }
    return stays;
  }

  /** @param {any[]} heard */
  signal(...heard) {
    this.log.push(["signal", ...heard]);
  }

  /** @param {string} source @param {any} track */
  send(source, track) {
    this.log.push(["send", source, track]);
  }

  /** @param {any} wants */
  want(wants) {
    this.log.push(["want", wants]);
  }

  outgoing() {
    const idle = { track: null, getParameters: () => ({ encodings: [] }), setParameters: async () => {} };
    return [{ source: "camera", sender: /** @type {any} */ ({ ...idle, of: this.name }) }];
  }

  resume() {
    this.log.push(["resume"]);
  }

  wake() {
    this.log.push(["wake"]);
  }

  leaving() {
    this.log.push(["leaving"]);
  }

  /** @param {string} seat */
  moved(seat) {
    this.log.push(["moved", seat]);
    return true;
  }

  close() {
    this.log.push(["close"]);
  }

  /** @param {string} word */
  heard(word) {
    return this.log.filter(([first]) => first === word);
  }
}

function makeCall(name = "direct") {
  const timers = new FakeTimers();
  /** @type {any[]} */ const sent = [];
  /** @type {string[]} */ const states = [];
  /** @type {string[]} */ const put = [];
  /** @type {Recorder[]} */ const engines = [];
  const camera = fakeTrack("video");
  const hub = { open: true };
  const call = new Call({
    seat: "me",
    info: info(name),
    makeEngine: (word, options) => {
      const made = new Recorder(word, options);
      engines.push(made);
      return /** @type {any} */ (made);
    },
    send: (message) => {
      if (hub.open) {
        sent.push(message);
      }
      return hub.open;
    },
    reachable: () => hub.open,
    local: /** @type {any} */ ({ tracks: { microphone: null, camera, screen: null }, state: { microphone: false, camera: true, screen: false } }),
    timers,
    onTrack: (_seat, _source, track) => put.push(track.id),
    onState: (seat, state) => states.push(`${seat} ${state}`),
  });
  const failures = () => sent.filter(({ type, failed }) => type === "engine" && failed).length;
  return { call, timers, sent, states, put, engines, hub, camera, failures };
}

/** Two who see each other directly; the hub has just named the relay. */
function moving() {
  const made = makeCall();
  const [direct] = /** @type {[Recorder]} */ (made.engines);
  made.call.participant(person("z"));
  direct.becomes("z", "connected");
  direct.gives("z", true);
  made.call.refreshed(info("relay"));
  const relay = /** @type {Recorder} */ (made.engines[1]);
  return { ...made, direct, relay };
}

test("the same engine named again only gets its servers anew", () => {
  const { call, engines, sent } = makeCall();
  call.begin(info("direct", { iceServers: [{ urls: "stun:two" }] }));
  assert.equal(engines.length, 1);
  assert.deepEqual(engines[0]?.heard("start"), [["start", "stun:direct"], ["start", "stun:two"]]);
  assert.deepEqual(sent.map(({ type }) => type), ["media", "media"]);
});

test("a call moves: the new engine gets everything, the old one goes on until everybody is seen by the new one", async () => {
  const { call, timers, direct, relay, states, put, camera } = moving();
  assert.deepEqual(relay.heard("start"), [["start", "stun:relay"]]);
  assert.deepEqual(relay.heard("send").at(1), ["send", "camera", camera]);
  assert.deepEqual(relay.heard("participant"), [["participant", "z"]]);
  assert.deepEqual(direct.heard("leaving"), [["leaving"]]);
  relay.becomes("z", "connecting");
  relay.becomes("z", "connected");
  relay.gives("z", false);
  await timers.pass(5000);
  assert.deepEqual([put, states], [["direct-z"], ["z connected"]]);
  assert.deepEqual(direct.heard("moved"), []);
  relay.shows("z");
  await timers.pass(LOOK);
  assert.deepEqual(put, ["direct-z", "relay-z"]);
  assert.deepEqual(direct.heard("moved")[0], ["moved", "z"]);
  assert.deepEqual(direct.heard("close"), []);
  direct.becomes("z", "closed");
  await timers.pass(500);
  assert.deepEqual(direct.heard("close"), [["close"]]);
  assert.deepEqual(states, ["z connected"], "nobody noticed");
  assert.equal(call.engines.length, 1);
});

test("words of the others go to the direct engine while the call moves, those of the media server to the new one", () => {
  const { call, direct, relay } = moving();
  call.signal(/** @type {any} */ ({ type: "signal", from: "z", instance: "z-1", data: { moved: true } }));
  call.signal(/** @type {any} */ ({ type: "signal", from: "media", instance: null, data: { event: "poor" } }));
  assert.deepEqual(direct.heard("signal"), [["signal", "z", "z-1", { moved: true }]]);
  assert.deepEqual(relay.heard("signal"), [["signal", "media", null, { event: "poor" }]]);
});

test("a third device that joins in mid-move is shown at once", async () => {
  const { call, relay, states, put } = moving();
  call.participant(person("y"));
  relay.becomes("y", "connected");
  relay.gives("y", false);
  assert.deepEqual(put, ["direct-z", "relay-y"]);
  assert.deepEqual(states, ["z connected", "y connected"]);
  assert.deepEqual(call.peers.map(([seat]) => seat).sort(), ["y", "z"]);
});

test("who leaves in mid-move is gone from both", async () => {
  const { call, timers, direct, relay, states, put } = moving();
  relay.becomes("z", "connected");
  relay.gives("z", false);
  assert.equal(call.gone("z", "left"), false);
  relay.becomes("z", "closed");
  await timers.pass(1000);
  assert.equal(states.at(-1), "z closed");
  assert.equal(states.filter((state) => state === "z closed").length, 1);
  assert.deepEqual(put, ["direct-z"]);
  assert.deepEqual(direct.heard("close"), [["close"]]);
});

test("when the direct connection dies in mid-move, what the server has is shown", () => {
  const { direct, relay, put, states } = moving();
  relay.becomes("z", "connecting");
  relay.gives("z", false);
  direct.becomes("z", "closed");
  assert.deepEqual(put, ["direct-z", "relay-z"]);
  assert.deepEqual(states, ["z connected", "z connecting"]);
});

test("an engine that carries nothing is let go of at once when the call moves", () => {
  const { call, engines } = makeCall();
  call.participant(person("z"));
  call.refreshed(info("relay"));
  assert.deepEqual(engines[0]?.heard("close"), [["close"]]);
  assert.equal(call.engines.length, 1);
});

test("two moves at once: everybody goes straight to the newest", async () => {
  const { call, timers, direct, relay, engines, put } = moving();
  relay.becomes("z", "connected");
  relay.gives("z", false);
  call.refreshed(info("janus"));
  const janus = /** @type {Recorder} */ (engines[2]);
  assert.deepEqual(relay.heard("leaving"), [["leaving"]]);
  janus.becomes("z", "connected");
  janus.gives("z", true);
  relay.shows("z");
  await timers.pass(LOOK);
  assert.deepEqual(put, ["direct-z", "janus-z"]);
  for (const old of [direct, relay]) {
    assert.deepEqual(old.heard("moved")[0], ["moved", "z"]);
    old.becomes("z", "closed");
  }
  await timers.pass(500);
  assert.deepEqual(call.engines.map(({ name }) => name), ["janus"]);
});

test("a move that the hub tells only when the socket is back goes like any other", async () => {
  const { call, hub, engines, timers, put } = makeCall();
  const [direct] = /** @type {[Recorder]} */ (engines);
  call.participant(person("z"));
  direct.becomes("z", "connected");
  direct.gives("z", true);
  hub.open = false;
  await timers.pass(20_000);
  assert.equal(call.hears("z"), true);
  hub.open = true;
  call.begin(info("relay"));
  call.resume();
  const relay = /** @type {Recorder} */ (engines[1]);
  assert.deepEqual(relay.heard("resume"), [["resume"]]);
  assert.deepEqual(direct.heard("resume"), []);
  relay.becomes("z", "connected");
  relay.gives("z", true);
  await timers.pass(LOOK);
  assert.deepEqual(put, ["direct-z", "relay-z"]);
});

test("what is switched meanwhile goes both ways, and both are adapted", () => {
  const { call, direct, relay } = moving();
  call.localChanged("screen");
  assert.deepEqual(direct.log.at(-1), ["send", "screen", null]);
  assert.deepEqual(relay.log.at(-1), ["send", "screen", null]);
  assert.deepEqual(call.outgoing().map(({ sender }) => /** @type {any} */ (sender).of), ["relay", "direct"]);
});

test("until both ways are known, everything that anybody may want is wanted", () => {
  const { call, direct, relay } = moving();
  direct.options.onWanted(["microphone"]);
  assert.deepEqual(call.wanted, ["microphone", "camera", "screen"]);
  relay.options.onWanted(["microphone", "screen"]);
  assert.deepEqual(call.wanted, ["microphone", "screen"]);
});

test("browsers that cannot reach each other: the hub is told until it moves the call", async () => {
  const { call, timers, engines, failures } = makeCall();
  const [direct] = /** @type {[Recorder]} */ (engines);
  call.participant(person("z"));
  direct.options.onHopeless();
  assert.equal(failures(), 1);
  await timers.pass(INSIST);
  assert.equal(failures(), 2);
  call.refreshed(info("relay"));
  await timers.pass(60_000);
  assert.equal(failures(), 2);
  direct.options.onHopeless();
  assert.equal(failures(), 2, "nobody asks the old engine");
});

test("browsers that reach each other after all need no server", async () => {
  const { timers, engines, failures } = makeCall();
  const [direct] = /** @type {[Recorder]} */ (engines);
  direct.options.onHopeless();
  direct.becomes("z", "connected");
  await timers.pass(60_000);
  assert.equal(failures(), 1);
});

test("what could not be told while the socket was away is told when it is back", () => {
  const { call, engines, hub, failures } = makeCall();
  hub.open = false;
  engines[0]?.options.onHopeless();
  hub.open = true;
  call.resume();
  assert.equal(failures(), 1);
});

test("others' faces can be had no need of, for more than one reason, also those of who comes later", async () => {
  const { call, engines } = makeCall("relay");
  const [relay] = /** @type {[Recorder]} */ (engines);
  call.participant(person("z"));
  call.faces("chosen", false);
  call.participant(person("y"));
  call.faces("weak", false);
  call.faces("chosen", true);
  call.faces("weak", true);
  const none = ["microphone", "screen"];
  const wants = relay.heard("want").map(([, what]) => what);
  assert.deepEqual(wants[0], { z: none });
  assert.ok(wants.some((what) => JSON.stringify(what) === JSON.stringify({ z: none, y: none })));
  assert.deepEqual(wants.at(-1), {});
});

test("a face that nobody needs is not waited for when the call moves", async () => {
  const { call, timers, relay, put } = moving();
  call.faces("chosen", false);
  relay.becomes("z", "connected");
  relay.gives("z", false);
  await timers.pass(LOOK);
  assert.deepEqual(put, ["direct-z", "relay-z"]);
});

test("old servers must do where the hub does not answer", async () => {
  const { timers, engines, hub } = makeCall();
  const asked = engines[0]?.options.freshServers();
  await timers.pass(3000);
  assert.deepEqual(await asked, [{ urls: "stun:direct" }]);
  hub.open = false;
  assert.deepEqual(await engines[0]?.options.freshServers(), [{ urls: "stun:direct" }]);
});

test("after the end nothing is told and no timer is left", async () => {
  const { call, timers, direct, relay, states, sent } = moving();
  call.close();
  sent.length = 0;
  direct.becomes("z", "closed");
  await timers.pass(60_000);
  await settle();
  assert.deepEqual([relay.heard("close"), direct.heard("close")], [[["close"]], [["close"]]]);
  assert.deepEqual([sent, states], [[], ["z connected"]]);
});
