import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { TARGET, icons, stylesheet } from "../../../scripts/design.mjs";

const vendored = await readFile(join(TARGET, "css", "dkfds.css"), "utf8");

test("the design system's stylesheet has the rules of every class that our pages use now", async () => {
  assert.equal(vendored === (await stylesheet()), true, "Run `make vendor`, and commit what it changes.");
});

test("what pages put together from pieces is there, and what no page has is not", () => {
  for (const rule of [".alert-warning", ".icon-svg", ".button.button-primary", ".form-error"]) {
    assert.ok(vendored.includes(rule), rule);
  }
  assert.ok(!vendored.includes(".accordion-button"));
});

test("the drawing has the icons that a template names now, and no others", async () => {
  const drawing = await readFile(join(TARGET, "img", "icons.svg"), "utf8");
  assert.equal(drawing === (await icons()), true, "Run `make vendor`, and commit what it changes.");
  assert.match(drawing, /<symbol id="help"/);
  assert.doesNotMatch(drawing, /<symbol id="accessibility-new"/);
});

test("a page in Danish fetches the letters of western Europe, and another letter's font where it is needed", () => {
  const rules = [...vendored.matchAll(/@font-face\{[^}]*font-weight:400[^}]*\}/g)].map(([rule]) => rule);
  const [whole, western] = rules.filter((rule) => rule.includes("font-style:normal"));
  assert.match(whole ?? "", /IBMPlexSans-Regular\.woff2/);
  assert.doesNotMatch(whole ?? "", /unicode-range/);
  assert.match(western ?? "", /IBMPlexSans-Regular-Latin1\.woff2.*;unicode-range:.*U\+00A0-00FF/);
});
