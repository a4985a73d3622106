import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeElement, withPage } from "./page.js";

class FakeDialog extends FakeElement {
  returnValue = "";
  open = false;

  showModal() {
    this.open = true;
  }

  /** @param {string} [value] nothing when Escape closes it */
  close(value) {
    this.open = false;
    this.returnValue = value ?? this.returnValue;
    this.dispatchEvent(new Event("close"));
  }
}
Object.assign(globalThis, { HTMLDialogElement: FakeDialog });
const { askRight, stillRight } = await import("../../../static/js/lib/guard.js");

test("a yes stands for the name that was shown", async (t) => {
  const dialog = new FakeDialog();
  t.after(withPage({ "guard-dialog": dialog, "guard-name": new FakeElement() }));
  const asked = askRight({ name: "Grethe Sand" });
  assert.equal(stillRight("Grethe Sand"), true);
  assert.equal(dialog.open, true);
  dialog.close("yes");
  assert.equal(await asked, "yes");
});

test("a name that changes while the question is asked takes the question away, and nobody is let in", async (t) => {
  const dialog = new FakeDialog();
  t.after(withPage({ "guard-dialog": dialog, "guard-name": new FakeElement() }));
  const asked = askRight({ name: "Grethe Sand" });
  assert.equal(stillRight("Hans Sand"), false);
  assert.equal(dialog.open, false);
  assert.equal(await asked, "");
});
