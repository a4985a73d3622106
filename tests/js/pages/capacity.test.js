import assert from "node:assert/strict";
import { test } from "node:test";

import { show } from "../../../static/js/pages/capacity.js";

/** An element that counts how often its text is written, since each time may be read aloud. */
class Heard {
  #text = "";
  written = 0;
  /** @type {Set<string>} */
  classes = new Set();
  classList = {
    add: (/** @type {string} */ name) => this.classes.add(name),
    remove: (/** @type {string[]} */ ...names) => names.forEach((name) => this.classes.delete(name)),
  };

  get textContent() {
    return this.#text;
  }

  set textContent(text) {
    this.#text = text;
    this.written += 1;
  }
}

function makePage() {
  const names = ["capacity-calls", "capacity-places", "capacity-says", "capacity-level"];
  const elements = new Map(names.map((name) => [name, new Heard()]));
  const at = (/** @type {string} */ id) => /** @type {Heard} */ (elements.get(id));
  at("capacity-level").classes = new Set(["alert", "alert-success"]);
  const page = /** @type {any} */ ({ getElementById: (/** @type {string} */ id) => elements.get(id) ?? null });
  return { at, page };
}

test("number, places and sentence are shown, and the box has the tone of its level alone", () => {
  const { at, page } = makePage();
  show({ calls: "251", places: "2 pladser mere", level: "grace", says: "Over kapaciteten." }, page);
  assert.equal(at("capacity-calls").textContent, "251");
  assert.equal(at("capacity-places").textContent, "2 pladser mere");
  assert.equal(at("capacity-says").textContent, "Over kapaciteten.");
  assert.deepEqual([...at("capacity-level").classes], ["alert", "alert-warning"]);
  show({ calls: "312", places: "", level: "full", says: "Fuldt." }, page);
  assert.equal(at("capacity-places").textContent, "");
  assert.deepEqual([...at("capacity-level").classes], ["alert", "alert-error"]);
});

test("the same sentence is not written again, so that nobody hears it twice", () => {
  const { at, page } = makePage();
  for (const calls of ["3", "4", "5"]) {
    show({ calls, places: "", level: "within", says: "Der er plads." }, page);
  }
  assert.equal(at("capacity-calls").textContent, "5");
  assert.equal(at("capacity-says").written, 1);
});

test("a page that lacks the elements is left alone", () => {
  const page = /** @type {any} */ ({ getElementById: () => null });
  assert.doesNotThrow(() => show({ calls: "1", places: "", level: "within", says: "" }, page));
});
