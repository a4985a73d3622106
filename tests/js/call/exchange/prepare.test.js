import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOf, jpegSize } from "../../../../static/js/call/exchange/jpeg.js";
import { ENOUGH, LARGEST_FILE, LONGEST_SIDE, PictureProblem, fitted, prepare } from "../../../../static/js/call/exchange/prepare.js";

const bytes = (/** @type {string} */ text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const KINDS = {
  "\xff\xd8\xff\xe1----------": "jpeg",
  "\x89PNG\r\n\x1a\n-----": "png",
  "RIFF\x10\0\0\0WEBPVP8 ": "webp",
  "\0\0\0\x18ftypheic\0\0": "heic",
  "\0\0\0\x18ftypmif1\0\0": "heic",
  "\0\0\0\x18ftypisom\0\0": null,
  "RIFF\x10\0\0\0WAVEfmt ": null,
  "GIF89a------": null,
  "%PDF-1.7----": null,
  "<svg xmlns='": null,
  "": null,
};
for (const [text, kind] of Object.entries(KINDS)) {
  test(`the first bytes tell the kind: ${JSON.stringify(text)}`, () => assert.equal(kindOf(bytes(text)), kind));
}

test("the size of a JPEG is found behind what a camera writes before it", () => {
  const before = "\xff\xd8\xff\xe1\0\x08Exif\0\0\xff\xc4\0\x04ab";
  assert.deepEqual(jpegSize(bytes(`${before}\xff\xc2\0\x11\x08\x03\0\x04\0rest-of-it`)), { width: 1024, height: 768 });
  assert.equal(jpegSize(bytes(before)), null);
  assert.equal(jpegSize(bytes(`${before}no marker here at all`)), null);
});

test("the longer side is brought down, never up", () => {
  assert.deepEqual(fitted(4000, 3000), { width: 2048, height: 1536 });
  assert.deepEqual(fitted(300, 6000), { width: 102, height: 2048 });
  assert.deepEqual(fitted(640, 480), { width: 640, height: 480 });
  assert.deepEqual(fitted(100_000, 1), { width: LONGEST_SIDE, height: 1 });
});

/** @param {(width: number, quality: number) => number} weight of what is written @param {any} [open] */
function makeTools(weight, open) {
  /** @type {any} */ const tools = {
    closed: 0,
    written: [],
    open: open ?? (async () => ({ source: {}, width: 4000, height: 3000, close: () => (tools.closed += 1) })),
    write: async (/** @type {any} */ _source, /** @type {number} */ width, /** @type {number} */ _height, /** @type {number} */ quality) => {
      tools.written.push([width, quality]);
      return new Blob([new Uint8Array(weight(width, quality))]);
    },
  };
  return tools;
}
const photo = new Blob([bytes("\xff\xd8\xff\xe1----------")]);

test("as well as it can be written within what is enough", async () => {
  const easy = makeTools(() => ENOUGH);
  assert.equal((await prepare(photo, easy)).size, ENOUGH);
  assert.deepEqual([easy.written, easy.closed], [[[2048, 0.88]], 1]);
  const hard = makeTools((width, quality) => width * width * quality * 0.4);
  assert.ok((await prepare(photo, hard)).size <= ENOUGH);
  assert.ok(hard.written.length > 4 && hard.written.at(-1)[0] < 2048);
});

test("what cannot be written small enough, or at all, is given back", async () => {
  for (const weight of [() => ENOUGH + 1, () => 0]) {
    const tools = makeTools(weight);
    await assert.rejects(prepare(photo, tools), new PictureProblem("broken"));
    assert.equal(tools.closed, 1);
  }
});

const fails = async () => {
  throw new Error("no such picture");
};
const REFUSED = /** @type {const} */ ([
  ["tooLarge", new Blob([new Uint8Array(LARGEST_FILE + 1)]), undefined],
  ["notPicture", new Blob(["%PDF-1.7 and so on"]), undefined],
  ["broken", new Blob([]), undefined],
  ["broken", photo, fails],
  ["heic", new Blob([bytes("\0\0\0\x18ftypheic\0\0\0\0")]), fails],
]);
for (const [problem, file, open] of REFUSED) {
  test(`refused as ${problem}: ${file.size} bytes`, async () => {
    await assert.rejects(prepare(file, makeTools(() => 1, open)), new PictureProblem(problem));
  });
}
