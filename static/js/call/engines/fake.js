/** The engine without media, with the interface of the others (`engines/direct.js`): for tests of everything else. */
export class FakeEngine {
  alive = false;
  /** @type {[string, import("../peer.js").Peer][]} */
  peers = [];

  start() {}

  participant() {}

  /** @returns {boolean} */
  gone() {
    return false;
  }

  signal() {}

  send() {}

  resume() {}

  close() {}
}
