import assert from "node:assert/strict";
import { test } from "node:test";

import { takeSecret } from "../../../static/js/call/move.js";

/** @param {string} address */
function page(address) {
  const url = new URL(address, "https://hub.test");
  /** @type {any[]} */ const replaced = [];
  const history = { state: { kept: true }, replaceState: (/** @type {any[]} */ ...given) => replaced.push(given) };
  return { secret: takeSecret(url, /** @type {any} */ (history)), replaced };
}

test("the secret is read, and taken out of the address without a new step in the history", () => {
  const { secret, replaced } = page("/m/0123456789ab?via=minlaege#flyt=abc-DEF_1");
  assert.equal(secret, "abc-DEF_1");
  assert.deepEqual(replaced, [[{ kept: true }, "", "/m/0123456789ab?via=minlaege"]]);
});

test("an empty secret is none, and leaves the address too", () => {
  const { secret, replaced } = page("/m/0123456789ab#flyt=");
  assert.equal(secret, null);
  assert.equal(replaced.length, 1);
});

test("another fragment is left alone", () => {
  for (const address of ["/m/0123456789ab", "/m/0123456789ab#main", "/m/0123456789ab?flyt=abc", "/m/0123456789ab#xflyt=a"]) {
    assert.deepEqual(page(address), { secret: null, replaced: [] });
  }
});
