/**
 * What comes of a device test: the same rule as `monitoring/rules/device_test.py`, so that somebody without a
 * connection is told all the same. `tests/device_test_cases.json` holds both to one table.
 */

/** Below and above these a consultation is a poor one; the other file says where they are from. */
export const LOSS_PERCENT = 5;
export const RTT_MS = 500;
export const JITTER_MS = 60;
export const PICTURE_KBPS = 250;
export const FRAMES = 8;

/** @typedef {import("../call/devices.js").Problem} Problem */
/** @typedef {"ok" | "failed" | "none"} Way */
/**
 * What was measured; what is missing is not known.
 *
 * @typedef {object} Measures
 * @property {boolean} [secure]
 * @property {boolean} [webrtc]
 * @property {"ok" | Problem} [camera]
 * @property {"ok" | "quiet" | "silent" | Problem} [microphone] `quiet`: it works, and nobody has spoken
 * @property {"ok" | "no"} [speaker]
 * @property {"ok" | "failed"} [socket]
 * @property {Way} [udp]
 * @property {Way} [turnUdp]
 * @property {Way} [turnTcp]
 * @property {Way} [turnTls]
 * @property {"ok" | "failed" | "server" | "busy"} [loop]
 * @property {"udp" | "tcp" | "turn-udp" | "turn-tcp" | "turn-tls"} [way]
 * @property {"none" | "cpu" | "bandwidth" | "other"} [limitation] what held the picture back at the end
 * @property {number} [lossPercent]
 * @property {number} [jitterMs]
 * @property {number} [rttMs]
 * @property {number} [receivedKbps]
 * @property {number} [sentKbps]
 * @property {number} [framesPerSecond]
 * @property {number} [seconds]
 */
/** @typedef {"ok" | "sound_only" | "poor" | "failed" | "unknown"} Verdict */
/** `reason` chooses the sentence that the person reads. @typedef {{verdict: Verdict, reason: string}} Judgement */

/** @param {Measures} measures @returns {Judgement} what is worst for a consultation first; what is not known does no harm */
export function judge(measures) {
  if (measures.secure === false || measures.webrtc === false) {
    return { verdict: "failed", reason: "browser" };
  }
  return ofMicrophone(measures) ?? ofNetwork(measures) ?? ofCamera(measures) ?? ofComfort(measures);
}

/** Without a microphone nobody is heard. @param {Measures} measures @returns {Judgement | null} */
function ofMicrophone({ microphone = "ok", camera = "ok" }) {
  if (microphone === "ok" || microphone === "quiet" || microphone === "silent") {
    return null;
  }
  if (microphone === camera && (microphone === "refused" || microphone === "missing")) {
    return { verdict: "failed", reason: `both_${microphone}` };
  }
  return { verdict: "failed", reason: microphone === "insecure" ? "browser" : `microphone_${microphone}` };
}

/** @param {Measures} measures @returns {Judgement | null} */
function ofNetwork({ socket, loop, microphone }) {
  if (socket === "failed") {
    return { verdict: "failed", reason: "socket" };
  }
  if (loop === "failed") {
    return { verdict: "failed", reason: "blocked" };
  }
  if (loop === "server" || loop === "busy") {
    return { verdict: "unknown", reason: loop };
  }
  return loop === undefined || microphone === undefined ? { verdict: "unknown", reason: "unfinished" } : null;
}

/** @param {Measures} measures @returns {Judgement | null} */
function ofCamera({ camera = "ok" }) {
  return camera === "ok" || camera === "insecure" ? null : { verdict: "sound_only", reason: `camera_${camera}` };
}

/** Everything goes through: how well? @param {Measures} measures @returns {Judgement} */
function ofComfort(measures) {
  const { microphone, speaker, udp, way, limitation } = measures;
  const { lossPercent = 0, rttMs = 0, jitterMs = 0, receivedKbps = PICTURE_KBPS, framesPerSecond = FRAMES } = measures;
  if (framesPerSecond === 0) {
    return { verdict: "sound_only", reason: "no_picture" };
  }
  if (microphone === "silent") {
    return { verdict: "poor", reason: "microphone_silent" };
  }
  if (speaker === "no") {
    return { verdict: "poor", reason: "speaker" };
  }
  const isSlow =
    lossPercent >= LOSS_PERCENT ||
    rttMs >= RTT_MS ||
    jitterMs >= JITTER_MS ||
    // A picture in which nothing moves needs less, and says nothing about the line.
    (limitation === "bandwidth" && receivedKbps < PICTURE_KBPS) ||
    framesPerSecond < FRAMES;
  if (isSlow) {
    return { verdict: "poor", reason: "slow" };
  }
  if (microphone === "quiet") {
    return { verdict: "ok", reason: "microphone_quiet" };
  }
  const detour = udp === "failed" && (way === "turn-tcp" || way === "turn-tls");
  return { verdict: "ok", reason: detour ? "detour" : "fine" };
}
