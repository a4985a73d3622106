/**
 * The numbers of a round through the media server, from two looks at the statistics of its two ends (W3C WebRTC
 * Statistics). Addresses stay here: of a candidate its type and protocol alone are looked at.
 */

import { measure, tenth } from "../call/quality.js";

/** @typedef {Iterable<any>} Report */
/** One look: what the end that listens has got, and what the end that sends has sent. @typedef {{at: number, listener: any[], sender: any[]}} Look */

/** @param {any[]} entries @param {string} type @param {string} member @returns {number} */
const sum = (entries, type, member) =>
  entries.filter((entry) => entry.type === type).reduce((total, entry) => total + (entry[member] ?? 0), 0);

/** @param {any[]} entries @returns {any[]} the pair in use on each connection */
function chosen(entries) {
  const pairs = entries.filter(({ type }) => type === "candidate-pair");
  const named = entries.filter(({ type }) => type === "transport").map((entry) => entry.selectedCandidatePairId);
  const used = pairs.filter((pair) => named.includes(pair.id));
  return used.length > 0 ? used : pairs.filter((pair) => pair.selected || (pair.nominated && pair.state === "succeeded"));
}

/** @param {any[]} entries @param {any} pair */
const localOf = (entries, pair) => entries.find(({ id }) => id === pair.localCandidateId);

/**
 * By which way the round goes: the longest way of all connections says what the network lets through.
 *
 * @param {any[]} entries of both ends
 * @returns {"udp" | "tcp" | "turn-udp" | "turn-tcp" | "turn-tls" | undefined}
 */
export function wayOf(entries) {
  const order = /** @type {const} */ (["turn-tls", "turn-tcp", "turn-udp", "tcp", "udp"]);
  const ways = chosen(entries).map((pair) => {
    const local = localOf(entries, pair);
    return local?.candidateType === "relay" ? `turn-${local.relayProtocol ?? "udp"}` : local?.protocol;
  });
  return order.find((way) => ways.includes(way));
}

/**
 * Whether UDP goes straight to the media server.
 *
 * @param {any[]} entries
 * @returns {boolean}
 */
export function straight(entries) {
  return entries.some((pair) => {
    const local = pair.type === "candidate-pair" && pair.state === "succeeded" ? localOf(entries, pair) : null;
    return local && local.candidateType !== "relay" && local.protocol === "udp";
  });
}

/**
 * @param {Look} before
 * @param {Look} after
 * @returns {Partial<import("./verdict.js").Measures>}
 */
export function reckon(before, after) {
  const seconds = (after.at - before.at) / 1000;
  const about = { seat: "", connection: "", ice: "" };
  const { counters } = measure(before.listener, { ...about, at: before.at });
  const { measures } = measure(after.listener, { ...about, at: after.at }, counters);
  const { packetsReceived, packetsLost, jitterMs, framesDecoded } = /** @type {Record<string, number>} */ (measures);
  const all = Number(packetsReceived) + Number(packetsLost);
  /** @param {any[]} early @param {any[]} late @param {string} type @param {string} member */
  const kbps = (early, late, type, member) =>
    Math.round((Math.max(0, sum(late, type, member) - sum(early, type, member)) * 8) / seconds / 1000);
  const rtts = [...chosen(after.listener), ...chosen(after.sender)].map((pair) => pair.currentRoundTripTime ?? 0);
  const limitation = measure(after.sender, { ...about, at: after.at }).measures["limitation"];
  const way = wayOf([...after.listener, ...after.sender]);
  return {
    lossPercent: all > 0 ? tenth((100 * Number(packetsLost)) / all) : 0,
    jitterMs: Number(jitterMs),
    rttMs: Math.round(Math.max(0, ...rtts) * 1000),
    receivedKbps: kbps(before.listener, after.listener, "inbound-rtp", "bytesReceived"),
    sentKbps: kbps(before.sender, after.sender, "outbound-rtp", "bytesSent"),
    framesPerSecond: tenth(Number(framesDecoded) / seconds),
    seconds: tenth(seconds),
    limitation: /** @type {import("./verdict.js").Measures["limitation"]} */ (limitation),
    ...(way && { way }),
  };
}
