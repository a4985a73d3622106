import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { sendOnce } from "../../../static/js/lib/forms.js";
import { as } from "./page.js";

/** A button that remembers its attributes. */
class Button extends EventTarget {
  /** @type {Map<string, string>} */
  attributes = new Map();

  /**
   * @param {string} name
   * @param {string} value
   */
  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  /** @param {string} name */
  removeAttribute(name) {
    this.attributes.delete(name);
  }

  /** @returns {boolean} whether the click went through to the form */
  press() {
    return this.dispatchEvent(new Event("click", { cancelable: true }));
  }
}

test("a second press goes nowhere while the first is on its way, and works again when no answer came", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  let time = 0;
  const button = new Button();
  sendOnce(as(button), { now: () => time });

  assert.equal(button.press(), true);
  assert.equal(button.attributes.get("aria-disabled"), "true");
  time = 200;
  assert.equal(button.press(), false);

  time = 8000;
  mock.timers.tick(8000);
  assert.equal(button.attributes.has("aria-disabled"), false);
  assert.equal(button.press(), true);
});
