import assert from "node:assert/strict";
import { test } from "node:test";

import { AGAIN, RINGS_FOR, Ringing } from "../../../../static/js/call/arrival/ringing.js";
import { RingMe, bytes } from "../../../../static/js/call/arrival/ring_me.js";
import { PHONE_AFTER, SETTLED, Waiting } from "../../../../static/js/call/arrival/waiting.js";
import { TEXT_NAMES } from "../../../../static/js/call/texts.js";
import { FakeTimers, settle } from "../fakes.js";

/** @type {any} every text is its own name */
const texts = { ...Object.fromEntries(TEXT_NAMES.map((name) => [name, name])), toldYou: "told {text}" };
const SINCE = "2026-11-22T10:00:00Z";

function waitingRoom() {
  const timers = new FakeTimers();
  /** @type {any[]} */ const seen = [];
  const waiting = new Waiting({
    texts,
    timers,
    announce: (text) => seen.push(["said", text]),
    screen: {
      doctor: (line, here) => seen.push(["doctor", line, here]),
      told: (text) => seen.push(["told", text]),
      phone: (shown) => seen.push(["phone", shown]),
    },
    ringing: { start: () => seen.push(["rings"]), stop: () => seen.push(["rings no more"]) },
    ringMe: { over: () => seen.push(["nobody to ring"]) },
    chime: () => seen.push(["chime"]),
    now: () => new Date(SINCE).getTime() + timers.now,
  });
  const taken = () => seen.splice(0);
  /** @param {any} [room] */
  const welcome = (room = { hostPresent: false }) =>
    waiting.welcomed(/** @type {any} */ ({ state: "waiting", since: SINCE }), room);
  return { waiting: /** @type {any} */ (waiting), timers, taken, welcome };
}

test("what stands there at first is not read aloud; a change is, once it has settled", async () => {
  const { waiting, timers, taken, welcome } = waitingRoom();
  welcome();
  await timers.pass(SETTLED * 2);
  assert.deepEqual(taken(), [["phone", false], ["doctor", "hostAbsent", false]]);
  waiting.room({ hostPresent: true });
  waiting.room({ hostPresent: false });
  waiting.room({ hostPresent: true });
  await timers.pass(SETTLED);
  assert.deepEqual(taken().filter(([what]) => what === "said"), [["said", "hostPresent"]]);
  waiting.room({ hostPresent: false });
  waiting.room({ hostPresent: true });
  await timers.pass(SETTLED);
  assert.deepEqual(taken().filter(([what]) => what === "said"), []);
});

test("the telephone is shown after five minutes, also to who loads the page anew", async () => {
  const { timers, taken, welcome } = waitingRoom();
  welcome();
  await timers.pass(PHONE_AFTER - 1);
  welcome();
  assert.deepEqual(taken().filter(([what]) => what === "phone"), [["phone", false], ["phone", false]]);
  await timers.pass(1);
  assert.deepEqual(taken().filter(([what]) => what === "phone"), [["phone", true]]);
  welcome();
  assert.deepEqual(taken().filter(([what]) => what === "phone"), [["phone", true]]);
});

test("the ring and the doctor's words are for who waits", async () => {
  const { waiting, taken, welcome } = waitingRoom();
  welcome();
  taken();
  assert.equal(waiting.message({ type: "ringing" }), true);
  assert.equal(waiting.message({ type: "told", sentence: "soon", text: "Om lidt" }), true);
  assert.equal(waiting.message({ type: "muted" }), false);
  assert.deepEqual(taken(), [["rings"], ["told", "Om lidt"], ["said", "told Om lidt"], ["chime"]]);
  waiting.call({});
  assert.deepEqual(taken(), [["told", ""], ["rings no more"], ["nobody to ring"]]);
  assert.equal(waiting.message({ type: "ringing" }), true);
  waiting.room({ hostPresent: true });
  waiting.ended();
  assert.deepEqual(taken(), [["doctor", "hostPresent", true]]);
});

function bell() {
  const timers = new FakeTimers();
  /** @type {any} */ const heard = { rings: 0, shown: false, titles: [], notified: 0 };
  const ringing = new Ringing({
    sound: () => (heard.rings += 1),
    show: (shown) => (heard.shown = shown),
    title: (title) => heard.titles.push(title),
    notify: () => (heard.notified += 1),
    texts,
    timers,
  });
  return { timers, heard, ringing };
}

