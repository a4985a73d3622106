/**
 * How sound and picture fare with one peer, from a report of getStats (W3C WebRTC Statistics) to the members that
 * docs/protocol.md lists. Addresses and candidates stay here: a candidate gives its type and protocol only, and a relay's
 * protocol is that of the way to the relay.
 */

/**
 * Counters of the last sample, from which the growth is reckoned.
 *
 * @typedef {{at: number, packetsReceived: number, packetsLost: number, framesDecoded: number, freezeCount: number, freezeSeconds: number, concealedSamples: number, bytesSent: number}} Counters
 */

/** @type {Readonly<Counters>} */
export const NOTHING = Object.freeze({
  at: 0,
  packetsReceived: 0,
  packetsLost: 0,
  framesDecoded: 0,
  freezeCount: 0,
  freezeSeconds: 0,
  concealedSamples: 0,
  bytesSent: 0,
});

/** @param {any[]} stats @param {string} member @returns {number} */
const sum = (stats, member) => stats.reduce((total, entry) => total + (entry[member] ?? 0), 0);

/** @param {any[]} stats @param {string} member @returns {number} */
const most = (stats, member) => stats.reduce((high, entry) => Math.max(high, entry[member] ?? 0), 0);

/** @param {number} number @returns {number} to one decimal */
export const tenth = (number) => Math.round(number * 10) / 10;

/**
 * The pair of candidates in use.
 *
 * @param {any[]} stats
 */
function chosenPair(stats) {
  const transport = stats.find((entry) => entry.type === "transport" && entry.selectedCandidatePairId);
  const pairs = stats.filter((entry) => entry.type === "candidate-pair");
  return transport
    ? pairs.find((pair) => pair.id === transport.selectedCandidatePairId)
    : pairs.find((pair) => pair.nominated && pair.state === "succeeded");
}

/**
 * @param {Iterable<any>} report the entries of an RTCStatsReport
 * @param {{seat: string, connection: string, ice: string, at: number}} about `at` in milliseconds
 * @param {Readonly<Counters>} [before]
 * @returns {{measures: Record<string, string | number>, counters: Counters}}
 */
export function measure(report, about, before = NOTHING) {
  const stats = [...report];
  const received = stats.filter((entry) => entry.type === "inbound-rtp");
  const sent = stats.filter((entry) => entry.type === "outbound-rtp");
  const pair = chosenPair(stats);
  const local = stats.find((entry) => entry.id === pair?.localCandidateId);
  const remote = stats.find((entry) => entry.id === pair?.remoteCandidateId);
  /** @type {Counters} */
  const counters = {
    at: about.at,
    packetsReceived: sum(received, "packetsReceived"),
    packetsLost: sum(received, "packetsLost"),
    framesDecoded: sum(received, "framesDecoded"),
    freezeCount: sum(received, "freezeCount"),
    freezeSeconds: sum(received, "totalFreezesDuration"),
    concealedSamples: sum(received, "concealedSamples"),
    bytesSent: sum(sent, "bytesSent"),
  };
  // A connection made anew starts counting from nothing.
  const since = counters.packetsReceived < before.packetsReceived ? { ...NOTHING, at: before.at } : before;
  /** @param {keyof Counters} name */
  const growth = (name) => Math.max(0, counters[name] - since[name]);
  const seconds = since.at > 0 ? (counters.at - since.at) / 1000 : 0;
  const limitation = sent.find((entry) => entry.qualityLimitationReason && entry.qualityLimitationReason !== "none");
  return {
    measures: {
      peer: about.seat,
      connection: about.connection,
      ice: about.ice,
      pair: local && remote ? `${local.candidateType}/${remote.candidateType}/${local.relayProtocol ?? local.protocol}` : "",
      rttMs: Math.round((pair?.currentRoundTripTime ?? 0) * 1000),
      packetsReceived: growth("packetsReceived"),
      packetsLost: growth("packetsLost"),
      jitterMs: Math.round(most(received, "jitter") * 1000),
      framesDecoded: growth("framesDecoded"),
      framesPerSecond: Math.round(most(received, "framesPerSecond")),
      freezeCount: growth("freezeCount"),
      freezeSeconds: tenth(growth("freezeSeconds")),
      concealedSamples: growth("concealedSamples"),
      sentKbps: seconds > 0 ? Math.round((growth("bytesSent") * 8) / seconds / 1000) : 0,
      limitation: limitation?.qualityLimitationReason ?? "none",
    },
    counters,
  };
}
