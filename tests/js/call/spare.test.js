import assert from "node:assert/strict";
import { test } from "node:test";

import { Spare } from "../../../static/js/call/spare.js";

/** A browser whose connections write down what is done with them. @param {{fails?: "offer" | "configuration"}} [how] */
function browser({ fails } = {}) {
  /** @type {string[]} */
  const done = [];
  const PeerConnection = class {
    /** @param {any} configuration */
    constructor({ bundlePolicy }) {
      done.push(`made ${bundlePolicy}`);
    }
    /** @param {string} kind */
    addTransceiver(kind) {
      done.push(kind);
      return { kind };
    }
    async createOffer() {
      done.push("offer");
      if (fails === "offer") {
        throw new Error("not now");
      }
      return { type: "offer", sdp: "v=0" };
    }
    /** @param {any} configuration */
    setConfiguration({ iceServers }) {
      if (fails === "configuration") {
        throw new Error("not this one");
      }
      done.push(`by ${iceServers}`);
    }
    close() {
      done.push("closed");
    }
  };
  return { done, spare: new Spare(/** @type {any} */ (PeerConnection)) };
}

/** @type {any} */ const CONFIGURATION = { iceServers: ["stun"] };

test("it is laid out once a page, looks for no way, and is handed over once", async () => {
  const { done, spare } = browser();
  assert.equal(spare.take(CONFIGURATION), null);
  await spare.welcomed();
  await spare.welcomed();
  // No description is set: only that would begin to look for a way.
  assert.deepEqual(done, ["made max-bundle", "audio", "video", "video", "offer"]);
  const taken = spare.take(CONFIGURATION);
  assert.equal(taken?.offer.sdp, "v=0");
  assert.deepEqual([...(taken?.lines.keys() ?? [])], ["microphone", "camera", "screen"]);
  assert.equal(done.at(-1), "by stun");
  assert.equal(spare.take(CONFIGURATION), null);
  spare.ended();
  assert.notEqual(done.at(-1), "closed");
});

test("nothing stays open when the room is left behind", async () => {
  const { done, spare } = browser();
  await spare.welcomed();
  spare.ended();
  spare.ended();
  assert.equal(done.filter((word) => word === "closed").length, 1);
  assert.equal(spare.take(CONFIGURATION), null);
});

test("a browser that cannot is left alone, and nothing stays open", async () => {
  const { done, spare } = browser({ fails: "offer" });
  await spare.welcomed();
  assert.equal(done.at(-1), "closed");
  await new Spare(/** @type {any} */ (undefined)).welcomed();
});

test("one that cannot be configured for this call is thrown away", async () => {
  const { done, spare } = browser({ fails: "configuration" });
  await spare.welcomed();
  assert.equal(spare.take(CONFIGURATION), null);
  assert.equal(done.at(-1), "closed");
});
