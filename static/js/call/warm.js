/**
 * A browser's first connection takes it longer than any other, since it looks then what sound and picture this device
 * can handle. While one waits for the others there is time for that: a connection is laid out as for the call, and
 * thrown away. It looks for no way to anybody, so that nothing of this device's network is asked or told. Knows no DOM.
 */

import { SOURCES, kindOf } from "./engines/lines.js";

/**
 * Makes the browser ready for the call's connection, once a page.
 *
 * @param {typeof RTCPeerConnection} [PeerConnection]
 * @returns {import("./parts.js").Part}
 */
export function warmUp(PeerConnection = globalThis.RTCPeerConnection) {
  let done = false;
  return {
    welcomed: async () => {
      if (done || !PeerConnection) {
        return;
      }
      done = true;
      try {
        const connection = new PeerConnection();
        try {
          for (const source of SOURCES) {
            connection.addTransceiver(kindOf(source), { direction: "sendrecv" });
          }
          await connection.createOffer();
        } finally {
          connection.close();
        }
      } catch {
        // Whatever is wrong comes up with the call's own connection, which knows what to do about it.
      }
    },
  };
}
