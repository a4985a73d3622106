import assert from "node:assert/strict";
import { test } from "node:test";

import { conditionOf, initialsOf, weakness } from "../../../../static/js/call/view/tile.js";

const NONE = { chosen: false, weakUp: false, weakDown: false };
/** @param {any} media @returns {any} */
const person = (media = {}) => ({ seat: "anna", media: { microphone: true, camera: true, screen: false, ...media } });

test("a place shows the picture, or the gravest reason why there is none", () => {
  assert.equal(conditionOf(person(), "connected", NONE), "picture");
  assert.equal(conditionOf(person(), "connecting", NONE), "connecting");
  assert.equal(conditionOf(person({ camera: false }), "connected", NONE), "off");
  assert.equal(conditionOf(person({ camera: false }), "interrupted", NONE), "interrupted");
  assert.equal(conditionOf(person(), "closed", NONE), "interrupted");
});

test("sound alone is by choice or by a weak line, and a camera that is off is off", () => {
  assert.equal(conditionOf(person(), "connected", { ...NONE, chosen: true }), "chosen");
  assert.equal(conditionOf(person(), "connected", { ...NONE, weakDown: true }), "weak");
  assert.equal(conditionOf(person(), "connected", { ...NONE, chosen: true, weakDown: true }), "chosen");
  assert.equal(conditionOf(person({ camera: false }), "connected", { ...NONE, weakDown: true }), "off");
  assert.equal(conditionOf(person({ paused: true }), "connected", NONE), "weak");
  assert.equal(conditionOf(person({ camera: false, paused: true }), "connected", NONE), "off");
});

test("that our own picture is not sent changes nothing about the others'", () => {
  assert.equal(conditionOf(person(), "connected", { ...NONE, weakUp: true }), "picture");
});

test("a weak line is said in one sentence, and not to somebody who chose sound alone", () => {
  /** @type {any} */ const texts = { weakUp: "up", weakDown: "down", weakBoth: "both" };
  assert.equal(weakness(NONE, texts), "");
  assert.equal(weakness({ ...NONE, weakUp: true }, texts), "up");
  assert.equal(weakness({ ...NONE, weakDown: true }, texts), "down");
  assert.equal(weakness({ ...NONE, weakUp: true, weakDown: true }, texts), "both");
  assert.equal(weakness({ chosen: true, weakUp: true, weakDown: true }, texts), "");
});

test("initials are the first letters of the first and the last name", () => {
  assert.equal(initialsOf("karen marie Jensen"), "KJ");
  assert.equal(initialsOf("  Åse "), "Å");
  assert.equal(initialsOf("Ahmed Yilmaz (tolk)"), "AY");
  assert.equal(initialsOf("4711"), "");
  assert.equal(initialsOf(""), "");
});
