/**
 * What the first bytes of a file say: which kind of picture it is, and how large a JPEG will be when it is opened.
 */

/** @typedef {"jpeg" | "png" | "webp" | "heic"} Kind */

/** Brands of HEIF files that hold still pictures of an iPhone's kind (ISO/IEC 23008-12, 10). */
const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

/** @param {Uint8Array} bytes @param {number} start @param {number} length */
const letters = (bytes, start, length) => String.fromCharCode(...bytes.subarray(start, start + length));

/**
 * The kind of picture, by what is in the file: its name and the browser's guess can be wrong.
 *
 * @param {Uint8Array} bytes the first 12 at least
 * @returns {Kind | null}
 */
export function kindOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) {
    return "jpeg";
  }
  if (letters(bytes, 0, 8) === "\x89PNG\r\n\x1a\n") {
    return "png";
  }
  if (letters(bytes, 0, 4) === "RIFF" && letters(bytes, 8, 4) === "WEBP") {
    return "webp";
  }
  return letters(bytes, 4, 4) === "ftyp" && HEIC.includes(letters(bytes, 8, 4)) ? "heic" : null;
}

/**
 * Width and height of a JPEG, from its frame header (ITU-T T.81, B.2.2), so that nobody has to open one that would fill
 * the memory.
 *
 * @param {Uint8Array} bytes
 * @returns {{width: number, height: number} | null} nothing where it is no whole JPEG
 */
export function jpegSize(bytes) {
  if (kindOf(bytes) !== "jpeg") {
    return null;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
