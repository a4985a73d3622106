import assert from "node:assert/strict";
import { test } from "node:test";

import * as rules from "../../../static/js/call/line.js";

const HD = 1280 * 720;
const VGA = 640 * 480;

test("a camera gets less the more devices there are", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 9].map(rules.cameraLimit), [1_500_000, 1_500_000, 800_000, 400_000, 400_000, 400_000, 400_000]);
});

/** @type {[number, number | null, boolean, number][]} */
const BUDGETS = [
  [2, null, false, 1_500_000],
  [2, null, true, 1_500_000],
  [2, 5_000_000, false, 1_500_000],
  [2, 1_548_000, false, 1_500_000],
  [2, 1_048_000, false, 1_000_000],
  [2, 1_048_000, true, 500_000],
  [3, 1_048_000, false, 800_000],
  [4, 5_000_000, true, 400_000],
  [2, 40_000, false, 0],
];

for (const [devices, estimate, sharing, bits] of BUDGETS) {
  test(`${devices} devices over ${estimate ?? "an unknown number of"} bits${sharing ? " with a screen" : ""} leave ${bits} for the camera`, () => {
    assert.equal(rules.cameraBudget({ devices, estimate, sharing }), bits);
  });
}

/** @type {[number, number, number][]} */
const STEPS = [
  [1_152_000, HD, 1],
  [1_151_999, HD, 1.5],
  [800_000, HD, 1.5],
  [512_000, HD, 1.5],
  [511_999, HD, 2],
  [400_000, HD, 2],
  [288_000, HD, 2],
  [287_999, HD, 3],
  [128_000, HD, 3],
  [127_999, HD, 4],
  [0, HD, 4],
  [400_000, VGA, 1],
  [383_999, VGA, 1.5],
];

for (const [bits, pixels, scale] of STEPS) {
  test(`${bits} bits carry ${pixels} pixels at 1/${scale}`, () => {
    assert.equal(rules.STEPS[rules.stepFor(bits, pixels)], scale);
  });
}

for (const [width, height, scale] of /** @type {const} */ ([[640, 480, 1], [480, 640, 1], [960, 720, 1.5], [1280, 720, 2], [1920, 1080, 3], [3840, 2160, 4]])) {
  test(`the first pictures of a camera with ${width} x ${height} are sent at 1/${scale}`, () => {
    assert.equal(rules.firstScale(rules.pixelsOf(/** @type {any} */ ({ getSettings: () => ({ width, height }) }))), scale);
  });
}

test("a camera that says nothing, and none, count as large ones", () => {
  assert.equal(rules.pixelsOf(/** @type {any} */ ({ getSettings: () => ({}) })), HD);
  assert.equal(rules.pixelsOf(null), HD);
});

/**
 * Looks twice a second while the line stays as it is.
 *
 * @param {rules.Size} size
 * @param {number} from
 * @param {number} milliseconds
 * @param {{bits?: number, slow?: boolean, content?: boolean}} line
 */
function stay(size, from, milliseconds, { bits = 1_500_000, slow = false, content = false }) {
  let now = from;
  for (; now <= from + milliseconds; now += 500) {
    size = rules.resize(size, { bits, pixels: HD, slow, content }, now);
  }
  return size;
}

test("the picture shrinks after three seconds of too few bits, at once to what fits", () => {
  assert.equal(rules.scaleOf(stay(rules.FULL, 0, 2500, { bits: 200_000 })), 1);
  assert.equal(rules.scaleOf(stay(rules.FULL, 0, 3000, { bits: 200_000 })), 3);
});

test("a moment of too few bits shrinks nothing", () => {
  const after = stay(stay(rules.FULL, 0, 2500, { bits: 200_000 }), 3000, 500, {});
  assert.equal(rules.scaleOf(stay(after, 4000, 2500, { bits: 200_000 })), 1);
});

test("it grows after five seconds, and only with a fifth to spare", () => {
  const small = stay(rules.FULL, 0, 3000, { bits: 200_000 });
  assert.equal(rules.scaleOf(stay(small, 4000, 4500, { bits: 800_000 })), 3);
  assert.equal(rules.scaleOf(stay(small, 4000, 5000, { bits: 800_000 })), 1.5);
  assert.equal(rules.scaleOf(stay(small, 4000, 60_000, { bits: 288_000 * 1.19 })), 3);
  assert.equal(rules.scaleOf(stay(small, 4000, 60_000, { bits: 288_000 * 1.21 })), 2);
});

test("a picture that needs no more bits than it gets stays as it is, however few they are", () => {
  assert.equal(rules.scaleOf(stay(rules.FULL, 0, 60_000, { bits: 200_000, content: true })), 1);
});

