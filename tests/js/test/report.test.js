import assert from "node:assert/strict";
import { test } from "node:test";

import { AGAIN, Report } from "../../../static/js/test/report.js";

/** @param {{ok: boolean, status: number, code?: string}[]} answers */
function makeReport(answers) {
  /** @type {any[]} */ const sent = [];
  /** @type {any[]} */ const codes = [];
  /** @type {any[]} */ const waiting = [];
  const report = new Report(
    async (body) => {
      sent.push(body);
      return answers.shift() ?? { ok: true, status: 200, code: "abc123" };
    },
    (code) => codes.push(code),
    { set: (work, milliseconds) => waiting.push({ work, milliseconds }), clear: () => waiting.splice(0) },
  );
  return { report, sent, codes, waiting, settle: () => new Promise((resolve) => setTimeout(resolve)) };
}

test("a result that does not arrive is sent again, later and later, until it does", async () => {
  const { report, sent, codes, waiting, settle } = makeReport([{ ok: false, status: 0 }, { ok: false, status: 503 }]);
  report.send("a");
  await settle();
  assert.deepEqual(waiting.map(({ milliseconds }) => milliseconds), [AGAIN[0]]);
  waiting[0].work();
  await settle();
  assert.deepEqual(waiting.map(({ milliseconds }) => milliseconds), [AGAIN[1]]);
  waiting[0].work();
  await settle();
  assert.deepEqual(sent, ["a", "a", "a"]);
  assert.deepEqual(codes, [null, null, "abc123"]);
});

test("what is known meanwhile goes after it, and only the newest of it", async () => {
  const { report, sent, settle } = makeReport([]);
  report.send("a");
  report.send("b");
  report.send("c");
  await settle();
  await settle();
  assert.deepEqual(sent, ["a", "c"]);
});

test("what the hub refuses is not sent again, but when it was only too often", async () => {
  const refused = makeReport([{ ok: false, status: 409 }]);
  refused.report.send("a");
  await refused.settle();
  refused.report.wake();
  await refused.settle();
  assert.deepEqual(refused.sent, ["a"]);
  const often = makeReport([{ ok: false, status: 429 }]);
  often.report.send("a");
  await often.settle();
  assert.equal(often.waiting.length, 1);
});

test("a network that is back is used at once", async () => {
  const { report, sent, codes, settle } = makeReport([{ ok: false, status: 0 }]);
  report.send("a");
  await settle();
  report.wake();
  await settle();
  assert.deepEqual([sent, codes], [["a", "a"], [null, "abc123"]]);
});
