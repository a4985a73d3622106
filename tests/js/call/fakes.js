/**
 * Stand-ins for what a browser gives: a clock, sockets, and peer connections that talk to each other in memory.
 */

/** Timers that run when the test says so. */
export class FakeTimers {
  now = 0;
  /** @type {{at: number, work: () => void}[]} */ #due = [];

  /** @param {() => void} work @param {number} milliseconds */
  set(work, milliseconds) {
    const timer = { at: this.now + milliseconds, work };
    this.#due.push(timer);
    return timer;
  }

  /** @param {any} timer */
  clear(timer) {
    this.#due = this.#due.filter((other) => other !== timer);
  }

  /** @param {number} milliseconds */
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      await settle();
      const next = this.#due.filter((timer) => timer.at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) {
        break;
      }
      this.now = next.at;
      this.clear(next);
      next.work();
    }
    this.now = end;
    await settle();
  }
}

/** Lets everything that waits for nothing but its turn have it. */
export async function settle() {
  for (let turn = 0; turn < 50; turn += 1) {
    await Promise.resolve();
  }
}

export class FakeSocket {
  /** @type {FakeSocket[]} */
  static all = [];
  readyState = 0;
  /** @type {any[]} */ sent = [];
  /** @type {number | undefined} */ closedWith;
  /** @type {((event: any) => void) | null} */ onopen = null;
  /** @type {((event: any) => void) | null} */ onmessage = null;
  /** @type {((event: any) => void) | null} */ onclose = null;

  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    this.url = url;
    this.protocol = protocol;
    FakeSocket.all.push(this);
  }

  static get last() {
    const socket = FakeSocket.all.at(-1);
    if (!socket) {
      throw new Error("No socket was opened.");
    }
    return socket;
  }

  open() {
    this.readyState = 1;
    this.onopen?.({});
  }

  /** @param {any} message */
  hear(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** @param {number} code */
  drop(code) {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** @param {string} data */
  send(data) {
    this.sent.push(JSON.parse(data));
  }

  /** @param {number} [code] */
  close(code) {
    this.readyState = 3;
    this.closedWith = code ?? 1005;
  }
}

/** @param {string} kind @returns {any} a track of this kind */
export function fakeTrack(kind) {
  return {
    kind,
    enabled: true,
    stopped: false,
    stop() {
      this.stopped = true;
    },
    onended: null,
    contentHint: "",
    getSettings: () => ({ deviceId: `${kind}-1` }),
  };
}

let sessions = 0;
let tracks = 0;

/** Keeps the rules of W3C WebRTC that perfect negotiation leans on: signalling states, and who may answer what. */
export class FakePeerConnection {
  /** @type {FakePeerConnection[]} */
  static all = [];
  signalingState = "stable";
  connectionState = "new";
  iceConnectionState = "new";
  /** @type {any} */ localDescription = null;
  /** @type {any} */ remoteDescription = null;
  /** @type {any[]} */ lines = [];
  /** @type {any[]} */ candidates = [];
  restarts = 0;
  closed = false;
  #version = 0;
  #session = String((sessions += 1));
  /** @type {any} */ onicecandidate = null;
  /** @type {any} */ ontrack = null;
  /** @type {any} */ onconnectionstatechange = null;
  /** @type {any} */ onnegotiationneeded = null;

  /** @param {any} configuration */
  constructor(configuration) {
    this.configuration = configuration;
    FakePeerConnection.all.push(this);
  }

  /** @param {any} trackOrKind @param {any} options */
  addTransceiver(trackOrKind, options) {
    const kind = typeof trackOrKind === "string" ? trackOrKind : trackOrKind.kind;
    const line = this.#line(kind, typeof trackOrKind === "string" ? null : trackOrKind, options.direction);
    queueMicrotask(() => this.onnegotiationneeded?.());
    return line;
  }

  getTransceivers() {
    return this.lines;
  }

  /** @param {any} configuration */
  setConfiguration(configuration) {
    this.configuration = configuration;
  }

  restartIce() {
    this.restarts += 1;
    queueMicrotask(() => this.onnegotiationneeded?.());
  }

  async setLocalDescription() {
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    this.#version += 1;
    const media = this.lines.map((line) => `m=${line.receiver.track.kind} 9 X 0\r\n`).join("");
    this.localDescription = { type, sdp: `v=0\r\no=- ${this.#session} ${this.#version} IN IP4 0.0.0.0\r\n${media}` };
    this.signalingState = type === "offer" ? "have-local-offer" : "stable";
  }

  /** @param {any} description */
  async setRemoteDescription(description) {
    const wanted = description.type === "offer" ? ["stable", "have-local-offer"] : ["have-local-offer"];
    if (this.closed || !wanted.includes(this.signalingState)) {
      throw new Error(`InvalidStateError: ${description.type} in ${this.signalingState}`);
    }
    this.remoteDescription = description;
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
    const kinds = [...description.sdp.matchAll(/^m=(\w+)/gm)].map((match) => match[1] ?? "");
    for (const kind of kinds.slice(this.lines.length)) {
      this.#line(kind, null, "recvonly");
    }
  }

  /** @param {any} candidate */
  async addIceCandidate(candidate) {
    if (!this.remoteDescription) {
      throw new Error("InvalidStateError");
    }
    this.candidates.push(candidate);
  }

  /** @param {string} state */
  become(state) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  async getStats() {
    return new Map();
  }

  close() {
    this.closed = true;
    this.signalingState = "closed";
  }

  /** @param {string} kind @param {any} track @param {string} direction */
  #line(kind, track, direction) {
    const encodings = [{}];
    const sender = {
      track,
      /** @param {any} next */
      async replaceTrack(next) {
        sender.track = next;
      },
      getParameters: () => ({ encodings }),
      /** @param {any} parameters */
      async setParameters(parameters) {
        encodings.splice(0, encodings.length, ...parameters.encodings);
      },
    };
    const received = { kind, id: `track-${(tracks += 1)}`, readyState: "live" };
    const line = { mid: String(this.lines.length), sender, direction, receiver: { track: received } };
    this.lines.push(line);
    return line;
  }
}
