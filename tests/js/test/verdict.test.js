import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { judge } from "../../../static/js/test/verdict.js";

/** The hub judges by the same table: tests/monitoring/rules/test_device_test.py. */
const cases = JSON.parse(await readFile(new URL("../../device_test_cases.json", import.meta.url), "utf8"));
const template = await readFile(new URL("../../../templates/rooms/_test_texts.html", import.meta.url), "utf8");
const view = await readFile(new URL("../../../static/js/test/view.js", import.meta.url), "utf8");
const names = new Set([...template.matchAll(/^"(\w+)": /gm)].map((match) => match[1]));

for (const { name, measures, verdict, reason } of cases) {
  test(`the verdict: ${name}`, () => {
    assert.deepEqual(judge(measures), { verdict, reason });
  });
}

test("the page has a sentence for every verdict and every reason, and none too many", () => {
  for (const kind of ["verdict", "because"]) {
    const used = new Set(cases.map((/** @type {any} */ { verdict, reason }) => `${kind}_${kind === "verdict" ? verdict : reason}`));
    assert.deepEqual([...names].filter((name) => name?.startsWith(`${kind}_`)).sort(), [...used].sort());
  }
});

test("the page has words for every problem of a device", () => {
  for (const device of ["camera", "microphone"]) {
    for (const problem of ["ok", "refused", "busy", "missing", "insecure", "failed"]) {
      assert.ok(names.has(`${device}_${problem}`), `${device}_${problem}`);
    }
  }
});

test("every single text that the view asks for is there", () => {
  const asked = [...view.matchAll(/#text\("(\w+)"\)/g)].map((match) => match[1]);
  assert.ok(asked.length > 0);
  assert.deepEqual(asked.filter((name) => !names.has(name)), []);
});
