import assert from "node:assert/strict";
import { test } from "node:test";

import { sayOutside } from "../../../static/js/desk/outside.js";

/** @type {[string, object][]} */
let said = [];

class Notice extends EventTarget {
  static permission = "granted";

  /** @param {string} words @param {object} options */
  constructor(words, options) {
    super();
    said.push([words, options]);
  }
}

/** As Chrome on Android does it. */
class Illegal extends Notice {
  /** @param {string} words @param {object} options */
  constructor(words, options) {
    super(words, options);
    throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
  }
}

/** @param {unknown} made */
const say = (made) => sayOutside(/** @type {typeof Notification} */ (made), "En patient venter.", "vdx-a");

test("a page that may says it in words without a name", () => {
  said = [];
  assert.equal(say(Notice), true);
  assert.deepEqual(said, [["En patient venter.", { tag: "vdx-a" }]]);
});

test("a browser that lets no page say it is asked no more, and the desk goes on", () => {
  assert.equal(say(Illegal), false);
  assert.equal(say(undefined), false);
});

test("without permission nothing is said", () => {
  said = [];
  assert.equal(say(class extends Notice { static permission = "default"; }), true);
  assert.deepEqual(said, []);
});
