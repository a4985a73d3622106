import assert from "node:assert/strict";
import { test } from "node:test";

import { Exchange, LATE } from "../../../../static/js/call/exchange/exchange.js";
import { FakeTimers } from "../fakes.js";

const texts = new Proxy({}, { get: (_texts, name) => `${String(name)} {name}` });
/** @param {string} seat @param {any} [more] */
const person = (seat, more = {}) => ({ seat, instance: `${seat}-1`, role: "guest", state: "admitted", name: seat.toUpperCase(), connected: true, ...more });

/** @param {string[]} seats */
function makeExchange(seats = ["doc"]) {
  const timers = new FakeTimers();
  /** @type {any} */ const world = { timers, said: [], log: [], online: true, seats };
  const shown = Object.fromEntries(
    ["company", "typing", "line", "link", "coming", "picture", "lost", "state", "clear"].map((name) => [
      name,
      (/** @type {any[]} */ ...told) => name !== "company" && world.log.push([name, ...told.map((one) => one?.name ?? one?.href ?? one)].join(" ")),
    ]),
  );
  world.exchange = new Exchange(
    /** @type {any} */ ({
      say: (/** @type {any} */ message) => world.online && world.said.push(message) > 0,
      view: { nameOf: (/** @type {any} */ { name }) => name },
      texts,
      timers,
      you: () => person("me"),
      people: () => world.seats.map((/** @type {string} */ seat) => person(seat)),
    }),
    /** @type {any} */ (shown),
    () => timers.now,
  );
  for (const seat of seats) {
    world.exchange.participant(person(seat));
  }
  world.heard = () => world.said.splice(0).map((/** @type {any} */ one) => [one.type, one.to, one.kind, JSON.stringify(one.data)].join(" "));
  world.shown = () => world.log.splice(0);
  return world;
}

test("what is typed goes to all, what is finished to each, and the answer takes the lateness away", async () => {
  const { exchange, timers, said, heard, shown } = makeExchange(["doc", "kin"]);
  exchange.typed("Hej");
  assert.deepEqual(heard(), ['piece  text {"text":"Hej","sent":false}']);
  assert.equal(exchange.sendLine("Hej"), true);
  await timers.pass(500);
  const { id, part } = said[0];
  assert.deepEqual(heard(), ['piece doc text {"text":"Hej","sent":true}', 'piece kin text {"text":"Hej","sent":true}']);
  assert.deepEqual(shown(), [`line ${id} exchangeMe {name} Hej`]);
  await timers.pass(LATE);
  assert.deepEqual(shown(), [`state ${id} late`]);
  for (const from of ["doc", "kin"]) {
    exchange.message({ type: "got", from, id, part });
  }
  assert.deepEqual(shown(), [`state ${id} `]);
});

test("nothing is sent where there is nobody, and no empty line", async () => {
  const { exchange, heard } = makeExchange([]);
  assert.equal(exchange.sendLine("Hej"), false);
  assert.equal(exchange.sendLink({ href: "https://a.dk/" }), false);
  assert.equal(await exchange.sendPicture(new Blob(["x"])), false);
  assert.deepEqual(heard(), []);
  assert.equal(makeExchange().exchange.sendLine("  "), false);
});

test("a line that was finished without a network arrives with the socket", async () => {
  const world = makeExchange();
  world.online = false;
  world.exchange.sendLine("Hej");
  await world.timers.pass(10_000);
  world.online = true;
  world.exchange.welcomed();
  assert.deepEqual(world.heard(), ['piece doc text {"text":"Hej","sent":true}']);
});

test("a newcomer and a page loaded anew are told the line as it stands", () => {
  const { exchange, seats, heard } = makeExchange();
  exchange.typed("Hej");
  heard();
  seats.push("kin");
  exchange.participant(person("kin"));
  exchange.participant(person("kin", { connected: false }));
  assert.deepEqual(heard(), ['piece  text {"text":"Hej","sent":false}']);
  exchange.participant(person("kin", { instance: "kin-2" }));
  assert.deepEqual(heard(), ['piece  text {"text":"Hej","sent":false}']);
});

test("a picture is shown to oneself at once, stopped in the middle, and the others are told", async () => {
  const { exchange, timers, heard, shown } = makeExchange();
  await exchange.sendPicture(new Blob([new Uint8Array(60_000)]));
  await timers.pass(1000);
  const id = shown()[0].split(" ")[1];
  assert.equal(heard().length, 1);
  exchange.cancel(id);
  exchange.cancel(id);
  await timers.pass(1000);
  assert.deepEqual(heard(), ['piece doc picture {"cancelled":true}']);
  assert.deepEqual(shown(), [`state ${id} cancelled`]);
  exchange.message({ type: "got", from: "doc", id, part: 0 });
  assert.deepEqual(shown(), []);
});

test("what comes is told with its sender's name, also of somebody who has gone", () => {
  const { exchange, seats, heard, shown } = makeExchange();
  /** @param {any} more */
  const comes = (more) => exchange.message({ type: "piece", from: "doc", id: "a", part: 0, parts: 1, ...more });
  assert.equal(comes({ kind: "text", data: { text: "Hej", sent: true } }), true);
  comes({ id: "b", kind: "link", data: { url: "https://borger.dk/" } });
  comes({ id: "c", kind: "link", data: { url: "javascript:alert(1)" } });
  assert.deepEqual(shown(), ["line doc-a DOC Hej", "link doc-b DOC https://borger.dk/"]);
  assert.deepEqual(heard(), ["got doc  ", "got doc  ", "got doc  "]);
  comes({ id: "d", kind: "picture", parts: 2, data: { bytes: "AAAA" } });
  seats.pop();
  exchange.gone("doc");
  assert.deepEqual(shown(), ["coming doc-d DOC 0.5", "lost doc-d exchangePictureLost DOC"]);
  assert.equal(exchange.message({ type: "room", room: {} }), false);
});

test("everything is forgotten at the end, and nothing is said any more", async () => {
  const { exchange, timers, heard, shown } = makeExchange();
  exchange.typed("He");
  exchange.typed("Hej");
  exchange.sendLine("Hej");
  exchange.typed("Og");
  heard();
  shown();
  exchange.ended();
  await timers.pass(60_000);
  assert.deepEqual([heard(), shown()], [[], ["clear"]]);
});
