import assert from "node:assert/strict";
import test from "node:test";

import { Line } from "../../../static/js/desk/line.js";

/** A line on sockets and timers that the test drives. */
function rig() {
  /** @type {any[]} */ const sockets = [];
  /** @type {Map<number, {work: () => void, at: number}>} */ const timers = new Map();
  /** @type {string[]} */ const states = [];
  let [now, last, ticket] = [0, 0, "first"];
  class Socket {
    readyState = 1;
    /** @type {any[]} */ sent = [];
    /** @type {any} */ onopen = null;
    /** @type {any} */ onmessage = null;
    /** @type {any} */ onclose = null;
    constructor() {
      sockets.push(this);
    }
    /** @param {string} text */
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close() {
      this.readyState = 3;
    }
  }
  const line = new Line({
    url: "ws://hub",
    ticket: () => ticket,
    onMessage: () => {},
    onState: (state) => states.push(state),
    Socket: /** @type {any} */ (Socket),
    timers: {
      set: (work, wait) => {
        timers.set(++last, { work, at: now + wait });
        return last;
      },
      clear: (timer) => timers.delete(timer),
    },
    chance: () => 0,
  });
  return {
    line,
    sockets,
    states,
    /** @param {string} next */
    renew: (next) => {
      ticket = next;
      line.renew();
    },
    /** @param {number} wait */
    pass: (wait) => {
      const until = now + wait;
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= until).sort((one, other) => one[1].at - other[1].at)[0];
        if (!due) {
          break;
        }
        timers.delete(due[0]);
        now = due[1].at;
        due[1].work();
      }
      now = until;
    },
    watched: () => {
      sockets.at(-1).onopen();
      sockets.at(-1).onmessage({ data: JSON.stringify({ type: "watching", rooms: [] }) });
    },
  };
}

test("it shows its ticket, and a fresh one on the same socket", () => {
  const { line, sockets, states, watched, renew } = rig();
  line.open();
  watched();
  renew("second");
  assert.deepEqual(sockets[0].sent.map((/** @type {any} */ one) => one.ticket), ["first", "second"]);
  assert.deepEqual(states, ["open"]);
});

test("a lost socket is opened anew with the newest ticket", () => {
  const { line, sockets, states, watched, renew, pass } = rig();
  line.open();
  watched();
  sockets[0].onclose({ code: 1012 });
  renew("second");
  pass(5000);
  watched();
  assert.equal(sockets.length, 2);
  assert.equal(sockets[1].sent[0].ticket, "second");
  assert.deepEqual(states, ["open", "lost", "open"]);
});

test("a refusal is told as such, so that the page looks whether the login stands", () => {
  const { line, sockets, states, watched } = rig();
  line.open();
  watched();
  sockets[0].onclose({ code: 4001 });
  assert.deepEqual(states, ["open", "refused"]);
});

test("silence is asked about before the socket counts as dead", () => {
  const { line, sockets, states, watched, pass } = rig();
  line.open();
  watched();
  pass(13_000);
  assert.deepEqual(states, ["open"]);
  pass(12_000);
  assert.deepEqual(states, ["open", "lost"]);
  assert.equal(sockets[0].readyState, 3);
});

test("closed for good, nothing is tried again", () => {
  const { line, sockets, watched, pass } = rig();
  line.open();
  watched();
  line.close();
  line.open();
  pass(60_000);
  assert.equal(sockets.length, 1);
});
