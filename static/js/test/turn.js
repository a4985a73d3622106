/** Each TURN address by itself: whether the browser gets a relayed address there. Knows no page. */

/** Milliseconds that a server gets; over TLS a slow line takes a few round trips. */
export const PATIENCE = 8000;

/** @typedef {"turnUdp" | "turnTcp" | "turnTls"} Kind */

/**
 * How an address is reached (RFC 7065); nothing for what is no TURN server's.
 *
 * @param {string} url
 * @returns {Kind | null}
 */
export function kindOf(url) {
  if (/^turns:/i.test(url)) {
    return "turnTls";
  }
  return /^turn:/i.test(url) ? (/[?&]transport=tcp/i.test(url) ? "turnTcp" : "turnUdp") : null;
}

/**
 * @param {RTCIceServer[]} servers
 * @returns {{kind: Kind, server: RTCIceServer}[]} one for each address
 */
export function apart(servers) {
  return servers.flatMap((server) =>
    [server.urls].flat().flatMap((url) => {
      const kind = kindOf(url);
      return kind ? [{ kind, server: { ...server, urls: [url] } }] : [];
    }),
  );
}

/**
 * @param {RTCIceServer} server
 * @param {import("../call/signalling.js").Timers} timers
 * @param {typeof RTCPeerConnection} PeerConnection
 * @returns {Promise<boolean>} whether it gave a relayed address
 */
async function gives(server, timers, PeerConnection) {
  const connection = new PeerConnection({ iceServers: [server], iceTransportPolicy: "relay" });
  /** @type {any} */ let late = null;
  try {
    /** @type {Promise<boolean>} */
    const found = new Promise((resolve) => {
      connection.onicecandidate = ({ candidate }) => {
        if (!candidate) {
          resolve(false);
        } else if (candidate.candidate.includes(" typ relay")) {
          resolve(true);
        }
      };
      late = timers.set(() => resolve(false), PATIENCE);
    });
    connection.createDataChannel("test");
    await connection.setLocalDescription(await connection.createOffer());
    return await found;
  } catch {
    // An address that the browser does not take.
    return false;
  } finally {
    timers.clear(late);
    connection.onicecandidate = null;
    connection.close();
  }
}

/**
 * Tries all at the same time. Of several of one kind one that works is enough.
 *
 * @param {RTCIceServer[]} servers
 * @param {import("../call/signalling.js").Timers} timers
 * @param {typeof RTCPeerConnection} [PeerConnection]
 * @returns {Promise<Record<Kind, "ok" | "failed" | "none">>}
 */
export async function tryTurn(servers, timers, PeerConnection = RTCPeerConnection) {
  const each = apart(servers);
  const works = await Promise.all(each.map(({ server }) => gives(server, timers, PeerConnection)));
  /** @param {Kind} kind */
  const of = (kind) => {
    const mine = works.filter((_, index) => each[index]?.kind === kind);
    return mine.length === 0 ? "none" : mine.includes(true) ? "ok" : "failed";
  };
  return { turnUdp: of("turnUdp"), turnTcp: of("turnTcp"), turnTls: of("turnTls") };
}
