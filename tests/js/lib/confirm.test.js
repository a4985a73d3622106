import assert from "node:assert/strict";
import { test } from "node:test";

import { ask, enhanceConfirm } from "../../../static/js/lib/confirm.js";
import { as, FakeElement, withPage } from "./page.js";

class FakeDialog extends FakeElement {
  returnValue = "";
  shown = 0;

  showModal() {
    this.shown += 1;
  }

  /** @param {string} [value] nothing when Escape closes it */
  close(value) {
    this.returnValue = value ?? this.returnValue;
    this.dispatchEvent(new Event("close"));
  }
}
Object.assign(globalThis, { HTMLDialogElement: FakeDialog });

class FakeForm extends FakeElement {
  /** @type {unknown[]} */
  sent = [];

  /** Presses one of the form's buttons. @param {unknown} [submitter] */
  requestSubmit(submitter) {
    const event = Object.assign(new Event("submit", { cancelable: true }), { submitter });
    if (this.dispatchEvent(event)) {
      this.sent.push(submitter);
    }
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("yes is yes, no is no, and Escape is no", async () => {
  for (const [pressed, answer] of /** @type {const} */ ([["yes", true], ["no", false], [undefined, false]])) {
    const dialog = new FakeDialog();
    const asked = ask(as(dialog));
    dialog.close(pressed);
    assert.equal(await asked, answer);
  }
});

test("an earlier yes does not answer the next question", async () => {
  const dialog = new FakeDialog();
  const first = ask(as(dialog));
  dialog.close("yes");
  await first;
  const second = ask(as(dialog));
  dialog.close();
  assert.equal(await second, false);
});

test("a form waits for the answer, and is then sent by the same button", async (t) => {
  const dialog = new FakeDialog();
  t.after(withPage({ sure: dialog }));
  const form = new FakeForm();
  form.dataset = { confirm: "sure" };
  enhanceConfirm(as(form));

  form.requestSubmit("cancel-button");
  assert.deepEqual([dialog.shown, form.sent], [1, []]);
  dialog.close("no");
  await settled();
  assert.deepEqual(form.sent, []);

  form.requestSubmit("cancel-button");
  dialog.close("yes");
  await settled();
  assert.deepEqual([dialog.shown, form.sent], [2, ["cancel-button"]]);
});

test("a form that was sent asks again the next time", async (t) => {
  const dialog = new FakeDialog();
  t.after(withPage({ sure: dialog }));
  const form = new FakeForm();
  form.dataset = { confirm: "sure" };
  enhanceConfirm(as(form));
  form.requestSubmit("a");
  dialog.close("yes");
  await settled();
  form.requestSubmit("b");
  assert.deepEqual([dialog.shown, form.sent], [2, ["a"]]);
});

test("without its dialog the form is sent at once", (t) => {
  t.after(withPage({}));
  const form = new FakeForm();
  form.dataset = { confirm: "gone" };
  enhanceConfirm(as(form));
  form.requestSubmit("a");
  assert.deepEqual(form.sent, ["a"]);
});
