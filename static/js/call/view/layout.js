/**
 * Where the pictures of a call go: pure rules, from who is there and how much room there is to what is large.
 *
 * Two people: the other fills the stage, oneself lies small in its corner. From three on nobody lies over anybody: a
 * grid with the number of columns that shows most of the pictures. One is large, and the rest stand in a strip, when a
 * screen is shared, when somebody is held large, or when a grid would make faces too small to read.
 */

/** Pixels between two pictures, and around them; css/stage.css says the same. */
export const GAP = 8;
/** Pixels: in a grid of lower pictures than this no face can be read. */
export const READABLE = 64;
/** Pixels: the narrowest and the widest that a strip beside the large picture is, and the lowest and highest below. */
export const STRIP = { share: 0.2, width: [112, 240], height: [80, 160] };
/** Pixels that a picture in a strip below should be wide. */
const STRIP_PICTURE = 96;
/** How a shared screen and a person who is held large divide the room. */
const TWO_LARGE = [0.6, 0.4];
/** Width to height where no picture has come yet. */
const USUAL_RATIO = 4 / 3;
/** By how much a picture may be cut so that it fills its place: a fifth of its width or height, half of it on each side. */
export const CUT = 1.25;

/** @typedef {{key: string, ratio: number | null}} Picture width to height; nothing while there is none */
/**
 * @typedef {object} Scene
 * @property {Picture[]} people the others, in the order in which they stand
 * @property {Picture[]} screens that are shared, the newest last
 * @property {Picture | null} self nothing while oneself is hidden
 * @property {string | null} held the key of the picture that the person holds large
 * @property {string | null} speaker the key of who spoke last
 * @property {number} width of the stage, pixels
 * @property {number} height of the stage, pixels
 */
/**
 * @typedef {object} Layout
 * @property {"alone" | "pair" | "grid" | "large"} mode
 * @property {string[]} large keys of what is large, at most two; the rest stand in the strip
 * @property {"beside" | "below"} strip where it stands
 * @property {"across" | "down"} split how two that are large stand above a strip: side by side, or one under the other
 * @property {number} columns of the grid, or of the strip
 * @property {number} rows of the grid, or of the strip
 * @property {number} first how many stand in the grid's first row, where they do not fill all rows
 */

/** @param {Scene} scene @returns {boolean} whether there is more than one picture to choose from */
export function choosable({ people, screens }) {
  return people.length + screens.length > 1;
}

/** @param {Scene} scene @returns {Layout} */
export function arrange(scene) {
  const { people, screens, self, speaker } = scene;
  const whole = { strip: /** @type {const} */ ("below"), split: /** @type {const} */ ("down"), columns: 1, rows: 1, first: 1 };
  if (people.length + screens.length === 0) {
    return { mode: "alone", large: [], ...whole };
  }
  const large = chosen(scene);
  if (large.length > 0) {
    return withStrip(scene, large);
  }
  const first = /** @type {Picture} */ (people[0]);
  if (people.length === 1) {
    return { mode: "pair", large: [first.key], ...whole };
  }
  const best = grid(self ? [...people, self] : people, scene);
  if (best.lowest < READABLE) {
    const spoke = people.find(({ key }) => key === speaker);
    return withStrip(scene, [(spoke ?? first).key]);
  }
  const { columns, rows, first: inFirst } = best;
  return { mode: "grid", large: [], ...whole, columns, rows, first: inFirst };
}

/**
 * What is large by somebody's wish. A person who is held large stays so beside a shared screen: who needs an
 * interpreter's hands needs them most when there is something to read.
 *
 * @param {Scene} scene
 * @returns {string[]}
 */
function chosen(scene) {
  const { people, screens, held } = scene;
  const screen = screens.find(({ key }) => key === held) ?? screens.at(-1);
  const person = choosable(scene) && people.some(({ key }) => key === held) ? held : null;
  return [...(screen ? [screen.key] : []), ...(person ? [person] : [])];
}

