import assert from "node:assert/strict";
import { test } from "node:test";

import { apart, kindOf, tryTurn } from "../../../static/js/test/turn.js";

test("an address says how its server is reached", () => {
  assert.deepEqual(
    ["turn:a:3478", "turn:a:3478?transport=udp", "turn:a:3478?transport=tcp", "turns:a:443", "turns:a:443?transport=tcp", "stun:a:3478"].map(kindOf),
    ["turnUdp", "turnUdp", "turnTcp", "turnTls", "turnTls", null],
  );
});

test("each address is tried with its own server's credentials, and none is left to another", () => {
  const servers = [{ urls: ["stun:a"] }, { urls: ["turn:a", "turns:a"], username: "u", credential: "c" }];
  assert.deepEqual(apart(servers), [
    { kind: "turnUdp", server: { urls: ["turn:a"], username: "u", credential: "c" } },
    { kind: "turnTls", server: { urls: ["turns:a"], username: "u", credential: "c" } },
  ]);
});

/** @param {Record<string, string>} world what each address gives */
function browser(world) {
  /** @type {string[]} */ const closed = [];
  /** @type {any[]} */ const asked = [];
  class Connection {
    /** @type {any} */ onicecandidate = null;

    /** @param {any} configuration */
    constructor(configuration) {
      this.url = configuration.iceServers[0].urls[0];
      asked.push(configuration);
      if (world[this.url] === "throws") {
        throw new SyntaxError("no such address");
      }
    }
    createDataChannel() {}
    async createOffer() {
      return { type: "offer", sdp: "" };
    }
    async setLocalDescription() {
      const gives = world[this.url];
      if (gives === "relay") {
        this.onicecandidate({ candidate: { candidate: "candidate:1 1 udp 1 192.0.2.1 5000 typ relay raddr 0.0.0.0" } });
      } else if (gives === "nothing") {
        this.onicecandidate({ candidate: null });
      }
    }
    close() {
      closed.push(this.url);
    }
  }
  return { Connection: /** @type {any} */ (Connection), closed, asked };
}
/** Everything that waits is over at once. */
const impatient = { set: (/** @type {() => void} */ work) => setTimeout(work, 5), clear: clearTimeout };

test("what works is told for each kind, one of several is enough, and nothing stays open", async () => {
  const world = { "turn:a": "nothing", "turn:b": "relay", "turn:a?transport=tcp": "silence" };
  const { Connection, closed, asked } = browser(world);
  const found = await tryTurn([{ urls: Object.keys(world), username: "u", credential: "c" }], impatient, Connection);
  assert.deepEqual(found, { turnUdp: "ok", turnTcp: "failed", turnTls: "none" });
  assert.deepEqual(closed.sort(), Object.keys(world).sort());
  assert.ok(asked.every(({ iceTransportPolicy }) => iceTransportPolicy === "relay"));
});

test("without a server nothing is tried", async () => {
  const { Connection, asked } = browser({});
  assert.deepEqual(await tryTurn([{ urls: "stun:a" }], impatient, Connection), { turnUdp: "none", turnTcp: "none", turnTls: "none" });
  assert.deepEqual(asked, []);
});
