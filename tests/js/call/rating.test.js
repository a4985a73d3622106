import assert from "node:assert/strict";
import { test } from "node:test";

import { BETTER_AFTER, Line, best, rate, worst } from "../../../static/js/call/rating.js";

test("a line's word, by what it loses, how long it takes and how unevenly", () => {
  const fine = { loss: 0, rttMs: 40, jitterMs: 5, missing: 0 };
  for (const [more, word] of /** @type {[any, string][]} */ ([
    [{}, "good"],
    [{ loss: 0.029 }, "good"],
    [{ loss: 0.03 }, "uneven"],
    [{ loss: 0.1 }, "poor"],
    [{ rttMs: 399 }, "good"],
    [{ rttMs: 400 }, "uneven"],
    [{ rttMs: 800 }, "poor"],
    [{ jitterMs: 60 }, "uneven"],
    [{ jitterMs: 150 }, "poor"],
    [{ missing: 0.1 }, "good"],
    [{ missing: 0.15 }, "uneven"],
    [{ missing: 0.4 }, "poor"],
    [{ loss: 0.04, rttMs: 900 }, "poor"],
  ])) {
    assert.equal(rate({ ...fine, ...more }), word, JSON.stringify(more));
  }
});

test("the worst and the best of several", () => {
  assert.deepEqual([worst([]), worst(["good", "poor", "uneven"]), best(["poor", "uneven"]), best([])], [null, "poor", "uneven", null]);
});

/** @param {Line} line @param {number} from @param {number} to @param {number} lossShare */
function run(line, from, to, lossShare, lost = { packets: 0 }) {
  let word = null;
  for (let at = from; at <= to; at += 500) {
    lost.packets += 25 * lossShare;
    word = line.look([{ type: "inbound-rtp", packetsReceived: at / 20, packetsLost: lost.packets, jitter: 0.005 }], true, at);
  }
  return word;
}

test("a line is judged over seconds: worse at once, better when it lasts", () => {
  const line = new Line();
  const lost = { packets: 0 };
  assert.equal(run(line, 1000, 3000, 0, lost), null);
  assert.equal(run(line, 3500, 10000, 0, lost), "good");
  assert.equal(run(line, 10500, 15500, 0.2, lost), "poor");
  assert.equal(run(line, 16000, 21000, 0, lost), "poor");
  assert.equal(run(line, 21500, 21500 + BETTER_AFTER + 5000, 0, lost), "good");
});

test("nothing coming of what is due is poor; of nothing due it is not", () => {
  for (const [due, word] of /** @type {[boolean, string][]} */ ([[true, "poor"], [false, "good"]])) {
    const line = new Line();
    run(line, 1000, 8000, 0);
    for (let at = 8500; at <= 13000; at += 500) {
      line.look([{ type: "inbound-rtp", packetsReceived: 400, packetsLost: 0 }], due, at);
    }
    assert.equal(line.word, word);
  }
});
