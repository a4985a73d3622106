/**
 * Makes of a chosen file the picture that travels: opened, upright, not larger than needed, and written anew as a JPEG.
 *
 * Only what can be seen is carried over: the place, the time and whatever else a camera writes into a file (EXIF, XMP,
 * thumbnails) stays behind.
 */

import { kindOf } from "./jpeg.js";

/** The largest file that is opened, in bytes. */
export const LARGEST_FILE = 15 * 1024 * 1024;
/** The longer side of what travels, in pixels, and its size in bytes: a rash stays a rash. */
export const LONGEST_SIDE = 2048;
export const ENOUGH = 600_000;
/** As well as it can be written, and how poorly it may be at worst before it is made smaller. */
const QUALITIES = [0.88, 0.78, 0.68, 0.58];
const SMALLER = 0.75;
/** Below this nothing is gained any more. */
const SHORTEST_SIDE = 320;

/** Why a file cannot be shown. @typedef {"tooLarge" | "notPicture" | "heic" | "broken"} Problem */

export class PictureProblem extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * @typedef {object} Tools of the browser
 * @property {(file: Blob) => Promise<{source: CanvasImageSource, width: number, height: number, close: () => void}>} open upright
 * @property {(source: CanvasImageSource, width: number, height: number, quality: number) => Promise<Blob | null>} write as a JPEG
 */

/**
 * The size in which a picture travels.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} [longest]
 */
export function fitted(width, height, longest = LONGEST_SIDE) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * @param {Blob} file
 * @param {Tools} tools
 * @returns {Promise<Blob>} the JPEG that may be shown
 * @throws {PictureProblem}
 */
export async function prepare(file, tools) {
  if (file.size > LARGEST_FILE) {
    throw new PictureProblem("tooLarge");
  }
  const kind = kindOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (!kind) {
    throw new PictureProblem(file.size ? "notPicture" : "broken");
  }
  let opened;
  try {
    opened = await tools.open(file);
  } catch {
    throw new PictureProblem(kind === "heic" ? "heic" : "broken");
  }
  try {
    return await written(opened, tools.write);
  } finally {
    opened.close();
  }
}

/**
 * @param {{source: CanvasImageSource, width: number, height: number}} opened
 * @param {Tools["write"]} write
 */
async function written({ source, width, height }, write) {
  for (let longest = LONGEST_SIDE; longest >= SHORTEST_SIDE; longest = Math.floor(longest * SMALLER)) {
    const size = fitted(width, height, longest);
    for (const quality of QUALITIES) {
      const picture = await write(source, size.width, size.height, quality);
      if (!picture || picture.size === 0) {
        throw new PictureProblem("broken");
      }
      if (picture.size <= ENOUGH) {
        return picture;
      }
    }
  }
  throw new PictureProblem("broken");
}
