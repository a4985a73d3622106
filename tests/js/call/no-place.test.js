import assert from "node:assert/strict";
import { test } from "node:test";

import { NoPlace } from "../../../static/js/call/no_place.js";
import { parse } from "../../../static/js/call/protocol.js";

const FULL = "Der er ikke plads.";
const SAID = /** @type {any} */ (parse(JSON.stringify({ type: "no-place", text: FULL })));

/** @param {"waiting" | "admitted"} state */
function seated(state) {
  /** @type {any[]} */ const seen = [];
  const part = /** @type {any} */ (
    new NoPlace({
      view: {
        notice: (text, tone, { quiet = false } = {}) => void seen.push(["notice", text, quiet]),
        withdraw: (text) => void seen.push(["withdrawn", text]),
        announce: (text) => void seen.push(["said", text]),
      },
      screen: {
        noPlace: (text) => void seen.push(["waiting", text]),
        phone: (shown) => void seen.push(["phone", shown]),
      },
    })
  );
  part.welcomed({ seat: "me", state });
  return { part, taken: () => seen.splice(0) };
}

test("who waits reads what to do, with the telephone, until the call begins after all", () => {
  const { part, taken } = seated("waiting");
  assert.equal(part.message(SAID), true);
  assert.deepEqual(taken(), [["waiting", FULL], ["phone", true], ["said", FULL]]);
  part.call({});
  assert.deepEqual(taken(), [["waiting", ""], ["withdrawn", FULL]]);
  part.call({});
  assert.deepEqual(taken(), []);
});

test("the doctor reads it above the call, once aloud however often they press", () => {
  const { part, taken } = seated("admitted");
  part.message(SAID);
  part.message(SAID);
  assert.deepEqual(taken(), [["notice", FULL, false], ["notice", FULL, true]]);
});

test("it goes when somebody else is in, and not by oneself or by who still waits", () => {
  const { part, taken } = seated("admitted");
  part.message(SAID);
  taken();
  part.participant({ seat: "me", state: "admitted", connected: true });
  part.participant({ seat: "anna", state: "waiting", connected: true });
  part.participant({ seat: "anna", state: "admitted", connected: false });
  assert.deepEqual(taken(), []);
  part.participant({ seat: "anna", state: "admitted", connected: true });
  assert.deepEqual(taken(), [["waiting", ""], ["withdrawn", FULL]]);
});

test("whoever is let in elsewhere meanwhile comes back to a waiting room without it", () => {
  const { part, taken } = seated("waiting");
  part.message(SAID);
  taken();
  part.welcomed({ seat: "me", state: "admitted" });
  assert.deepEqual(taken(), [["waiting", ""], ["withdrawn", FULL]]);
});

test("other messages are others'", () => {
  const { part, taken } = seated("waiting");
  assert.equal(part.message({ type: "told", text: "Hej" }), false);
  part.ended();
  assert.deepEqual(taken(), []);
});