test("half a minute after it was made smaller such a picture is tried a step larger", () => {
  const small = stay(rules.FULL, 0, 3000, { bits: 200_000 });
  assert.equal(rules.scaleOf(stay(small, 3500, 34_000, { bits: 200_000, content: true })), 3);
  const larger = stay(small, 3500, 34_500, { bits: 200_000, content: true });
  assert.equal(rules.scaleOf(larger), 2);
  assert.equal(rules.scaleOf(stay(larger, 38_500, 3000, { bits: 200_000 })), 3);
});

test("what the others have missed of ours is in the report", () => {
  assert.equal(rules.lossy([{ type: "remote-inbound-rtp", fractionLost: 0.02 }]), true);
  assert.equal(rules.lossy([{ type: "remote-inbound-rtp", fractionLost: 0.019 }]), false);
  assert.equal(rules.lossy([{ type: "remote-inbound-rtp" }, { type: "inbound-rtp", fractionLost: 1 }]), false);
});

test("what was sent, and may be, is in the report", () => {
  assert.deepEqual(rules.sentOf([{ type: "transport" }, { type: "outbound-rtp", bytesSent: 7, targetBitrate: 9 }]), { bytes: 7, target: 9 });
  assert.deepEqual(rules.sentOf([]), { bytes: 0, target: 0 });
});

test("too few frames for three seconds make it smaller yet, for half a minute", () => {
  assert.equal(rules.scaleOf(stay(rules.FULL, 0, 2500, { slow: true })), 1);
  const smaller = stay(rules.FULL, 0, 3000, { slow: true });
  assert.equal(rules.scaleOf(smaller), 1.5);
  assert.equal(rules.scaleOf(stay(smaller, 3500, 29_000, {})), 1.5);
  assert.equal(rules.scaleOf(stay(smaller, 3500, 29_500, {})), 1);
  assert.equal(rules.scaleOf(stay(smaller, 3500, 60_000, { slow: true })), 4);
});

/** @type {[string, rules.Way, {bad: boolean, good: boolean}, number, rules.Way][]} */
const WAYS = [
  ["nothing bad changes nothing", rules.OPEN, { bad: false, good: true }, 500, rules.OPEN],
  ["a weak line carries sound alone", rules.OPEN, { bad: true, good: false }, 500, { phase: "sound", at: 500, tries: 1 }],
  ["and waits ten seconds", { phase: "sound", at: 500, tries: 1 }, { bad: false, good: true }, 10_499, { phase: "sound", at: 500, tries: 1 }],
  ["before pictures are tried", { phase: "sound", at: 500, tries: 1 }, { bad: false, good: false }, 10_500, { phase: "trial", at: 10_500, tries: 1 }],
  ["twenty the second time", { phase: "sound", at: 0, tries: 2 }, { bad: false, good: false }, 19_999, { phase: "sound", at: 0, tries: 2 }],
  ["and tries then", { phase: "sound", at: 0, tries: 2 }, { bad: false, good: false }, 20_000, { phase: "trial", at: 20_000, tries: 2 }],
  ["forty the third", { phase: "sound", at: 0, tries: 3 }, { bad: false, good: false }, 40_000, { phase: "trial", at: 40_000, tries: 3 }],
  ["a minute the fourth", { phase: "sound", at: 0, tries: 4 }, { bad: false, good: false }, 59_999, { phase: "sound", at: 0, tries: 4 }],
  ["and every minute after that", { phase: "sound", at: 0, tries: 9 }, { bad: false, good: false }, 60_000, { phase: "trial", at: 60_000, tries: 9 }],
  ["a trial goes on while nothing is known", { phase: "trial", at: 0, tries: 1 }, { bad: false, good: false }, 500, { phase: "trial", at: 0, tries: 1 }],
  ["a trial that goes well brings the picture back", { phase: "trial", at: 0, tries: 1 }, { bad: false, good: true }, 500, { phase: "pictures", at: 500, tries: 1 }],
  ["one that does not is a try more", { phase: "trial", at: 0, tries: 1 }, { bad: true, good: true }, 500, { phase: "sound", at: 500, tries: 2 }],
  ["a line that is weak again soon waits longer", { phase: "pictures", at: 0, tries: 2 }, { bad: true, good: false }, 59_999, { phase: "sound", at: 59_999, tries: 3 }],
  ["after a good minute it counts anew", { phase: "pictures", at: 0, tries: 2 }, { bad: true, good: false }, 60_000, { phase: "sound", at: 60_000, tries: 1 }],
];

for (const [what, way, signs, now, then] of WAYS) {
  test(what, () => assert.deepEqual(rules.weigh(way, signs, now), then));
}

test("a way with nothing to hold back is open, and remembers its tries", () => {
  assert.deepEqual(rules.open({ phase: "sound", at: 1, tries: 3 }, 500), { phase: "pictures", at: 500, tries: 3 });
  assert.equal(rules.open(rules.OPEN, 500), rules.OPEN);
});

