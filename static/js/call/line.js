/**
 * The rules by which pictures are fitted to the line: how large, how many bits, and when sound alone is better than both
 * badly. Pure: what they know they are told, and `now` is in milliseconds of a clock that never jumps.
 */

/** @typedef {import("./protocol.js").Source} Source */

/** @type {readonly Source[]} */
export const ALL = Object.freeze(["microphone", "camera", "screen"]);

/** Bits a second at most: sound, a shared screen, and a camera with two, three, and more devices in the call. Whoever
 * listens to five others gets five cameras over one line. */
export const SOUND = 48_000;
export const SCREEN = 1_500_000;
export const CAMERA = Object.freeze([1_500_000, 800_000, 400_000]);
/** How much smaller than the camera gives it a picture is sent, in width and height. */
export const STEPS = Object.freeze([1, 1.5, 2, 3, 4]);
/** Bits for each pixel of each frame below which a talking head in VP8 smears or loses frames; at 1280 x 720 and 25
 * frames a second the whole picture takes 1.15 Mbit/s, and half of it, with four devices and more, 290 kbit/s. */
export const DENSITY = 0.05;
const FRAMES = 25;
/** What a camera gives that does not say. */
export const PIXELS = 1280 * 720;
/** The most pixels that the first pictures of a connection have, and milliseconds after it stands until they may have
 * more. A browser knows nothing of the line then, and drops the first frames of a large picture until it has made it
 * small enough by itself, which takes longer than the small picture's whole way. */
export const FIRST = 640 * 480;
export const FIRST_FOR = 1500;
/** What there must be on top before the picture grows, so that it does not go to and fro. */
const MARGIN = 1.2;
/** Frames a second below which the picture is made smaller yet, where line or processor are the reason; and share of the
 * camera's own below which some are dropped. */
export const FLOOR = 20;
export const DROPPED = 0.85;
/** Milliseconds for which there must be a reason to make the picture smaller, or larger, or to make it smaller yet
 * because of frames; and for which the last of these lasts. */
export const SMALLER_AFTER = 3000;
export const LARGER_AFTER = 5000;
const SMALLER_YET = 30_000;
/** Share of its bits, over so many milliseconds, below which an encoder needs no more for a picture of this size. An estimate grows only as far as
 * bits are sent, so that it says nothing about the room for a larger one: that is tried, so many
 * milliseconds after it was made smaller. */
export const CONTENT = 0.7;
export const MEASURED = 2000;
const TRY_LARGER = 30_000;

/** Bits a second below which there is sound alone, and from which the picture is back. */
export const WEAK = 100_000;
export const STRONG = 150_000;
/** Milliseconds: of weakness until there is sound alone, of strength until the picture is back; how long a try to get
 * it back lasts, and how long after each the next one comes; and of good days after which the tries count anew. */
export const WEAK_FOR = 3000;
export const STRONG_FOR = 1000;
export const TRY = 8000;
export const RETRIES = Object.freeze([10_000, 20_000, 40_000, 60_000]);
export const FORGIVEN = 60_000;
/** What a camera may take while it is tried: enough to prove that the line is strong, little enough for the sound. */
const TRIED = 200_000;
/** Share of our own packets lost that shows that it is our line that is weak, and for how many milliseconds it does. */
export const LOSSY = 0.02;
export const LOSSY_FOR = 5000;
/** Share of the others' pictures lost on the way, over so many milliseconds and of so many packets at least, at which the
 * way down is too weak. The repair of single losses (NACK) copes with a tenth. */
export const LOSS = 0.2;
export const LOSS_FOR = 5000;
export const LOSS_OF = 50;
/** Milliseconds out of sight before the others' cameras need not be sent. */
export const HIDDEN_FOR = 10_000;

/** @param {number} devices in the call, this one included @returns {number} bits a second */
export function cameraLimit(devices) {
  return /** @type {number} */ (CAMERA[Math.min(Math.max(devices, 2), 4) - 2]);
}

/**
 * What is left for the camera.
 *
 * @param {{devices: number, estimate: number | null, sharing: boolean}} line `estimate`: bits a second this device may
 *   send in all; nothing while it is not known
 * @returns {number} bits a second
 */
