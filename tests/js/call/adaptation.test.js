import assert from "node:assert/strict";
import { test } from "node:test";

import { Adaptation, carryOut } from "../../../static/js/call/adaptation.js";
import { planFor } from "../../../static/js/call/line.js";

/** @param {any} [more] @returns {any} a sender as browsers have it, with the estimate of its line */
function fakeSender(more = {}) {
  const sender = {
    track: /** @type {any} */ ({ contentHint: "", getSettings: () => ({ width: 1280, height: 720 }) }),
    estimate: 2_000_000,
    frames: 25,
    reason: "none",
    lost: 0,
    bytes: 0,
    target: 0,
    parameters: /** @type {any} */ ({ encodings: [{}] }),
    sets: 0,
    getParameters: () => structuredClone(sender.parameters),
    setParameters: async (/** @type {any} */ parameters) => {
      sender.sets += 1;
      sender.parameters = parameters;
    },
    getStats: async () =>
      new Map([
        ["T", { type: "transport", id: "T", selectedCandidatePairId: "P" }],
        ["P", { type: "candidate-pair", id: "P", availableOutgoingBitrate: sender.estimate }],
        ["O", { type: "outbound-rtp", framesPerSecond: sender.frames, qualityLimitationReason: sender.reason, bytesSent: sender.bytes, targetBitrate: sender.target }],
        ["S", { type: "media-source", framesPerSecond: 25 }],
        ["R", { type: "remote-inbound-rtp", fractionLost: sender.lost }],
      ]),
    ...more,
  };
  return sender;
}

/** @param {number} received @param {number} lost */
const pictures = (received, lost) => new Map([["a", [{ type: "inbound-rtp", kind: "video", packetsReceived: received, packetsLost: lost }]]]);

function makeAdaptation() {
  const senders = { microphone: fakeSender(), camera: fakeSender(), screen: fakeSender({ track: null }) };
  const world = {
    now: 1_000_000,
    devices: 2,
    direct: true,
    /** @type {any[]} */ told: [],
    /** @type {any} */ outgoing: Object.entries(senders).map(([source, sender]) => ({ source, sender })),
  };
  const adaptation = new Adaptation({
    outgoing: () => world.outgoing,
    devices: () => world.devices,
    direct: () => world.direct,
    onWant: () => world.told.push(adaptation.wants.join()),
    onWeak: (weak) => world.told.push(weak),
    clock: () => world.now,
  });
  const pass = async (/** @type {number} */ milliseconds, /** @type {any} */ reports = () => new Map()) => {
    for (const end = world.now + milliseconds; world.now < end; ) {
      world.now += 500;
      await adaptation.look(reports(world.now));
    }
  };
  return { adaptation, world, senders, pass, encoding: (/** @type {"microphone" | "camera" | "screen"} */ of) => senders[of].parameters.encodings[0] };
}

test("senders are told once, and again when something changes", async () => {
  const { senders, pass, encoding, world } = makeAdaptation();
  await pass(5000);
  assert.deepEqual(encoding("camera"), { active: true, maxBitrate: 1_500_000, scaleResolutionDownBy: 1 });
  assert.equal(senders.camera.parameters.degradationPreference, "maintain-framerate");
  assert.equal(senders.camera.track.contentHint, "motion");
  assert.deepEqual(encoding("microphone"), { active: true, maxBitrate: 48_000 });
  assert.equal(senders.microphone.parameters.degradationPreference, undefined);
  assert.equal(encoding("screen").maxBitrate, 1_500_000);
  // Once with the first pictures, once for those after.
  assert.equal(senders.camera.sets, 2);
  world.devices = 3;
  await pass(5000);
  assert.deepEqual(encoding("camera"), { active: true, maxBitrate: 800_000, scaleResolutionDownBy: 1.5 });
  assert.deepEqual(world.told, []);
});

test("a sender that is not negotiated yet, or refuses, is asked again at the next look", async () => {
  const { senders, pass, encoding } = makeAdaptation();
  senders.camera.parameters = { encodings: [] };
  senders.microphone.setParameters = async () => Promise.reject(new Error("InvalidStateError"));
  await pass(1000);
  senders.camera.parameters = { encodings: [{ maxBitrate: 7 }] };
  await pass(500);
  assert.equal(encoding("camera").maxBitrate, 1_500_000);
});

test("a sender whose connection is being taken down tells nothing, and stops nobody", async () => {
  const { senders, pass, world } = makeAdaptation();
  senders.camera.getStats = async () => Promise.reject(new Error("closed"));
  await pass(5000);
  assert.deepEqual(world.told, []);
  assert.equal(senders.camera.sets, 2);
});

