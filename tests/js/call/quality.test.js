import assert from "node:assert/strict";
import { test } from "node:test";

import { measure } from "../../../static/js/call/quality.js";

const REPORT = [
  { id: "T", type: "transport", selectedCandidatePairId: "P2" },
  { id: "P1", type: "candidate-pair", state: "succeeded", nominated: true, localCandidateId: "L1", remoteCandidateId: "R1", currentRoundTripTime: 9 },
  { id: "P2", type: "candidate-pair", state: "succeeded", nominated: true, localCandidateId: "L2", remoteCandidateId: "R2", currentRoundTripTime: 0.0316 },
  { id: "L2", type: "local-candidate", candidateType: "host", protocol: "udp", address: "192.0.2.7", port: 4711 },
  { id: "R2", type: "remote-candidate", candidateType: "relay", protocol: "udp", address: "198.51.100.9" },
  { id: "A", type: "inbound-rtp", kind: "audio", packetsReceived: 250, packetsLost: 2, jitter: 0.004, concealedSamples: 960 },
  { id: "V", type: "inbound-rtp", kind: "video", packetsReceived: 500, packetsLost: 1, jitter: 0.0126, framesDecoded: 125, framesPerSecond: 25, freezeCount: 1, totalFreezesDuration: 0.44 },
  { id: "O", type: "outbound-rtp", kind: "video", bytesSent: 500_000, qualityLimitationReason: "bandwidth" },
  { id: "M", type: "outbound-rtp", kind: "audio", bytesSent: 30_000 },
];
const ABOUT = { seat: "seat0000000a", connection: "connected", ice: "completed", at: 1_000_000 };

test("the first sample counts from nothing, and has no rate yet", () => {
  assert.deepEqual(measure(REPORT, ABOUT).measures, {
    peer: "seat0000000a",
    connection: "connected",
    ice: "completed",
    pair: "host/relay/udp",
    rttMs: 32,
    packetsReceived: 750,
    packetsLost: 3,
    jitterMs: 13,
    framesDecoded: 125,
    framesPerSecond: 25,
    freezeCount: 1,
    freezeSeconds: 0.4,
    concealedSamples: 960,
    sentKbps: 0,
    limitation: "bandwidth",
  });
});

test("counters are the growth since the last sample", () => {
  const { counters } = measure(REPORT, ABOUT);
  const later = REPORT.map((entry) => {
    if (entry.id === "V") {
      return { ...entry, packetsReceived: 900, framesDecoded: 250 };
    }
    return entry.id === "O" ? { ...entry, bytesSent: 1_000_000, qualityLimitationReason: "none" } : entry;
  });
  const { measures } = measure(later, { ...ABOUT, at: 1_005_000 }, counters);
  assert.equal(measures["packetsReceived"], 400);
  assert.equal(measures["packetsLost"], 0);
  assert.equal(measures["framesDecoded"], 125);
  assert.equal(measures["freezeSeconds"], 0);
  assert.equal(measures["sentKbps"], 800);
  assert.equal(measures["limitation"], "none");
});

test("a connection made anew starts from nothing, never below it", () => {
  const { counters } = measure(REPORT, ABOUT);
  const anew = [{ id: "V", type: "inbound-rtp", packetsReceived: 10, packetsLost: 0, framesDecoded: 3 }];
  const { measures } = measure(anew, { ...ABOUT, at: 1_005_000 }, counters);
  assert.equal(measures["packetsReceived"], 10);
  assert.equal(measures["framesDecoded"], 3);
  assert.equal(measures["packetsLost"], 0);
});

test("a browser without transport statistics tells by the nominated pair", () => {
  const without = REPORT.filter((entry) => entry.type !== "transport" && entry.id !== "P1");
  assert.equal(measure(without, ABOUT).measures["pair"], "host/relay/udp");
});

test("a way by a relay names how the relay is reached, not how it goes on from there", () => {
  const relayed = REPORT.map((entry) =>
    entry.id === "L2" ? { ...entry, candidateType: "relay", relayProtocol: "tls" } : entry,
  );
  assert.equal(measure(relayed, ABOUT).measures["pair"], "relay/relay/tls");
});

test("nothing is measured of nothing", () => {
  const { measures } = measure([], { ...ABOUT, connection: "new", ice: "new" });
  assert.equal(measures["pair"], "");
  assert.equal(measures["rttMs"], 0);
  assert.equal(measures["packetsReceived"], 0);
});

test("no address and no port leaves the browser", () => {
  const said = JSON.stringify(measure(REPORT, ABOUT).measures);
  for (const secret of ["192.0.2.7", "198.51.100.9", "4711"]) {
    assert.ok(!said.includes(secret), secret);
  }
});
