/**
 * Whether a connection still carries anything: asked when the network or the page comes back, where a connection may
 * say `connected` for seconds although nothing arrives any more.
 */

/** Milliseconds between two looks; within which a connection that carries media must have got something; and within
 * which any connection must, since browsers ask each other for consent every 2.5 seconds or so (RFC 7675). */
export const LOOK = 500;
export const BUSY = 1500;
export const QUIET = 3500;

/**
 * What has arrived so far, in numbers that only grow: bytes of media, and answers to the connection's own questions.
 *
 * @param {Pick<RTCPeerConnection, "getStats">} connection
 * @returns {Promise<number>}
 */
export async function arrived(connection) {
  let total = 0;
  for (const entry of (await connection.getStats()).values()) {
    if (entry.type === "transport") {
      total += entry.bytesReceived ?? 0;
    } else if (entry.type === "candidate-pair") {
      total += (entry.bytesReceived ?? 0) + (entry.responsesReceived ?? 0) + (entry.requestsReceived ?? 0);
    }
  }
  return total;
}

/**
 * Whether anything arrives on a connection.
 *
 * @param {Pick<RTCPeerConnection, "getStats">} connection
 * @param {boolean} busy whether media, or reports on them, should arrive all the time
 * @param {import("../signalling.js").Timers} timers
 * @returns {Promise<boolean>}
 */
export async function beats(connection, busy, timers) {
  const before = await arrived(connection);
  for (let waited = 0; waited < (busy ? BUSY : QUIET); waited += LOOK) {
    await new Promise((resolve) => timers.set(() => resolve(undefined), LOOK));
    if ((await arrived(connection)) > before) {
      return true;
    }
  }
  return false;
}