test("the first pictures of every connection are small, until it has stood for a moment", async () => {
  const { senders, pass, encoding, world } = makeAdaptation();
  senders.camera.transport = { state: "connecting" };
  senders.microphone.transport = null;
  await pass(5000);
  assert.equal(encoding("camera").scaleResolutionDownBy, 2);
  senders.camera.transport.state = "connected";
  await pass(1500);
  assert.equal(encoding("camera").scaleResolutionDownBy, 2);
  await pass(500);
  assert.equal(encoding("camera").scaleResolutionDownBy, 1);
  assert.equal(encoding("microphone").scaleResolutionDownBy, undefined);
  senders.camera.transport.state = "failed";
  await pass(500);
  assert.equal(encoding("camera").scaleResolutionDownBy, 1);
  const anew = fakeSender({ transport: { state: "connected" } });
  world.outgoing = [{ source: "camera", sender: anew }];
  await pass(500);
  assert.equal(anew.parameters.encodings[0].scaleResolutionDownBy, 2);
});

test("a sender that has the right numbers already is still told what to keep, once", async () => {
  const { senders, pass } = makeAdaptation();
  senders.camera.track.getSettings = () => ({ width: 640, height: 480 });
  senders.camera.parameters = { encodings: [{ active: true, maxBitrate: 1_500_000, scaleResolutionDownBy: 1 }] };
  await pass(500);
  assert.equal(senders.camera.parameters.degradationPreference, "maintain-framerate");
  delete senders.camera.parameters.degradationPreference;
  await pass(2000);
  assert.equal(senders.camera.sets, 1);
});

test("a picture whose size is not ours to choose keeps it", async () => {
  const sender = fakeSender({ parameters: { encodings: [{ scaleResolutionDownBy: 2 }] } });
  await carryOut(sender, planFor("screen", { wanted: new Set(["screen"]), up: "pictures", devices: 2, scale: 4 }));
  assert.equal(sender.parameters.encodings[0].scaleResolutionDownBy, 2);
  assert.equal(sender.parameters.degradationPreference, "maintain-resolution");
});

test("what nobody wants is not encoded, and is again as soon as somebody does", async () => {
  const { adaptation, pass, encoding } = makeAdaptation();
  await pass(500);
  adaptation.wanted(["microphone", "screen"]);
  await pass(500);
  assert.deepEqual([encoding("microphone").active, encoding("camera").active], [true, false]);
  adaptation.wanted(["microphone", "camera", "screen"]);
  await Promise.resolve();
  assert.equal(encoding("camera").active, true);
});

test("frames that are too few make the picture smaller", async () => {
  const { senders, pass, encoding } = makeAdaptation();
  Object.assign(senders.camera, { frames: 15, reason: "cpu" });
  await pass(4000);
  assert.equal(encoding("camera").scaleResolutionDownBy, 1.5);
});

const UP = { weakUp: true, weakDown: false };
const DOWN = { weakUp: false, weakDown: true };
const FINE = { weakUp: false, weakDown: false };
const EVERYTHING = "microphone,camera,screen";

test("under 100 kbit/s for three seconds sound goes alone, and the picture comes back when the line does", async () => {
  const { senders, pass, encoding, world } = makeAdaptation();
  await pass(5000);
  senders.camera.estimate = 99_999;
  await pass(3000);
  assert.deepEqual([encoding("camera").active, world.told], [true, []]);
  await pass(500);
  assert.deepEqual([encoding("camera").active, encoding("microphone").active], [false, true]);
  assert.deepEqual(world.told, [EVERYTHING, UP]);
  await pass(9500);
  assert.equal(encoding("camera").active, false);
  await pass(500);
  assert.deepEqual(encoding("camera"), { active: true, maxBitrate: 200_000, scaleResolutionDownBy: 4 });
  senders.camera.estimate = 150_000;
  await pass(1000);
  assert.deepEqual(world.told.at(-1), UP);
  await pass(500);
  assert.deepEqual(world.told.at(-1), FINE);
  assert.equal(encoding("camera").maxBitrate, 1_500_000);
});

test("exactly 100 kbit/s carry a picture", async () => {
  const { senders, pass, world } = makeAdaptation();
  senders.camera.estimate = 100_000;
  await pass(20_000);
  assert.deepEqual(world.told, []);
});

test("149 kbit/s are not enough for the way back: the next try comes later", async () => {
  const { senders, pass, encoding, world } = makeAdaptation();
  senders.camera.estimate = 90_000;
  await pass(3500 + 10_000);
  senders.camera.estimate = 149_999;
  await pass(7500);
  assert.equal(encoding("camera").active, true);
  await pass(500);
  assert.equal(encoding("camera").active, false);
  await pass(19_500);
  assert.equal(encoding("camera").active, false);
  await pass(500);
  assert.equal(encoding("camera").active, true);
  assert.deepEqual(world.told, [EVERYTHING, UP]);
});

