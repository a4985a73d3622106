import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import * as protocol from "../../../static/js/call/protocol.js";

test("what is no message of this version is passed over", () => {
  for (const text of ["", "{", "null", "[]", '"welcome"', '{"type":"dance"}', "12", new ArrayBuffer(2)]) {
    assert.equal(protocol.parse(text), null);
  }
  assert.deepEqual(protocol.parse('{"type":"refused","more":1}'), { type: "refused", more: 1 });
});

test("every message that the page can say is in the document, and so is every one that it understands", async () => {
  const document = await readFile(new URL("../../../docs/protocol.md", import.meta.url), "utf8");
  const said = [
    protocol.hello({ instance: "a", name: null, resumed: false }),
    protocol.heartbeat(),
    protocol.name("Anna"),
    protocol.admit("s"),
    protocol.refuse("s"),
    protocol.signal("s", "i", {}),
    protocol.media({ microphone: true, camera: false, screen: false }),
    protocol.engine(),
    protocol.quality({}),
    protocol.leave(),
    protocol.extend(10),
    protocol.end(),
  ];
  for (const { type } of said) {
    assert.match(document, new RegExp(`\`${type}\``), type);
  }
  for (const type of ["welcome", "participant", "gone", "room", "admitted", "refused", "signal", "engine", "closed", "error"]) {
    assert.match(document, new RegExp(`\`${type}\``), type);
    assert.equal(protocol.parse(JSON.stringify({ type }))?.type, type);
  }
});

test("hello says version, instance, name and whether the call went on", () => {
  assert.deepEqual(protocol.hello({ instance: "ab", name: "Anna", resumed: true }), {
    type: "hello",
    version: 1,
    instance: "ab",
    name: "Anna",
    resumed: true,
    epoch: null,
  });
  const { hello } = protocol;
  assert.equal(hello({ instance: "ab", name: null, resumed: true, epoch: 7 })["epoch"], 7);
  assert.equal(hello({ instance: "ab", name: null, resumed: false, epoch: 7 })["epoch"], null, "nothing lived on");
});

test("fresh servers are asked for, and failure is told, in the same word", () => {
  assert.deepEqual(protocol.engine(), { type: "engine" });
  assert.deepEqual(protocol.engine({ failed: true }), { type: "engine", failed: true });
  assert.deepEqual(protocol.toMedia({ again: true }), { type: "signal", to: "media", data: { again: true } });
});

test("an instance is 32 hexadecimal digits, and each load draws its own", () => {
  const drawn = new Set(Array.from({ length: 20 }, protocol.drawInstance));
  assert.equal(drawn.size, 20);
  for (const instance of drawn) {
    assert.match(instance, /^[0-9a-f]{32}$/);
  }
});

test("a name is trimmed, and cut between whole characters", () => {
  assert.equal(protocol.shownName("  Åse  "), "Åse");
  assert.equal(protocol.shownName(" \n "), "");
  assert.equal(protocol.shownName("😀".repeat(61)), "😀".repeat(60));
});