const PAIRS = [
  { type: "candidate-pair", id: "P1", nominated: true, availableOutgoingBitrate: 900_000 },
  { type: "candidate-pair", id: "P2", nominated: true, availableOutgoingBitrate: 300_000 },
];

test("the estimate is that of the pair in use", () => {
  assert.equal(rules.estimateOf([{ type: "transport", selectedCandidatePairId: "P2" }, ...PAIRS]), 300_000);
  assert.equal(rules.estimateOf(PAIRS), 900_000);
  assert.equal(rules.estimateOf([{ type: "transport", selectedCandidatePairId: "P3" }, ...PAIRS]), null);
  assert.equal(rules.estimateOf([{ type: "candidate-pair", nominated: true }]), null);
  assert.equal(rules.estimateOf([{ type: "candidate-pair", nominated: true, availableOutgoingBitrate: 0 }]), null);
  assert.equal(rules.estimateOf([]), null);
});

test("too few frames count where line or processor are the reason", () => {
  const slow = { type: "outbound-rtp", active: true, framesPerSecond: 19.9, qualityLimitationReason: "cpu" };
  const given = (/** @type {number} */ frames) => ({ type: "media-source", framesPerSecond: frames });
  assert.equal(rules.tooSlow([slow, given(25)]), true);
  assert.equal(rules.tooSlow([{ ...slow, qualityLimitationReason: "bandwidth" }, given(25)]), true);
  assert.equal(rules.tooSlow([{ ...slow, framesPerSecond: 20 }, given(25)]), false);
  assert.equal(rules.tooSlow([{ ...slow, qualityLimitationReason: "none" }, given(25)]), false);
  assert.equal(rules.tooSlow([{ ...slow, active: false }, given(25)]), false);
  assert.equal(rules.tooSlow([{ ...slow, framesPerSecond: undefined }, given(25)]), false);
  assert.equal(rules.tooSlow([{ ...slow, type: "inbound-rtp" }, given(25)]), false);
  // A camera in the dark.
  assert.equal(rules.tooSlow([{ ...slow, framesPerSecond: 14 }, given(15)]), false);
  assert.equal(rules.tooSlow([{ ...slow, framesPerSecond: 12 }, given(15)]), true);
  assert.equal(rules.tooSlow([slow]), false);
});

test("pictures are counted apart from sound", () => {
  assert.deepEqual(
    rules.picturesOf([
      { type: "inbound-rtp", kind: "video", packetsReceived: 10, packetsLost: 1 },
      { type: "inbound-rtp", kind: "video", packetsReceived: 5 },
      { type: "inbound-rtp", kind: "audio", packetsReceived: 99, packetsLost: 9 },
      { type: "outbound-rtp", kind: "video", packetsReceived: 99 },
    ]),
    { received: 15, lost: 1 },
  );
});

/** @type {any} */
const STATE = { wanted: new Set(rules.ALL), up: "pictures", devices: 3, scale: 1.5 };

test("a camera keeps its frames, a screen its sharpness", () => {
  assert.deepEqual(rules.planFor("camera", STATE), { active: true, maxBitrate: 800_000, scale: 1.5, keep: "maintain-framerate", hint: "motion" });
  assert.deepEqual(rules.planFor("screen", STATE), { active: true, maxBitrate: 1_500_000, scale: null, keep: "maintain-resolution", hint: "detail" });
  assert.deepEqual(rules.planFor("microphone", STATE), { active: true, maxBitrate: 48_000, scale: null, keep: null, hint: "" });
});

/** @type {[string, any, [boolean, boolean, boolean]][]} */
const ACTIVE = [
  ["all that is wanted", {}, [true, true, true]],
  ["no camera that nobody wants", { wanted: new Set(["microphone", "screen"]) }, [true, false, true]],
  ["sound even where nobody says that it is wanted", { wanted: new Set() }, [true, false, false]],
  ["sound alone over a weak line", { up: "sound" }, [true, false, false]],
  ["the camera on trial, the screen not yet", { up: "trial" }, [true, true, false]],
  ["nothing on trial that nobody wants", { up: "trial", wanted: new Set(["microphone"]) }, [true, false, false]],
];

for (const [what, state, expected] of ACTIVE) {
  test(`sends ${what}`, () => {
    assert.deepEqual(
      rules.ALL.map((source) => rules.planFor(source, { ...STATE, ...state }).active),
      expected,
    );
  });
}

test("a camera on trial is small", () => {
  const { maxBitrate, scale } = rules.planFor("camera", { ...STATE, up: "trial" });
  assert.deepEqual([maxBitrate, scale], [200_000, 4]);
});
