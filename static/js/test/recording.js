/** Four seconds of one's own voice, recorded in memory and played back. Nothing of it leaves the page. */

/** Milliseconds that are recorded. */
export const RECORDED = 4000;

/** @returns {boolean} whether this browser can record at all */
export const canRecord = () => typeof MediaRecorder === "function";

/**
 * @param {MediaStreamTrack} track
 * @param {import("../call/signalling.js").Timers} timers
 * @returns {Promise<ArrayBuffer>} the sound as the browser writes it
 */
export async function record(track, timers) {
  const recorder = new MediaRecorder(new MediaStream([track]));
  /** @type {Blob[]} */ const parts = [];
  const done = new Promise((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = resolve;
    recorder.onerror = reject;
  });
  recorder.start();
  timers.set(() => {
    // The microphone may have gone meanwhile, and the recorder with it.
    if (recorder.state !== "inactive") {
      recorder.stop();
    }
  }, RECORDED);
  await done;
  return new Blob(parts).arrayBuffer();
}

/**
 * Plays it through the device's own sound, which a tap has woken: a telephone plays nothing that comes by itself.
 *
 * @param {ArrayBuffer} sound
 * @param {AudioContext} context
 */
export async function playBack(sound, context) {
  const source = context.createBufferSource();
  source.buffer = await context.decodeAudioData(sound.slice(0));
  source.connect(context.destination);
  const ended = new Promise((resolve) => (source.onended = resolve));
  source.start();
  await ended;
}
