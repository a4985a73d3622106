/**
 * The other device of a handover: it asks for the seat with a code, and then how it stands until the first device has
 * answered. Knows no DOM.
 */

/** Milliseconds between two questions, and how often an unanswered one is asked again before it counts. */
export const ASK = 1000;
const PATIENCE = 10;

/** @typedef {{ok: boolean, status: number, claim?: string, state?: string, address?: string, message?: string}} Answer */

/**
 * @param {object} with_
 * @param {(body: Record<string, string>) => Promise<Answer>} with_.ask the hub
 * @param {string} with_.code the digits, or the QR code's secret
 * @param {() => void} with_.waits the code was right, and the first device is being asked
 * @param {import("./signalling.js").Timers} with_.timers
 * @returns {Promise<{address: string} | {refused: string}>} where the call goes on, or why it does not; an empty
 *   reason where nobody answers
 */
export async function claim({ ask, code, waits, timers }) {
  const first = await ask({ code });
  if (!first.ok || !first.claim) {
    return { refused: first.message ?? "" };
  }
  waits();
  let silent = 0;
  for (;;) {
    await new Promise((resolve) => timers.set(() => resolve(null), ASK));
    const { ok, status, state, address, message } = await ask({ claim: first.claim });
    if (ok && state === "taken" && address) {
      return { address };
    }
    silent = ok ? 0 : silent + 1;
    // A line that stumbles, or a hub that restarts, is asked again; a word of the hub's counts.
    if (!ok && ((status > 0 && status < 500) || silent > PATIENCE)) {
      return { refused: message ?? "" };
    }
  }
}
