/** The engine without media: for tests of everything else. */
export class FakeEngine {
  name = "fake";
  alive = false;
  epoch = null;
  /** @type {[string, import("./engine.js").PeerView][]} */
  peers = [];

  start() {}

  participant() {}

  /** @returns {boolean} */
  gone() {
    return false;
  }

  signal() {}

  send() {}

  want() {}

  /** @returns {{source: import("../protocol.js").Source, sender: RTCRtpSender}[]} */
  outgoing() {
    return [];
  }

  resume() {}

  wake() {}

  leaving() {}

  /** @returns {boolean} */
  moved() {
    return true;
  }

  close() {}
}
