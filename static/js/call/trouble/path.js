/** Why no sound and picture come, from what the browser says of its connections. Knows no DOM. */

/** How far a browser's own search got, the farthest last (RFC 8445, 5.1.1). */
const FAR = ["none", "host", "prflx", "srflx", "relay"];

/**
 * @param {Iterable<any[]>} reports each connection's entries of an RTCStatsReport
 * @returns {{what: "ice_failed" | "dtls_failed", detail: string} | null} nothing where a connection stands
 */
export function why(reports) {
  let ice = false;
  let farthest = 0;
  for (const entries of reports) {
    for (const entry of entries) {
      if (entry.type === "transport" && entry.dtlsState === "connected") {
        return null;
      }
      ice ||= entry.type === "candidate-pair" && entry.state === "succeeded";
      if (entry.type === "local-candidate") {
        farthest = Math.max(farthest, FAR.indexOf(entry.candidateType));
      }
    }
  }
  return ice ? { what: "dtls_failed", detail: FAR[farthest] ?? "none" } : { what: "ice_failed", detail: FAR[farthest] ?? "none" };
}