test("a camera that is switched off is held back by no line", async () => {
  const { senders, pass, world } = makeAdaptation();
  senders.camera.estimate = 50_000;
  await pass(4000);
  senders.camera.track = null;
  await pass(500);
  assert.deepEqual(world.told.at(-1), FINE);
});

test("a camera that nobody wants is not tried", async () => {
  const { adaptation, senders, pass, world } = makeAdaptation();
  adaptation.wanted(["microphone"]);
  senders.camera.estimate = 50_000;
  await pass(20_000);
  assert.deepEqual(world.told, []);
});

test("a line that nothing is known of is not weak", async () => {
  const { senders, pass, world } = makeAdaptation();
  senders.camera.estimate = undefined;
  await pass(20_000);
  assert.deepEqual(world.told, []);
});

test("on a server a low estimate may be somebody else's: only our own losses make the line weak", async () => {
  const { senders, pass, world } = makeAdaptation();
  world.direct = false;
  senders.camera.estimate = 50_000;
  await pass(20_000);
  assert.deepEqual(world.told, []);
  senders.camera.lost = 0.02;
  await pass(500);
  assert.deepEqual(world.told, [EVERYTHING, UP]);
});

test("on a server a trial without losses brings the picture back", async () => {
  const { senders, pass, world } = makeAdaptation();
  world.direct = false;
  Object.assign(senders.camera, { estimate: 50_000, lost: 0.1 });
  await pass(3500);
  senders.camera.lost = 0;
  await pass(10_000 + 7500);
  assert.deepEqual(world.told.at(-1), UP);
  await pass(500);
  assert.deepEqual(world.told.at(-1), FINE);
});

test("a quiet picture is not made smaller by an estimate that follows what is sent", async () => {
  const { senders, pass, encoding, world } = makeAdaptation();
  const quiet = (/** @type {number} */ share) => () => {
    senders.camera.bytes += (share * 200_000) / 8 / 2;
    return new Map();
  };
  Object.assign(senders.camera, { estimate: 248_000, target: 200_000 });
  await pass(2500, quiet(0.69));
  await pass(10_000, quiet(0.69));
  assert.equal(encoding("camera").scaleResolutionDownBy, 1);
  await pass(6000, quiet(0.71));
  assert.equal(encoding("camera").scaleResolutionDownBy, 3);
  assert.deepEqual(world.told, []);
});

test("while the call moves the connection that knows the line decides", async () => {
  const { world, pass } = makeAdaptation();
  world.outgoing.push({ source: "camera", sender: fakeSender({ estimate: 50_000 }) });
  await pass(20_000);
  assert.deepEqual(world.told, []);
});

test("a server that says that the way down is weak gets sound wanted alone; pictures are tried again", async () => {
  const { adaptation, pass, world } = makeAdaptation();
  await pass(1000);
  adaptation.poor();
  await pass(500);
  assert.deepEqual(world.told, ["microphone", DOWN]);
  await pass(10_000);
  assert.deepEqual(world.told.slice(2), [EVERYTHING, DOWN]);
  adaptation.poor();
  await pass(500);
  assert.deepEqual(world.told.slice(4), ["microphone", DOWN]);
  await pass(20_000);
  assert.deepEqual(world.told.slice(6), [EVERYTHING, DOWN]);
  await pass(8000);
  assert.deepEqual(world.told.slice(8), [EVERYTHING, FINE]);
});

/** @type {[string, number, boolean][]} */
const LOSSES = [
  ["a fifth of the pictures lost is too much", 0.2, true],
  ["a little less is not", 0.19, false],
  ["one in twenty is not by far", 0.05, false],
];

for (const [what, share, weak] of LOSSES) {
  test(what, async () => {
    const { pass, world } = makeAdaptation();
    await pass(6000, (/** @type {number} */ now) => pictures((now - 1_000_000) * (1 - share), (now - 1_000_000) * share));
    assert.equal(world.told.length > 0, weak);
  });
}

test("a few packets prove nothing, nor does a connection that counts anew", async () => {
  const { pass, world } = makeAdaptation();
  await pass(6000, (/** @type {number} */ now) => pictures(10, (now - 1_000_000) / 200));
  await pass(6000, (/** @type {number} */ now) => pictures(now < 1_008_000 ? 9000 : 3, 4000));
  assert.deepEqual(world.told, []);
});

test("a page out of sight for ten seconds wants no cameras, and wants them at once when it is back", async () => {
  const { adaptation, pass, world } = makeAdaptation();
  adaptation.visible(false);
  await pass(9500);
  adaptation.visible(false);
  assert.deepEqual(world.told, []);
  await pass(500);
  assert.deepEqual(world.told, ["microphone,screen", FINE]);
  adaptation.visible(true);
  assert.deepEqual(world.told.slice(2), [EVERYTHING, FINE]);
});
