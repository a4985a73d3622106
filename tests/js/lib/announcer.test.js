import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { announce } from "../../../static/js/lib/announcer.js";
import { as, FakeElement, withPage } from "./page.js";

test("the region is emptied first, so that the same line is said twice", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const region = new FakeElement("Kopieret");
  announce("Kopieret", as(region));
  assert.equal(region.textContent, "");
  mock.timers.tick(100);
  assert.equal(region.textContent, "Kopieret");
});

test("only the newest of two lines in a hurry is said", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const region = new FakeElement();
  announce("Den ene", as(region));
  announce("Den anden", as(region));
  mock.timers.tick(59);
  assert.equal(region.textContent, "");
  mock.timers.tick(100);
  assert.equal(region.textContent, "Den anden");
});

test("the page's own region is used, and a page without one is left alone", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const region = new FakeElement();
  const undo = withPage({ announcer: region });
  announce("Her");
  undo();
  t.after(withPage({}));
  announce("Ingen hører det");
  mock.timers.tick(100);
  assert.equal(region.textContent, "Her");
});