/**
 * The grid in which the product of the pictures' areas is greatest: it shows much, and pays for no large picture with
 * a small one. Where the rows cannot all be full the first has fewer and wider places: oneself stands last, and need
 * not be the largest.
 *
 * @param {Picture[]} pictures
 * @param {{width: number, height: number}} stage
 * @returns {{columns: number, rows: number, first: number, lowest: number}} `lowest`: height of the lowest picture
 */
function grid(pictures, { width, height }) {
  const count = pictures.length;
  let best = { columns: 1, rows: count, first: 1, lowest: 0, worth: -Infinity };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const first = count - columns * (rows - 1);
    const fitted = pictures.map(({ ratio }, index) =>
      inside(ratio ?? USUAL_RATIO, share(width, index < first ? first : columns), share(height, rows)),
    );
    const worth = fitted.reduce((sum, picture) => sum + Math.log(picture.width * picture.height), 0);
    if (worth > best.worth) {
      best = { columns, rows, first, lowest: Math.min(...fitted.map((picture) => picture.height)), worth };
    }
  }
  return best;
}

/**
 * One or two large, the rest in a strip on the side that leaves them larger.
 *
 * @param {Scene} scene
 * @param {string[]} large
 * @returns {Layout}
 */
function withStrip({ people, screens, self, width, height }, large) {
  const count = people.length + screens.length + (self ? 1 : 0) - large.length;
  const ratios = [...screens, ...people].filter(({ key }) => large.includes(key)).map(({ ratio }) => ratio ?? USUAL_RATIO);
  const [narrow, wide] = /** @type {[number, number]} */ (STRIP.width);
  const [low, high] = /** @type {[number, number]} */ (STRIP.height);

  const stripWidth = Math.min(Math.max(width * STRIP.share, narrow), wide);
  const besideColumns = share(height, count) < low ? 2 : 1;
  const left = width - (count > 0 ? besideColumns * (stripWidth + GAP) : 0);
  const [most, rest] = /** @type {[number, number]} */ (TWO_LARGE);
  /** @param {number} length @param {number} index */
  const part = (length, index) => (ratios.length > 1 ? (length - GAP) * (index === 0 ? most : rest) : length);
  const beside = ratios.map((ratio, index) => inside(ratio, part(left, index), height));

  const stripHeight = Math.min(Math.max(height * STRIP.share, low), high);
  const fit = Math.max(1, Math.floor((width + GAP) / (STRIP_PICTURE + GAP)));
  const belowRows = Math.ceil(count / fit);
  const above = height - belowRows * (stripHeight + GAP);
  const below = ratios.map((ratio, index) => inside(ratio, width, part(above, index)));
  const across = ratios.map((ratio, index) => inside(ratio, part(width, index), above));
  const split = ratios.length > 1 && area(across) > area(below) ? "across" : "down";

  const strip = area(beside) >= Math.max(area(below), area(across)) ? "beside" : "below";
  const columns = strip === "beside" ? besideColumns : Math.ceil(count / Math.max(belowRows, 1));
  const rows = strip === "beside" ? Math.ceil(count / besideColumns) : belowRows;
  return { mode: "large", large, strip, split, columns: count > 0 ? columns : 0, rows: count > 0 ? rows : 0, first: 0 };
}

/** @param {{width: number, height: number}[]} pictures @returns {number} */
function area(pictures) {
  return pictures.reduce((sum, { width, height }) => sum + width * height, 0);
}

/** @param {number} length @param {number} parts @returns {number} what each part has of a length with gaps between */
function share(length, parts) {
  return Math.max(0, (length - GAP * (parts - 1)) / Math.max(parts, 1));
}

/** @param {number} ratio @param {number} width @param {number} height */
function inside(ratio, width, height) {
  const shown = Math.max(0, Math.min(width, height * ratio));
  return { width: shown, height: shown / ratio };
}

/**
 * Whether a picture may fill its place: only where little of it is cut, so that no face and no hand is.
 *
 * @param {number | null} picture width to height
 * @param {number} place width to height
 * @returns {boolean}
 */
export function mayFill(picture, place) {
  return picture !== null && place > 0 && Math.max(picture / place, place / picture) <= CUT;
}
