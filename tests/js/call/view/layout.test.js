import assert from "node:assert/strict";
import { test } from "node:test";

import { CUT, GAP, READABLE, arrange, choosable, mayFill } from "../../../../static/js/call/view/layout.js";

const WIDE = 16 / 9;
const TALL = 9 / 16;
/** Stages, as the page leaves them beside its buttons. */
const STAGES = {
  smallPhone: { width: 304, height: 365 },
  phone: { width: 374, height: 586 },
  phoneOnItsSide: { width: 620, height: 346 },
  tablet: { width: 752, height: 763 },
  desktop: { width: 1264, height: 617 },
};

/**
 * @param {(number | null)[]} ratios of the others' pictures
 * @param {any} [more]
 * @returns {any}
 */
const scene = (ratios, more = {}) => ({
  people: ratios.map((ratio, index) => ({ key: `seat${index}`, ratio })),
  screens: [],
  self: { key: "", ratio: WIDE },
  held: null,
  speaker: null,
  ...STAGES.desktop,
  ...more,
});
/** @param {number} count of devices, oneself included */
const wide = (count) => Array(count - 1).fill(WIDE);
const screen = (/** @type {number} */ of) => ({ key: `screen seat${of}`, ratio: WIDE });

test("alone, and with one other, who is large", () => {
  assert.equal(arrange(scene([])).mode, "alone");
  const { mode, large } = arrange(scene([TALL]));
  assert.deepEqual({ mode, large }, { mode: "pair", large: ["seat0"] });
});

test("with three to six devices the grid goes with the shape of the stage", () => {
  const grids = Object.fromEntries(
    Object.entries(STAGES).map(([name, stage]) => [
      name,
      [3, 4, 5, 6].map((count) => {
        const { mode, columns, rows } = arrange(scene(wide(count), stage));
        return mode === "grid" ? `${columns}x${rows}` : mode;
      }),
    ]),
  );
  assert.deepEqual(grids, {
    smallPhone: ["1x3", "1x4", "2x3", "2x3"],
    phone: ["1x3", "1x4", "2x3", "2x3"],
    phoneOnItsSide: ["2x2", "2x2", "3x2", "3x2"],
    tablet: ["2x2", "2x2", "2x3", "2x3"],
    desktop: ["2x2", "2x2", "3x2", "3x2"],
  });
});

test("pictures of telephones held upright stand side by side where the stage is wide", () => {
  const { columns, rows } = arrange(scene([TALL, TALL], { self: { key: "", ratio: TALL } }));
  assert.deepEqual([columns, rows], [3, 1]);
});

test("where the rows are not full the first has the room, and oneself stands last", () => {
  assert.equal(arrange(scene(wide(3))).first, 1);
  assert.equal(arrange(scene(wide(5))).first, 2);
  assert.equal(arrange(scene(wide(6))).first, 3);
});

test("whoever hides their own picture leaves its place to the others", () => {
  const { mode, columns, rows } = arrange(scene(wide(3), { self: null, ...STAGES.smallPhone }));
  assert.deepEqual([mode, columns, rows], ["grid", 1, 2]);
});

test("a stage too small for a grid shows who spoke last, or else the first", () => {
  const low = { width: 304, height: 120 };
  assert.deepEqual(arrange(scene(wide(6), { ...low, speaker: "seat3" })).large, ["seat3"]);
  assert.deepEqual(arrange(scene(wide(6), low)).large, ["seat0"]);
  assert.deepEqual(arrange(scene(wide(6), { ...low, speaker: "gone" })).large, ["seat0"]);
  const enough = 3 * READABLE + 2 * GAP;
  assert.equal(arrange(scene(wide(6), { ...low, height: enough + 1 })).mode, "grid");
  assert.equal(arrange(scene(wide(6), { ...low, height: enough - 1 })).mode, "large");
});

test("a stage without size is no error", () => {
  assert.equal(arrange(scene(wide(4), { width: 0, height: 0 })).mode, "large");
});

test("a shared screen takes the stage, with the people in a strip", () => {
  const { mode, large, strip, columns, rows } = arrange(scene(wide(4), { screens: [screen(1)] }));
  assert.deepEqual({ mode, large, strip, columns, rows }, { mode: "large", large: ["screen seat1"], strip: "beside", columns: 1, rows: 4 });
  const upright = arrange(scene(wide(4), { screens: [screen(1)], ...STAGES.phone }));
  assert.deepEqual([upright.strip, upright.columns, upright.rows], ["below", 2, 2]);
});

test("of two shared screens the newest is large, unless the other is held", () => {
  const screens = [screen(1), screen(0)];
  assert.deepEqual(arrange(scene(wide(3), { screens })).large, ["screen seat0"]);
  assert.deepEqual(arrange(scene(wide(3), { screens, held: "screen seat1" })).large, ["screen seat1"]);
});

test("who is held is large, whoever speaks", () => {
  const { mode, large } = arrange(scene(wide(6), { held: "seat2", speaker: "seat0" }));
  assert.deepEqual({ mode, large }, { mode: "large", large: ["seat2"] });
});

test("who is held stays large beside a shared screen", () => {
  assert.deepEqual(arrange(scene(wide(4), { held: "seat2", screens: [screen(0)] })).large, ["screen seat0", "seat2"]);
  assert.deepEqual(arrange(scene(wide(2), { held: "seat0", screens: [screen(0)] })).large, ["screen seat0", "seat0"]);
});

test("two that are large stand side by side above the strip where a wide stage is low", () => {
  const low = arrange(scene(wide(6), { held: "seat2", screens: [screen(0)], ...STAGES.phoneOnItsSide }));
  assert.deepEqual([low.strip, low.split], ["below", "across"]);
  const upright = arrange(scene(wide(6), { held: "seat2", screens: [screen(0)], ...STAGES.phone }));
  assert.deepEqual([upright.strip, upright.split], ["below", "down"]);
});

test("with one other picture there is nothing to choose", () => {
  assert.equal(choosable(scene([WIDE])), false);
  assert.equal(choosable(scene([WIDE, WIDE])), true);
  assert.equal(choosable(scene([WIDE], { screens: [screen(0)] })), true);
  assert.equal(arrange(scene([WIDE], { held: "seat0" })).mode, "pair");
});

test("no strip where nobody is left for it", () => {
  const { columns, rows } = arrange(scene([WIDE], { self: null, screens: [screen(0)], held: "seat0" }));
  assert.deepEqual([columns, rows], [0, 0]);
});

test("a low stage puts a long strip in two columns", () => {
  const { strip, columns, rows } = arrange(scene(wide(6), { screens: [screen(0)], width: 900, height: 300 }));
  assert.deepEqual([strip, columns, rows], ["beside", 2, 3]);
});

test("a picture fills its place only where little of it is cut", () => {
  assert.equal(mayFill(WIDE, WIDE), true);
  assert.equal(mayFill(1, CUT), true);
  assert.equal(mayFill(CUT, 1), true);
  assert.equal(mayFill(1, CUT + 0.01), false);
  assert.equal(mayFill(TALL, WIDE), false);
  assert.equal(mayFill(null, WIDE), false);
  assert.equal(mayFill(WIDE, 0), false);
});
