import assert from "node:assert/strict";
import test from "node:test";

import { WaitingRoom, minutesSince } from "../../../static/js/desk/waiting.js";

/** @param {string} room @param {string} starts */
const meeting = (room, starts) => ({ room, starts, at: "", title: "", doctor: "", letIn: "", ring: "", say: "", page: "" });

/** @param {string} seat @param {object} [more] @returns {any} */
const person = (seat, more = {}) => ({ seat, state: "waiting", connected: true, since: "2026-11-22T09:00:00Z", name: seat, ...more });

/** @param {WaitingRoom} room */
const seats = (room) => room.waiting.map(({ participant }) => participant.seat);

/** @param {WaitingRoom} room */
const next = (room) => (room.next ? [room.next.participant.seat] : []);

test("the earliest meeting comes first, and who has waited longest in it", () => {
  const room = new WaitingRoom();
  room.replace([meeting("b", "2026-11-22T10:00"), meeting("a", "2026-11-22T09:00")], []);
  room.put("b", person("late"));
  room.put("a", person("relative", { since: "2026-11-22T09:05:00Z" }));
  room.put("a", person("patient"));
  assert.deepEqual(seats(room), ["patient", "relative", "late"]);
});

test("who comes is news once, and again after having been turned away", () => {
  const room = new WaitingRoom();
  room.replace([meeting("a", "x")], []);
  assert.equal(room.put("a", person("one")), true);
  assert.equal(room.put("a", person("one", { name: "Grethe" })), false);
  assert.equal(room.put("a", person("one", { state: "admitted" })), false);
  assert.equal(room.put("a", person("one")), true);
});

test("nobody is the next before the hub has told of everybody: the first to be told of may be a later one", () => {
  const room = new WaitingRoom();
  room.replace([meeting("a", "2026-11-22T09:00"), meeting("b", "2026-11-22T10:00")], []);
  room.begin();
  room.put("b", person("late"));
  assert.deepEqual(next(room), []);
  room.put("a", person("patient"));
  room.settle();
  assert.deepEqual(next(room), ["patient"]);
});

test("who sleeps until they are rung is shown, is not the next, and is news on coming back", () => {
  const room = new WaitingRoom();
  room.replace([meeting("a", "2026-11-22T09:00"), meeting("b", "2026-11-22T10:00")], []);
  room.settle();
  assert.equal(room.put("a", person("asleep", { connected: false })), false);
  room.put("b", person("late"));
  assert.deepEqual(seats(room), ["asleep", "late"]);
  assert.deepEqual(next(room), ["late"]);
  assert.equal(room.put("a", person("asleep")), true);
  assert.deepEqual(next(room), ["asleep"]);
});

test("who is in, gone, or of a meeting that is not shown does not wait", () => {
  const room = new WaitingRoom();
  room.replace([meeting("a", "x")], []);
  room.put("a", person("in", { state: "admitted" }));
  room.put("a", person("lost", { state: "admitted", connected: false }));
  room.put("b", person("elsewhere"));
  room.put("a", person("gone"));
  assert.equal(room.remove("a", "gone")?.name, "gone");
  assert.deepEqual(seats(room), []);
  assert.equal(room.talks("a"), true);
  assert.equal(room.waits("a"), false);
});

test("those who take part are shown beside the one who waits", () => {
  const room = new WaitingRoom();
  room.replace([meeting("a", "x")], []);
  room.put("a", person("doctor", { state: "admitted", role: "host" }));
  room.put("a", person("patient"));
  assert.deepEqual(room.waiting[0]?.others.map(({ seat }) => seat), ["doctor"]);
});

test("after a lost socket those who are told of again stay, and the others are gone", () => {
  const room = new WaitingRoom();
  room.replace([meeting("a", "x")], []);
  room.put("a", person("one"));
  room.put("a", person("two"));
  room.begin();
  assert.deepEqual(seats(room), ["one", "two"]);
  assert.equal(room.put("a", person("two")), false);
  room.settle();
  assert.deepEqual(seats(room), ["two"]);
});

test("people of a meeting that is off the list are forgotten", () => {
  const room = new WaitingRoom();
  room.replace([meeting("a", "x"), meeting("b", "y")], []);
  room.put("a", person("one"));
  room.put("b", person("two"));
  room.replace([meeting("b", "y")], []);
  room.replace([meeting("a", "x"), meeting("b", "y")], []);
  assert.deepEqual(seats(room), ["two"]);
});

test("another call is one in another room", () => {
  const room = new WaitingRoom();
  room.replace([meeting("a", "x")], ["a"]);
  assert.equal(room.elsewhere("a"), false);
  assert.equal(room.elsewhere("b"), true);
});

test("minutes are whole, and never below zero", () => {
  const now = Date.parse("2026-11-22T09:05:59Z");
  assert.equal(minutesSince("2026-11-22T09:00:00Z", now), 5);
  assert.equal(minutesSince("2026-11-22T09:07:00Z", now), 0);
});
