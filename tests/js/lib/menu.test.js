import assert from "node:assert/strict";
import { test } from "node:test";

import { enhanceMenu } from "../../../static/js/lib/menu.js";
import { as, FakeElement, withPage } from "./page.js";

/** The button as the page has it before scripts: hidden, menu closed. */
function menuPage() {
  const button = new FakeElement("Menu");
  button.hidden = true;
  button.setAttribute("aria-controls", "site-menu");
  button.setAttribute("aria-expanded", "false");
  return { button, menu: new FakeElement() };
}

test("the button appears, opens the menu and closes it again", (t) => {
  const { button, menu } = menuPage();
  t.after(withPage({ "site-menu": menu }));
  enhanceMenu(as(button));
  assert.equal(button.hidden, false);
  button.dispatchEvent(new Event("click"));
  assert.deepEqual([button.getAttribute("aria-expanded"), [...menu.classes]], ["true", ["is-open"]]);
  button.dispatchEvent(new Event("click"));
  assert.deepEqual([button.getAttribute("aria-expanded"), [...menu.classes]], ["false", []]);
});

test("Escape closes an open menu and returns to the button", (t) => {
  const { button, menu } = menuPage();
  t.after(withPage({ "site-menu": menu }));
  enhanceMenu(as(button));
  const escape = () => menu.dispatchEvent(Object.assign(new Event("keydown"), { key: "Escape" }));
  escape();
  assert.equal(button.focused, 0);
  button.dispatchEvent(new Event("click"));
  escape();
  assert.deepEqual([button.focused, button.getAttribute("aria-expanded"), [...menu.classes]], [1, "false", []]);
});

test("a button without a menu stays hidden", (t) => {
  const { button } = menuPage();
  t.after(withPage({}));
  enhanceMenu(as(button));
  assert.equal(button.hidden, true);
});
