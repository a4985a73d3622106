import assert from "node:assert/strict";
import { test } from "node:test";

import { HOLD, LOUDER, SILENCE, SPEECH, listen } from "../../../../static/js/call/view/speaker.js";

/**
 * Who speaks after each measurement, two a second as the page takes them.
 *
 * @param {Record<string, number>[]} measured
 */
function speakers(measured) {
  let state = SILENCE;
  return measured.map((levels, index) => {
    state = listen(state, new Map(Object.entries(levels)), index * 500);
    return state.seat;
  });
}

test("nobody speaks in a quiet room", () => {
  assert.deepEqual(speakers([{ anna: 0, bo: SPEECH - 0.001 }, {}]), [null, null]);
});

test("the loudest speaks at once when nobody did", () => {
  assert.deepEqual(speakers([{ anna: 0.1, bo: 0.2 }, { anna: 0.1, bo: 0.2 }]), ["bo", "bo"]);
  assert.deepEqual(speakers([{ anna: SPEECH, bo: 0 }]), ["anna"]);
});

test("a pause for breath changes nothing, a longer one does", () => {
  const pause = { anna: 0, bo: 0 };
  assert.deepEqual(speakers([{ anna: 0.1, bo: 0 }, pause, pause, { anna: 0.1, bo: 0 }]), ["anna", "anna", "anna", "anna"]);
  assert.deepEqual(speakers([{ anna: 0.1, bo: 0 }, pause, pause, pause]), ["anna", "anna", "anna", null]);
});

test("whoever answers has the word when the hold is over", () => {
  const answer = { anna: 0, bo: 0.1 };
  assert.deepEqual(speakers([{ anna: 0.1, bo: 0 }, answer, answer, answer]), ["anna", "anna", "anna", "bo"]);
});

test("a cough takes the word from nobody", () => {
  const talk = { anna: 0.1, bo: 0 };
  assert.deepEqual(speakers([talk, { anna: 0.1, bo: 0.9 }, talk, { anna: 0.1, bo: 0.9 }, talk]), Array(5).fill("anna"));
});

test("of two who speak at once the first goes on, unless the other is plainly louder all the while", () => {
  const both = { anna: 0.1, bo: 0.15 };
  assert.deepEqual(speakers([{ anna: 0.1, bo: 0 }, both, both, both, both, both]), Array(6).fill("anna"));
  const drowned = { anna: 0.1, bo: 0.1 * LOUDER };
  assert.deepEqual(speakers([{ anna: 0.1, bo: 0 }, drowned, drowned, drowned, drowned]), ["anna", "anna", "anna", "anna", "bo"]);
});

test("a noisy room does not keep the word for ever", () => {
  const noise = { anna: SPEECH, bo: 0.2 };
  assert.equal(speakers([{ anna: 0.1, bo: 0 }, noise, noise, noise, noise]).at(-1), "bo");
});

test("a third voice starts the wait anew", () => {
  const bo = { anna: 0.05, bo: 0.2, carl: 0 };
  const carl = { anna: 0.05, bo: 0, carl: 0.2 };
  assert.equal(speakers([{ anna: 0.1 }, bo, bo, carl, carl]).at(-1), "anna");
  assert.equal(speakers([{ anna: 0.1 }, bo, bo, carl, carl, carl, carl]).at(-1), "carl");
});

test("a tie goes to whoever spoke, else to the first", () => {
  assert.deepEqual(speakers([{ anna: 0.1, bo: 0.1 }]), ["anna"]);
  assert.deepEqual(speakers([{ bo: 0.2, anna: 0 }, { anna: 0.1, bo: 0.1 }]), ["bo", "bo"]);
});

test("whoever leaves speaks no longer", () => {
  assert.deepEqual(speakers([{ anna: 0.1, bo: 0.05 }, { bo: 0.05 }]), ["anna", "bo"]);
  assert.deepEqual(speakers([{ anna: 0.1 }, {}]), ["anna", null]);
});

test("after a page has slept the old speaker is not kept", () => {
  const before = listen(SILENCE, new Map([["anna", 0.1]]), 0);
  assert.equal(listen(before, new Map([["anna", 0]]), HOLD).seat, null);
});
