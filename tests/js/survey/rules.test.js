import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { apart, holds, shown } from "../../../static/js/survey/rules.js";

/** @type {[Record<string, any>, Record<string, number | number[]>, boolean][]} */
const cases = JSON.parse(readFileSync(new URL("../../surveys/activation_cases.json", import.meta.url), "utf8"));

for (const [rule, answers, expected] of cases) {
  test(`${JSON.stringify(rule)} with ${JSON.stringify(answers)} is ${expected}, as the server has it`, () => {
    assert.equal(holds(rule, answers), expected);
  });
}

const questions = [
  { name: "helped", variables: ["helped"], rule: { equals: ["contact", 1] }, alone: [] },
  { name: "helped_by", variables: ["helped_by"], rule: { equals: ["helped", 1] }, alone: [] },
  { name: "helped_by_text", variables: ["helped_by_text"], rule: { equals: ["helped_by", 4] }, alone: [] },
];

test("a question comes with the answer that it waits for", () => {
  assert.deepEqual([...shown(questions, { contact: 1 }, {})], ["helped"]);
  assert.deepEqual([...shown(questions, { contact: 1 }, { helped: 1 })], ["helped", "helped_by"]);
});

test("an answer to a question that is not shown brings up nothing", () => {
  assert.deepEqual([...shown(questions, { contact: 1 }, { helped: 2, helped_by: [4] })], ["helped"]);
  assert.deepEqual([...shown(questions, { contact: 2 }, { helped: 1, helped_by: [4] })], []);
});

test("none of these stands alone, whichever was chosen first", () => {
  assert.deepEqual(apart([1, 5, 7], 7, [7]), [7]);
  assert.deepEqual(apart([7, 5], 5, [7]), [5]);
  assert.deepEqual(apart([1, 5], 5, [7]), [1, 5]);
});
