import assert from "node:assert/strict";
import { test } from "node:test";

import { refusalOf } from "../../../../static/js/call/arrival/refusal.js";
import { FLOOR, Silence } from "../../../../static/js/call/arrival/silence.js";
import { doctorLine, wayBack } from "../../../../static/js/call/arrival/words.js";
import { TEXT_NAMES } from "../../../../static/js/call/texts.js";
import { sentences } from "../../../../static/js/call/view/arrival.js";

/** @type {any} every text is its own name */
const texts = Object.fromEntries(TEXT_NAMES.map((name) => [name, name]));
const WINDOWS = { userAgent: "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", maxTouchPoints: 0 };

/** @type {ReadonlyArray<[string, string, (PermissionState | null)[], string]>} */
const REFUSALS = [
  ["a prompt that was closed", "Permission dismissed", ["prompt", "prompt"], "dismissed"],
  ["one of the two is allowed", "Permission dismissed", ["granted", "prompt"], "dismissed"],
  ["a no that is remembered", "Permission denied", ["denied", "denied"], "denied"],
  ["one of the two is barred", "Permission denied", ["granted", "denied"], "denied"],
  ["a browser that does not say", "The request is not allowed", [null, null], "denied"],
  ["the system's own settings", "Permission denied by system", ["granted", "granted"], "system"],
];

for (const [name, message, states, refusal] of REFUSALS) {
  test(`${name} is ${refusal}`, () => {
    assert.equal(refusalOf(new DOMException(message, "NotAllowedError"), states), refusal);
  });
}

test("every browser has its own way back, and only a hard no leads there", () => {
  const families = /** @type {const} */ (["chrome", "chromeAndroid", "chromeIos", "edge", "edgeMobile", "firefox", "firefoxAndroid", "safari", "safariIos", "samsung", "other"]);
  const ways = families.map((family) => wayBack("denied", family, texts));
  assert.equal(new Set(ways).size, families.length);
  assert.ok(ways.every(Boolean));
  assert.equal(wayBack("dismissed", "chrome", texts), "allowAsked");
  assert.equal(wayBack("system", "safari", texts), "allowSystem");
});

test("what is wrong is said with the way back of this very browser", () => {
  assert.deepEqual(sentences({ camera: "refused", microphone: "refused", refusal: "denied" }, texts, WINDOWS), ["neitherRefused", "allowEdge"]);
  assert.deepEqual(sentences({ camera: "busy" }, texts, WINDOWS), ["cameraBusy"]);
});

/** @type {ReadonlyArray<[any, boolean, string]>} */
const DOCTORS = [
  [{ hostPresent: true }, true, "hostPresent"],
  [{ hostPresent: false }, false, "hostAbsent"],
  [{ hostPresent: false, doctor: "away", delayMinutes: null }, false, "hostAbsent"],
  [{ hostPresent: false, doctor: "away", delayMinutes: 0 }, false, "hostAbsent"],
  [{ hostPresent: false, doctor: "busy", delayMinutes: null }, false, "hostBusy"],
  [{ hostPresent: false, doctor: "away", delayMinutes: 10 }, false, "late 10"],
  [{ hostPresent: false, doctor: "busy", delayMinutes: 10 }, false, "hostBusy late 10"],
  [{ hostPresent: true, doctor: "here", delayMinutes: 10 }, true, "hostPresent. late 10"],
];

for (const [room, here, line] of DOCTORS) {
  test(`${JSON.stringify(room)} reads "${line}"`, () => {
    assert.deepEqual(doctorLine(room, { ...texts, hostLate: "late {n}" }), { here, line });
  });
}

test("five seconds of nothing are silence; a breath, being off and being asleep are not", () => {
  const silence = new Silence();
  /** Half seconds of a peak; the last answer. @param {number | null} peak @param {number} from @param {number} to */
  const hear = (peak, from, to) => {
    let answer = false;
    for (let now = from; now <= to; now += 500) {
      answer = silence.hear(peak, now);
    }
    return answer;
  };
  assert.equal(hear(0, 0, 4500), false);
  assert.equal(hear(0, 5000, 5000), true);
  assert.equal(hear(FLOOR * 2, 5500, 5500), false);
  assert.equal(hear(FLOOR, 6000, 10_500), false);
  assert.equal(hear(null, 11_000, 30_000), false);
  assert.equal(hear(0, 30_500, 35_000), false);
  assert.equal(hear(0, 35_500, 35_500), true);
});
