import assert from "node:assert/strict";
import { test } from "node:test";

import { warmUp } from "../../../static/js/call/warm.js";

/** @type {any} */ const nobody = null;

/** A browser whose connections write down what is done with them. @param {{fails?: boolean}} [how] */
function browser({ fails = false } = {}) {
  /** @type {string[]} */
  const done = [];
  const PeerConnection = class {
    constructor() {
      done.push("made");
    }
    /** @param {string} kind */
    addTransceiver(kind) {
      done.push(kind);
    }
    async createOffer() {
      done.push("offer");
      if (fails) {
        throw new Error("not now");
      }
    }
    close() {
      done.push("closed");
    }
  };
  return { done, PeerConnection: /** @type {any} */ (PeerConnection) };
}

test("the first connection is laid out, looks for no way, and is thrown away, once a page", async () => {
  const { done, PeerConnection } = browser();
  const part = warmUp(PeerConnection);
  await part.welcomed?.(nobody, nobody);
  await part.welcomed?.(nobody, nobody);
  // No description is set: only that would begin to look for a way.
  assert.deepEqual(done, ["made", "audio", "video", "video", "offer", "closed"]);
});

test("a browser that cannot is left alone, and nothing stays open", async () => {
  const { done, PeerConnection } = browser({ fails: true });
  await warmUp(PeerConnection).welcomed?.(nobody, nobody);
  assert.equal(done.at(-1), "closed");
  await warmUp(/** @type {any} */ (undefined)).welcomed?.(nobody, nobody);
});