test("it rings for half a minute, and the title blinks until it is answered", async () => {
  const { timers, heard, ringing } = bell();
  ringing.start();
  assert.deepEqual({ ...heard, titles: heard.titles.length }, { rings: 1, shown: true, titles: 1, notified: 1 });
  await timers.pass(AGAIN);
  assert.equal(heard.rings, 2);
  await timers.pass(RINGS_FOR * 2);
  assert.equal(heard.rings, Math.ceil(RINGS_FOR / AGAIN));
  assert.deepEqual(new Set(heard.titles), new Set(["ringing", null]));
  assert.equal(heard.shown, true);
  const blinks = heard.titles.length;
  ringing.stop();
  await timers.pass(RINGS_FOR);
  assert.equal(heard.titles.length, blinks + 1);
  assert.equal(heard.titles.at(-1), null);
  assert.equal(heard.shown, false);
});

test("answered at once it is quiet; a second ring begins anew and only one sounds", async () => {
  const { timers, heard, ringing } = bell();
  ringing.start();
  ringing.stop();
  await timers.pass(RINGS_FOR);
  assert.equal(heard.rings, 1);
  ringing.start();
  ringing.start();
  await timers.pass(AGAIN);
  assert.equal(heard.rings, 4);
});

/** @param {{permission?: string, answer?: string, subscribe?: () => Promise<any>, ok?: boolean, key?: string, bare?: boolean}} [browser] */
function phone({ permission = "default", answer = "granted", subscribe, ok = true, key = "BAAA", bare = false } = {}) {
  /** @type {any[]} */ const done = [];
  /** @type {any[]} */ const told = [];
  let subscribed = false;
  const registration = {
    pushManager: {
      subscribe: async (/** @type {any} */ options) => {
        done.push(["subscribed", options.userVisibleOnly, options.applicationServerKey.length]);
        await subscribe?.();
        subscribed = true;
        return { toJSON: () => "subscription" };
      },
      getSubscription: async () => (subscribed ? { unsubscribe: async () => done.push(["unsubscribed"]) } : null),
    },
    showNotification: async (/** @type {string} */ title) => done.push(["shown", title]),
  };
  const notification = {
    permission,
    requestPermission: async () => {
      done.push(["asked"]);
      notification.permission = answer;
      return answer;
    },
  };
  const workers = {
    register: async (/** @type {string} */ url, /** @type {any} */ { scope }) => done.push(["registered", url, scope]),
    ready: Promise.resolve(registration),
    getRegistration: async () => registration,
  };
  const ringMe = new RingMe({
    browser: bare ? {} : /** @type {any} */ ({ notification, workers }),
    key,
    worker: "/sw.js",
    tell: async (subscription) => {
      told.push(subscription);
      return { ok };
    },
    show: (reach) => done.push([reach]),
    keep: () => undefined,
  });
  return { ringMe, told, done: () => done.splice(0) };
}

test("a tap asks for permission and tells the hub where", async () => {
  const { ringMe, told, done } = phone();
  await ringMe.ask();
  assert.deepEqual(done(), [["page"], ["asked"], ["registered", "/sw.js", "/m/"], ["subscribed", true, 3], ["push"]]);
  assert.deepEqual(told, ["subscription"]);
  await ringMe.takeBack();
  await settle();
  assert.deepEqual(told, ["subscription", null]);
  assert.deepEqual(done(), [["off"], ["unsubscribed"]]);
});

/** @type {ReadonlyArray<[string, any]>} */
const WITHOUT = [
  ["permission", { answer: "denied" }],
  ["being allowed to ask", { permission: "denied" }],
  ["a key of the hub's", { key: "" }],
  ["pushes in the browser", { bare: true }],
  ["a push service", { subscribe: async () => Promise.reject(new Error("no service")) }],
  ["the hub's yes", { ok: false }],
];
for (const [name, browser] of WITHOUT) {
  test(`without ${name} the page itself rings`, async () => {
    const { ringMe, done } = phone(browser);
    await ringMe.ask();
    assert.equal(ringMe.reach, "page");
    assert.equal(done().some(([what]) => what === "push"), false);
  });
}

test("the page loaded anew asks no question", async () => {
  const { ringMe, done } = phone();
  await ringMe.ask({ quietly: true });
  assert.deepEqual(done(), [["page"]]);
});

test("who thinks better of it while the browser answers is not rung", async () => {
  /** @type {() => void} */ let go = () => undefined;
  const { ringMe, told, done } = phone({ subscribe: () => new Promise((resolve) => (go = () => resolve(undefined))) });
  const asking = ringMe.ask();
  await settle();
  await ringMe.takeBack();
  go();
  await asking;
  assert.equal(ringMe.reach, "off");
  assert.deepEqual(told.filter(Boolean), []);
  assert.deepEqual(done().at(-1), ["unsubscribed"]);
});

test("a notification of the page's own is shown to who asked and allowed it", async () => {
  const { ringMe, done } = phone();
  await ringMe.notify("t", "b");
  await ringMe.ask();
  done();
  await ringMe.notify("t", "b");
  assert.deepEqual(done(), [["shown", "t"]]);
});

test("a key is read as base64url", () => {
  assert.deepEqual([...bytes("-_8")], [251, 255]);
});
