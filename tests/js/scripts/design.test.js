import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { TARGET, stylesheet } from "../../../scripts/design.mjs";

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
