import assert from "node:assert/strict";
import { test } from "node:test";

import { fill, readData } from "../../../static/js/lib/page-data.js";
import { as, FakeElement, withPage } from "./page.js";

test("data from the server is parsed", (t) => {
  t.after(withPage({ texts: new FakeElement('{"leave": "Forlad samtalen", "seconds": 5}') }));
  assert.deepEqual(readData("texts"), { leave: "Forlad samtalen", seconds: 5 });
});

test("a missing data element is named in the error", (t) => {
  t.after(withPage({}));
  assert.throws(() => readData("texts"), /"texts"/);
});

test("another document can be read", () => {
  const page = { getElementById: () => new FakeElement("[1, 2]") };
  assert.deepEqual(readData("anything", as(page)), [1, 2]);
});

test("gaps are filled by name, and a gap without a value stays", () => {
  assert.equal(fill("{name} kommer om {minutes} min. {missing}", { name: "Lise", minutes: 0 }), "Lise kommer om 0 min. {missing}");
});

test("a value that looks like a gap is not filled again", () => {
  assert.equal(fill("{name}", { name: "{other}", other: "x" }), "{other}");
});
