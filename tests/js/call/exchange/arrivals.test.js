import assert from "node:assert/strict";
import { test } from "node:test";

import { Arrivals, PIECE, cut } from "../../../../static/js/call/exchange/arrivals.js";

/** A JPEG's beginning, with this size in its frame header, and so many bytes in all. @param {number} [width] @param {number} [height] @param {number} [length] */
export function jpeg(width = 64, height = 48, length = 200) {
  const bytes = new Uint8Array(length);
  bytes.set([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255]);
  return bytes;
}

function makeArrivals() {
  /** @type {string[]} */ const log = [];
  /** @type {Blob[]} */ const pictures = [];
  const arrivals = new Arrivals(
    {
      typing: (from, text) => log.push(`${from} types ${text}`),
      line: (from, id, text) => log.push(`${from} said ${id} ${text}`),
      link: (from, id, url) => log.push(`${from} link ${id} ${url}`),
      coming: (from, id, share) => log.push(`${from} coming ${id} ${Math.round(share * 100)}`),
      picture: (from, id, blob) => {
        log.push(`${from} picture ${id}`);
        pictures.push(blob);
      },
      lost: (from, id, why) => log.push(`${from} ${why} ${id}`),
    },
    (to, id, part) => log.push(`got ${to} ${id} ${part}`),
  );
  return { arrivals, pictures, heard: () => log.splice(0) };
}

/** @param {string} id @param {number} part @param {string} text @param {boolean} [sent] @param {string} [from] */
const text = (id, part, text, sent = false, from = "doc") => ({ from, id, kind: "text", part, parts: 1, data: { text, sent } });
/** @param {string} id @param {Uint8Array} bytes */
const picture = (id, bytes) => cut(bytes).map((data, part, all) => ({ from: "doc", id, kind: "picture", part, parts: all.length, data }));

test("a line is shown as it grows, older words are passed over, and it is finished once", () => {
  const { arrivals, heard } = makeArrivals();
  for (const piece of [text("a", 1, "H"), text("a", 3, "Hej"), text("a", 2, "He"), text("a", 4, "Hej!", true), text("a", 4, "Hej!", true), text("a", 5, "?")]) {
    arrivals.take(piece);
  }
  assert.deepEqual(heard(), ["doc types H", "doc types Hej", "got doc a 4", "doc types ", "doc said a Hej!", "got doc a 4"]);
});

test("a finished line that comes late leaves the next one alone", () => {
  const { arrivals, heard } = makeArrivals();
  arrivals.take(text("b", 1, "Og så"));
  arrivals.take(text("a", 4, "Først", true));
  assert.deepEqual(heard(), ["doc types Og så", "got doc a 4", "doc said a Først"]);
});

test("pieces in any order and twice make the picture, byte for byte, once", async () => {
  const { arrivals, pictures, heard } = makeArrivals();
  const bytes = jpeg(64, 48, PIECE * 2 + 7).map((byte, place) => (place < 20 ? byte : place % 251));
  const [one, two, three] = /** @type {[any, any, any]} */ (picture("p", bytes));
  for (const piece of [two, one, one, three, two]) {
    arrivals.take(piece);
  }
  const told = ["got doc p 1", "doc coming p 33", "got doc p 0", "doc coming p 67", "got doc p 0", "doc coming p 67", "got doc p 2", "doc picture p", "got doc p 1"];
  assert.deepEqual(heard(), told);
  assert.deepEqual(new Uint8Array((await pictures[0]?.arrayBuffer()) ?? new ArrayBuffer(0)), bytes);
  assert.equal(pictures[0]?.type, "image/jpeg");
});

const BAD = {
  "no JPEG": new TextEncoder().encode("<svg onload='alert(1)'/>".padEnd(100)),
  "one that would fill the memory": jpeg(60_000, 60_000),
  "one without a size": jpeg(0, 0),
  "a cut one": jpeg().subarray(0, 8),
  "one too many bytes": new Uint8Array([...jpeg(), ...new Uint8Array(2_000_000)]),
};
for (const [name, bytes] of Object.entries(BAD)) {
  test(`not shown: ${name}`, () => {
    const { arrivals, heard } = makeArrivals();
    for (const piece of picture("p", bytes)) {
      arrivals.take(piece);
    }
    assert.equal(heard().at(-1), "doc broken p");
  });
}

test("a picture that is stopped, cut off or told otherwise than before does not come", () => {
  const { arrivals, heard } = makeArrivals();
  const [first, second] = /** @type {[any, any]} */ (picture("p", jpeg(64, 48, PIECE + 1)));
  arrivals.take(first);
  arrivals.take({ ...first, part: 0, parts: 1, data: { cancelled: true } });
  arrivals.take(second);
  assert.deepEqual(heard(), ["got doc p 0", "doc coming p 50", "got doc p 0", "doc cancelled p", "got doc p 1"]);
  arrivals.take({ ...first, id: "q" });
  arrivals.drop("doc");
  assert.deepEqual(heard().at(-1), "doc broken q");
  arrivals.take({ ...first, id: "r" });
  arrivals.take({ ...second, id: "r", parts: 3 });
  assert.deepEqual(heard().at(-1), "doc broken r");
  arrivals.take({ ...first, id: "s", data: { bytes: "§" } });
  assert.deepEqual(heard().at(-1), "doc broken s");
});

test("nobody has more than three pictures under way", () => {
  const { arrivals, heard } = makeArrivals();
  const [first] = picture("p", jpeg(64, 48, PIECE + 1));
  for (const id of ["1", "2", "3", "4"]) {
    arrivals.take({ .../** @type {any} */ (first), id });
  }
  assert.equal(heard().at(-1), "doc broken 4");
  arrivals.clear();
  arrivals.drop("doc");
  assert.deepEqual(heard(), []);
});

test("who goes takes along what they were writing", () => {
  const { arrivals, heard } = makeArrivals();
  arrivals.take(text("a", 1, "Hej"));
  arrivals.drop("doc");
  arrivals.drop("doc");
  assert.deepEqual(heard(), ["doc types Hej", "doc types "]);
});

test("who comes back with the same page goes on with a picture where it was", () => {
  const { arrivals, heard } = makeArrivals();
  const [first, second] = /** @type {[any, any]} */ (picture("p", jpeg(64, 48, PIECE + 1)));
  arrivals.take(first);
  arrivals.left("doc");
  arrivals.take(second);
  assert.deepEqual(heard(), ["got doc p 0", "doc coming p 50", "doc broken p", "got doc p 1", "doc picture p"]);
});
