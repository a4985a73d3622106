import assert from "node:assert/strict";
import { test } from "node:test";

import { ScreenOn } from "../../../static/js/call/screen.js";

function phone() {
  /** @type {{released: boolean, release: () => Promise<void>}[]} */ const locks = [];
  const screen = new ScreenOn(async () => {
    const lock = { released: false, release: async () => void (lock.released = true) };
    locks.push(lock);
    return lock;
  });
  return { screen, on: () => locks.filter(({ released }) => !released).length, dark: () => locks.forEach((lock) => (lock.released = true)) };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

test("the screen stays on from the first moment of waiting to the end, also when the socket comes back", async () => {
  const { screen, on } = phone();
  screen.inSight();
  await turn();
  assert.equal(on(), 0);
  screen.welcomed();
  screen.inSight();
  await turn();
  assert.equal(on(), 1);
  screen.welcomed();
  await turn();
  assert.equal(on(), 1);
  screen.ended();
  assert.equal(on(), 0);
  screen.inSight();
  await turn();
  assert.equal(on(), 0);
});

test("a page that comes into sight again keeps it on again", async () => {
  const { screen, on, dark } = phone();
  screen.welcomed();
  await turn();
  dark();
  screen.inSight();
  await turn();
  assert.equal(on(), 1);
});

test("whoever leaves before the browser has answered leaves nothing on", async () => {
  const { screen, on } = phone();
  screen.welcomed();
  screen.ended();
  await turn();
  assert.equal(on(), 0);
});

test("a browser that refuses, or knows no such thing, is no trouble", async () => {
  for (const ask of [null, async () => Promise.reject(new Error("battery"))]) {
    const screen = new ScreenOn(ask);
    screen.welcomed();
    await turn();
    screen.ended();
  }
});
