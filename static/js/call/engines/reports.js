/**
 * Statistics of several connections as of one: for each of the others, what comes from them alone.
 */

/** Milliseconds within which a connection is not asked again. */
const FRESH = 100;
/** Members that name another entry of the same report. */
const NAMES = Object.freeze(["id", "selectedCandidatePairId", "localCandidateId", "remoteCandidateId", "transportId"]);

/** @typedef {Pick<RTCPeerConnection, "getStats">} Source */

/**
 * An entry whose ids cannot be taken for those of another connection.
 *
 * @param {any} entry
 * @param {string} mark
 */
function marked(entry, mark) {
  const copy = { ...entry };
  for (const name of NAMES) {
    if (typeof copy[name] === "string") {
      copy[name] = `${mark}${copy[name]}`;
    }
  }
  return copy;
}

export class Reports {
  /** @type {WeakMap<Source, {at: number, report: Promise<any>}>} */ #known = new WeakMap();

  /**
   * @param {Source[]} connections
   * @param {(entry: any) => boolean} ours whether an entry of what has come belongs to the one that is asked about
   * @returns {Promise<Map<string, any>>}
   */
  async about(connections, ours) {
    const found = new Map();
    for (const [index, connection] of connections.entries()) {
      for (const entry of (await this.#report(connection)).values()) {
        if (entry.type !== "inbound-rtp" || ours(entry)) {
          const copy = marked(entry, `${index}:`);
          found.set(copy.id, copy);
        }
      }
    }
    return found;
  }

  /** @param {Source} connection @returns {Promise<any>} */
  #report(connection) {
    const known = this.#known.get(connection);
    if (known && Date.now() - known.at < FRESH) {
      return known.report;
    }
    const report = connection.getStats();
    this.#known.set(connection, { at: Date.now(), report });
    return report;
  }
}
