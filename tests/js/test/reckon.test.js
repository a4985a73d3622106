import assert from "node:assert/strict";
import { test } from "node:test";

import { reckon, straight, wayOf } from "../../../static/js/test/reckon.js";

/** @param {Record<string, any>} local @param {Record<string, any>} [more] of the pair */
const connection = (local, more = {}) => [
  { type: "transport", id: "T", selectedCandidatePairId: "P" },
  { type: "candidate-pair", id: "P", localCandidateId: "L", remoteCandidateId: "R", state: "succeeded", currentRoundTripTime: 0.03, ...more },
  { type: "local-candidate", id: "L", candidateType: "host", protocol: "udp", ...local },
  { type: "remote-candidate", id: "R", candidateType: "host", protocol: "udp" },
];
const sound = { type: "inbound-rtp", kind: "audio", packetsReceived: 100, packetsLost: 0, jitter: 0.004, bytesReceived: 10_000 };
const picture = { type: "inbound-rtp", kind: "video", packetsReceived: 100, packetsLost: 5, jitter: 0.002, framesDecoded: 10, bytesReceived: 50_000 };
const sent = { type: "outbound-rtp", bytesSent: 70_000, qualityLimitationReason: "bandwidth" };

test("the growth between two looks is what counts", () => {
  const before = { at: 1000, listener: [...connection({}), sound, picture], sender: [...connection({}), sent] };
  const after = {
    at: 9000,
    listener: [
      ...connection({}),
      { ...sound, packetsReceived: 500, bytesReceived: 50_000 },
      { ...picture, packetsReceived: 695, packetsLost: 10, framesDecoded: 210, bytesReceived: 1_010_000 },
    ],
    sender: [...connection({}, { currentRoundTripTime: 0.05 }), { ...sent, bytesSent: 1_170_000, qualityLimitationReason: "none" }],
  };
  assert.deepEqual(reckon(before, after), {
    lossPercent: 0.5,
    jitterMs: 4,
    rttMs: 50,
    receivedKbps: 1000,
    sentKbps: 1100,
    framesPerSecond: 25,
    seconds: 8,
    limitation: "none",
    way: "udp",
  });
});

test("a round without a single packet is no division by nothing", () => {
  const look = { listener: [], sender: [] };
  const found = reckon({ at: 1, ...look }, { at: 8001, ...look });
  assert.equal(found.lossPercent, 0);
  assert.equal(found.receivedKbps, 0);
  assert.equal("way" in found, false);
});

const WAYS = [
  [{}, "udp", true],
  [{ candidateType: "srflx" }, "udp", true],
  [{ protocol: "tcp" }, "tcp", false],
  [{ candidateType: "relay", relayProtocol: "udp" }, "turn-udp", false],
  [{ candidateType: "relay", relayProtocol: "tcp" }, "turn-tcp", false],
  [{ candidateType: "relay", relayProtocol: "tls" }, "turn-tls", false],
  [{ candidateType: "relay" }, "turn-udp", false],
];
for (const [local, way, direct] of /** @type {[any, string, boolean][]} */ (WAYS)) {
  test(`the way of ${JSON.stringify(local)} is ${way}`, () => {
    assert.equal(wayOf(connection(local)), way);
    assert.equal(straight(connection(local)), direct);
  });
}

test("a browser that names no chosen pair, as Firefox, is understood by what it nominated", () => {
  const [, pair, local, remote] = connection({ candidateType: "relay", relayProtocol: "tls" }, { nominated: true });
  assert.equal(wayOf([{ type: "transport", id: "T" }, pair, local, remote]), "turn-tls");
});

test("a direct pair that works beside a detour shows that the network lets UDP through", () => {
  const entries = connection({ candidateType: "relay", relayProtocol: "tcp" });
  assert.equal(straight([...entries, { type: "candidate-pair", id: "Q", localCandidateId: "M", state: "succeeded" }, { type: "local-candidate", id: "M", candidateType: "host", protocol: "udp" }]), true);
  assert.equal(straight([...entries, { type: "candidate-pair", id: "Q", localCandidateId: "M", state: "failed" }, { type: "local-candidate", id: "M", candidateType: "host", protocol: "udp" }]), false);
});