export function cameraBudget({ devices, estimate, sharing }) {
  const limit = cameraLimit(devices);
  if (estimate === null) {
    return limit;
  }
  const left = Math.max(0, estimate - SOUND);
  return Math.min(limit, sharing ? left / 2 : left);
}

/**
 * The largest picture that keeps its bits for each pixel.
 *
 * @param {number} bits a second
 * @param {number} pixels that the camera gives
 * @returns {number} index into STEPS
 */
export function stepFor(bits, pixels) {
  const step = STEPS.findIndex((scale) => bits * scale ** 2 >= DENSITY * FRAMES * pixels);
  return step < 0 ? STEPS.length - 1 : step;
}

/** @param {number} pixels that the camera gives @returns {number} scaleResolutionDownBy of the first pictures */
export function firstScale(pixels) {
  return /** @type {number} */ (STEPS.find((scale) => pixels / scale ** 2 <= FIRST) ?? STEPS.at(-1));
}

/** @param {MediaStreamTrack | null} track @returns {number} pixels that the camera gives */
export function pixelsOf(track) {
  const { width = 0, height = 0 } = track?.getSettings() ?? {};
  return width * height || PIXELS;
}

/**
 * @typedef {object} Size how large the picture is, and since when it should be another
 * @property {number} step index into STEPS
 * @property {"smaller" | "larger" | null} wish
 * @property {number} since
 * @property {number | null} slow since when there are too few frames
 * @property {number} yet steps more because of that
 * @property {number} until when
 * @property {number} shrunk when it was made smaller last
 */
/** @type {Readonly<Size>} */
export const FULL = Object.freeze({ step: 0, wish: null, since: 0, slow: null, yet: 0, until: 0, shrunk: -Infinity });

/**
 * The size one look later.
 *
 * @param {Size} size
 * @param {{bits: number, pixels: number, slow: boolean, content: boolean}} line `slow`: fewer frames than the floor, and
 *   not by the camera's own doing; `content`: the encoder needs no more bits than it has
 * @param {number} now
 * @returns {Size}
 */
export function resize(size, { bits, pixels, slow, content }, now) {
  const next = { ...size, slow: slow ? (size.slow ?? now) : null };
  if (next.slow !== null && now - next.slow >= SMALLER_AFTER) {
    Object.assign(next, { slow: null, yet: Math.min(next.yet + 1, STEPS.length - 1), until: now + SMALLER_YET });
  } else if (next.yet > 0 && now >= next.until) {
    Object.assign(next, { yet: next.yet - 1, until: now + SMALLER_YET });
  }
  const smallest = content ? size.step : stepFor(bits, pixels);
  const tried = content && size.step > 0 && now - size.shrunk >= TRY_LARGER ? size.step - 1 : size.step;
  const largest = Math.min(tried, stepFor(bits / MARGIN, pixels));
  const wish = smallest > size.step ? "smaller" : largest < size.step ? "larger" : null;
  if (wish === null || wish !== size.wish) {
    return { ...next, wish, since: now };
  }
  if (now - size.since < (wish === "smaller" ? SMALLER_AFTER : LARGER_AFTER)) {
    return next;
  }
  const change = wish === "smaller" ? { step: smallest, shrunk: now } : { step: largest };
  return { ...next, ...change, wish: null, since: now };
}

/** @param {Size} size @returns {number} scaleResolutionDownBy */
export const scaleOf = ({ step, yet }) => /** @type {number} */ (STEPS[Math.min(step + yet, STEPS.length - 1)]);

/**
 * @typedef {object} Way one direction: pictures, sound alone, or pictures on trial
 * @property {"pictures" | "sound" | "trial"} phase
 * @property {number} at since when
 * @property {number} tries how often in a row there was sound alone
 */
/** @type {Readonly<Way>} */
export const OPEN = Object.freeze({ phase: "pictures", at: 0, tries: 0 });

/**
 * A way when there is nothing to hold back on it.
 *
 * @param {Way} way @param {number} now @returns {Way}
 */
export const open = (way, now) => (way.phase === "pictures" ? way : { ...way, phase: "pictures", at: now });

/**
 * A way one look later.
 *
 * @param {Way} way
 * @param {{bad: boolean, good: boolean}} signs of a way too weak for pictures, of one strong enough to keep them
 * @param {number} now
 * @returns {Way}
 */
