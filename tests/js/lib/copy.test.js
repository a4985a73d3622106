import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { enhanceCopy, textOf } from "../../../static/js/lib/copy.js";
import { as, FakeElement, withPage } from "./page.js";

// Node has no form fields; the helper only asks whether an element is one.
Object.assign(globalThis, { HTMLInputElement: class {}, HTMLTextAreaElement: class {} });

/** A button as the template writes it, with its words in a span beside the icon. */
function copyButton() {
  const button = new FakeElement();
  const words = new FakeElement("Kopiér beskeden");
  button.children.set("span", words);
  button.dataset = { copy: "message", copyDone: "Kopieret", copyFailed: "Markér teksten selv" };
  return { button, words };
}

/** Lets what the click began come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("an element's text is copied without the space around it, a field's value as it stands", () => {
  assert.equal(textOf(as(new FakeElement("\n  Hej  du\n "))), "Hej  du");
  assert.equal(textOf(as(Object.assign(new FakeElement("x"), { value: " y " }))), " y ");
});

test("the button says that it worked, and is itself again after three seconds", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  t.after(withPage({ message: new FakeElement("Kl. 9.15"), announcer: new FakeElement() }));
  const { button, words } = copyButton();
  /** @type {string[]} */
  const clipboard = [];
  enhanceCopy(as(button), { write: async (text) => clipboard.push(text) > 0 });

  button.dispatchEvent(new Event("click"));
  await settled();
  assert.deepEqual(clipboard, ["Kl. 9.15"]);
  assert.equal(words.textContent, "Kopieret");
  assert.deepEqual([...button.classes], ["is-done"]);

  mock.timers.tick(3000);
  assert.equal(words.textContent, "Kopiér beskeden");
  assert.deepEqual([...button.classes], []);
});

test("a second press while the answer shows does not keep the answer for good", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  t.after(withPage({ message: new FakeElement("x") }));
  const { button, words } = copyButton();
  enhanceCopy(as(button), { write: async () => true });
  button.dispatchEvent(new Event("click"));
  await settled();
  mock.timers.tick(2000);
  button.dispatchEvent(new Event("click"));
  await settled();
  mock.timers.tick(2000);
  assert.equal(words.textContent, "Kopieret");
  mock.timers.tick(1000);
  assert.equal(words.textContent, "Kopiér beskeden");
});

test("a refused clipboard selects the text and says what to do", async (t) => {
  const message = new FakeElement("Kl. 9.15");
  /** @type {object[]} */
  const selected = [];
  Object.assign(globalThis, { getSelection: () => ({ selectAllChildren: (/** @type {object} */ node) => selected.push(node) }) });
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  t.after(() => Reflect.deleteProperty(globalThis, "getSelection"));
  t.after(withPage({ message }));
  const { button, words } = copyButton();
  enhanceCopy(as(button), { write: async () => false });
  button.dispatchEvent(new Event("click"));
  await settled();
  assert.deepEqual(selected, [message]);
  assert.equal(words.textContent, "Markér teksten selv");
  assert.deepEqual([...button.classes], []);
});
