/**
 * Short sounds, made in the browser: no file to fetch, and none is recorded.
 *
 * Browsers play nothing before the person has touched the page; `unlock` is called from a click for that reason.
 * A sound that is not allowed to play is left out in silence: what it says is always written on the page too.
 */

/**
 * One tone: hertz, start in seconds from now, length in seconds.
 *
 * @typedef {{pitch: number, at: number, length: number}} Note
 */

/** @type {Readonly<Record<"arrived" | "admitted" | "message" | "ring" | "test", ReadonlyArray<Note>>>} */
export const TUNES = {
  /** Somebody came to the waiting room. */
  arrived: [
    { pitch: 659, at: 0, length: 0.18 },
    { pitch: 880, at: 0.16, length: 0.3 },
  ],
  /** You are let in. */
  admitted: [
    { pitch: 523, at: 0, length: 0.16 },
    { pitch: 659, at: 0.14, length: 0.16 },
    { pitch: 784, at: 0.28, length: 0.36 },
  ],
  /** A message or a picture came. */
  message: [{ pitch: 784, at: 0, length: 0.18 }],
  /** The clinic calls: repeat it every few seconds. */
  ring: [
    { pitch: 587, at: 0, length: 0.32 },
    { pitch: 740, at: 0.34, length: 0.32 },
    { pitch: 587, at: 0.9, length: 0.32 },
    { pitch: 740, at: 1.24, length: 0.32 },
  ],
  /** Can you hear this? */
  test: [
    { pitch: 440, at: 0, length: 0.4 },
    { pitch: 554, at: 0.4, length: 0.4 },
    { pitch: 659, at: 0.8, length: 0.4 },
    { pitch: 880, at: 1.2, length: 0.7 },
  ],
};

/**
 * Seconds until a tune has ended.
 *
 * @param {ReadonlyArray<Note>} tune
 * @returns {number}
 */
export function lengthOf(tune) {
  return Math.max(0, ...tune.map((note) => note.at + note.length));
}

/** Loudness of a tone, of 1. */
const LOUDNESS = 0.22;
/** Seconds over which a tone rises, so that it does not click. */
const RISE = 0.02;

/** @type {AudioContext | undefined} */
let context;

/** Milliseconds that a browser gets to wake its sound. Where it never will, waking stays pending for ever. */
const WAKING = 300;

/**
 * Lets sounds play; call it from a click.
 *
 * @returns {Promise<AudioContext | undefined>} the device's sound, or nothing while the browser does not allow any
 */
export async function unlock() {
  context ??= new AudioContext();
  if (context.state === "suspended") {
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, WAKING))]);
  }
  return context.state === "running" ? context : undefined;
}

/**
 * Plays a tune through the device's speaker.
 *
 * @param {keyof typeof TUNES} name
 * @returns {Promise<void>} resolved when it has ended, or at once if the browser does not allow it
 */
export async function play(name) {
  const speaker = await unlock();
  if (!speaker) {
    return;
  }
  const tune = TUNES[name];
  for (const note of tune) {
    const begin = speaker.currentTime + note.at;
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    tone.type = "sine";
    tone.frequency.value = note.pitch;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(LOUDNESS, begin + RISE);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + note.length);
    tone.connect(volume).connect(speaker.destination);
    tone.start(begin);
    tone.stop(begin + note.length);
  }
  await new Promise((resolve) => setTimeout(resolve, lengthOf(tune) * 1000));
}