export function weigh(way, { bad, good }, now) {
  if (way.phase === "sound") {
    const wait = /** @type {number} */ (RETRIES[Math.min(way.tries, RETRIES.length) - 1]);
    return now - way.at >= wait ? { ...way, phase: "trial", at: now } : way;
  }
  if (bad) {
    const forgiven = way.phase === "pictures" && now - way.at >= FORGIVEN;
    return { phase: "sound", at: now, tries: forgiven ? 1 : way.tries + 1 };
  }
  return way.phase === "trial" && good ? { ...way, phase: "pictures", at: now } : way;
}

/**
 * @param {Iterable<any>} report of one sender (RTCRtpSender.getStats)
 * @returns {number | null} bits a second that its connection may take, as the browser guesses
 */
export function estimateOf(report) {
  const stats = [...report];
  const chosen = stats.find(({ type }) => type === "transport")?.selectedCandidatePairId;
  const pair = stats.find(({ type, id, nominated }) => type === "candidate-pair" && (chosen ? id === chosen : nominated));
  return pair?.availableOutgoingBitrate > 0 ? pair.availableOutgoingBitrate : null;
}

/**
 * Whether frames are too few, and fewer than the camera gives: in the dark many cameras give 15 a second.
 *
 * @param {Iterable<any>} report of the camera's sender
 * @returns {boolean}
 */
export function tooSlow(report) {
  const stats = [...report];
  const given = stats.find(({ type }) => type === "media-source")?.framesPerSecond ?? 0;
  return stats.some(
    ({ type, active, framesPerSecond: sent, qualityLimitationReason: reason }) =>
      type === "outbound-rtp" &&
      active !== false &&
      sent < Math.min(FLOOR, DROPPED * given) &&
      (reason === "cpu" || reason === "bandwidth"),
  );
}

/** @param {Iterable<any>} report of one sender @returns {boolean} whether the other end has missed packets of late */
export function lossy(report) {
  return [...report].some(({ type, fractionLost }) => type === "remote-inbound-rtp" && fractionLost >= LOSSY);
}

/** @param {Iterable<any>} report of one sender @returns {{bytes: number, target: number}} sent so far, and bits a second that it may send */
export function sentOf(report) {
  const sent = [...report].find(({ type }) => type === "outbound-rtp");
  return { bytes: sent?.bytesSent ?? 0, target: sent?.targetBitrate ?? 0 };
}

/** @param {Iterable<any>} report @returns {{received: number, lost: number}} packets of the others' pictures so far */
export function picturesOf(report) {
  const sums = { received: 0, lost: 0 };
  for (const entry of report) {
    if (entry.type === "inbound-rtp" && entry.kind === "video") {
      sums.received += entry.packetsReceived ?? 0;
      sums.lost += entry.packetsLost ?? 0;
    }
  }
  return sums;
}

/**
 * @typedef {object} Plan what the sender of a source shall do
 * @property {boolean} active
 * @property {number} maxBitrate bits a second
 * @property {number | null} scale scaleResolutionDownBy; nothing where the size is not ours to choose
 * @property {"maintain-framerate" | "maintain-resolution" | null} keep what is kept when not everything can be
 * @property {"motion" | "detail" | ""} hint what the track shows
 */

/**
 * @param {Source} source
 * @param {{wanted: ReadonlySet<Source>, up: Way["phase"], devices: number, scale: number}} state
 * @returns {Plan}
 */
export function planFor(source, { wanted, up, devices, scale }) {
  if (source === "microphone") {
    return { active: true, maxBitrate: SOUND, scale: null, keep: null, hint: "" };
  }
  const active = wanted.has(source) && up !== "sound";
  if (source === "screen") {
    return { active: active && up !== "trial", maxBitrate: SCREEN, scale: null, keep: "maintain-resolution", hint: "detail" };
  }
  const trial = up === "trial";
  return {
    active,
    maxBitrate: trial ? TRIED : cameraLimit(devices),
    scale: trial ? /** @type {number} */ (STEPS.at(-1)) : scale,
    keep: "maintain-framerate",
    hint: "motion",
  };
}
