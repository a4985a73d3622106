/**
 * Who speaks, by the sound levels of the others. A pure rule: what was known goes in, what is known now comes out.
 *
 * It must not jump: a cough, a pause for breath and an "mm" move nothing.
 */

/** Level from which somebody speaks, 0 to 1. Speech is about 0.03 to 0.3, a quiet room under 0.01. */
export const SPEECH = 0.02;
/** Milliseconds that a speaker may pause, and that somebody else must be plainly louder to take over. */
export const HOLD = 1500;
/** How many times louder somebody must be than one who is not silent either: voices against a noisy room. */
export const LOUDER = 2;

/**
 * @typedef {object} Speaking
 * @property {string | null} seat who speaks
 * @property {number} heardAt when they were last heard, milliseconds
 * @property {string | null} rival who is plainly louder than they
 * @property {number} rivalSince since when, milliseconds
 */

/** @type {Speaking} */
export const SILENCE = { seat: null, heardAt: 0, rival: null, rivalSince: 0 };

/**
 * Who speaks after one more measurement. Of two who are equally loud the one who spoke goes on; else the first named.
 *
 * @param {Speaking} before
 * @param {Map<string, number>} levels of everybody else in the call, 0 to 1; who is not named has gone
 * @param {number} at milliseconds, of a clock that never goes back
 * @returns {Speaking}
 */
export function listen(before, levels, at) {
  const present = before.seat !== null && levels.has(before.seat);
  const own = present && before.seat !== null ? (levels.get(before.seat) ?? 0) : 0;
  const loudest = loudestOf(levels, before.seat);
  const heardAt = present && own >= SPEECH ? at : before.heardAt;
  if (!present || at - heardAt >= HOLD) {
    return { ...SILENCE, seat: loudest, heardAt: loudest === null ? 0 : at };
  }
  const challenged = loudest !== null && loudest !== before.seat && (levels.get(loudest) ?? 0) >= own * LOUDER;
  const rival = challenged ? loudest : null;
  const rivalSince = rival !== null && rival === before.rival ? before.rivalSince : at;
  if (rival !== null && at - rivalSince >= HOLD) {
    return { ...SILENCE, seat: rival, heardAt: at };
  }
  return { seat: before.seat, heardAt, rival, rivalSince };
}

/**
 * @param {Map<string, number>} levels
 * @param {string | null} favoured who wins a tie
 * @returns {string | null} the loudest of those who speak
 */
function loudestOf(levels, favoured) {
  /** @type {string | null} */
  let loudest = null;
  let most = 0;
  for (const [seat, level] of levels) {
    if (level >= SPEECH && (level > most || (level === most && seat === favoured))) {
      loudest = seat;
      most = level;
    }
  }
  return loudest;
}
