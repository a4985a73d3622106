import assert from "node:assert/strict";
import { test } from "node:test";

import { LinkToPicture, openingOf } from "../../../static/js/call/link.js";

const PICTURE = [{ type: "inbound-rtp", kind: "video", framesDecoded: 8, totalInterFrameDelay: 0.2 }];
const SOUND = [{ type: "inbound-rtp", kind: "audio", packetsReceived: 50 }, { type: "inbound-rtp", kind: "video", framesDecoded: 0 }];
const DOCTOR = { seat: "doctor", connected: true, media: { camera: true, paused: false } };
const CALL = /** @type {any} */ ({});

/** @param {{opening?: number | null, role?: string}} [more] */
function makeWorld({ opening = 1800, role = "guest" } = {}) {
  const world = {
    now: 60_000,
    goes: true,
    said: /** @type {any[]} */ ([]),
    you: { role, state: "waiting" },
    people: [DOCTOR],
  };
  const link = new LinkToPicture(
    /** @type {any} */ ({
      you: () => world.you,
      people: () => world.people,
      say: (/** @type {any} */ message) => world.goes && world.said.push(message) > 0,
    }),
    opening,
    () => world.now,
  );
  /** @param {any[]} report */
  const look = (report) => link.reports(new Map([["doctor", report]]));
  const letIn = () => {
    world.you.state = "admitted";
    link.call(CALL);
  };
  return { world, link, look, letIn };
}

test("the page's opening and the way from being let in to the first picture are told once, and no waiting", () => {
  const { world, link, look, letIn } = makeWorld();
  link.welcomed();
  world.now += 300_000;
  letIn();
  world.now += 500;
  look(SOUND);
  assert.deepEqual(world.said, []);
  world.now += 500;
  look(PICTURE);
  // 1.8 s for the page; of the second since, the picture had been there for 0.2.
  assert.deepEqual(world.said, [{ type: "quality", measures: { peer: "doctor", linkToPictureSeconds: 2.6 } }]);
  look(PICTURE);
  assert.equal(world.said.length, 1);
});

test("the wait for somebody who comes later, or whose camera is off, is not counted", () => {
  const { world, link, look, letIn } = makeWorld();
  world.people.length = 0;
  letIn();
  world.now += 60_000;
  world.people.push({ ...DOCTOR, media: { camera: false, paused: false } });
  link.participant();
  world.now += 60_000;
  world.people.splice(0, 1, DOCTOR);
  link.participant();
  world.now += 1000;
  look(PICTURE);
  assert.equal(world.said[0].measures.linkToPictureSeconds, 2.6);
});

test("what the hub did not hear is told again", () => {
  const { world, look, letIn } = makeWorld();
  letIn();
  world.goes = false;
  look(PICTURE);
  world.goes = true;
  look(PICTURE);
  assert.equal(world.said.length, 1);
});

test("a host, and a page that was reloaded, tell nothing", () => {
  for (const more of [{ role: "host" }, { opening: null }]) {
    const { world, look, letIn } = makeWorld(more);
    letIn();
    look(PICTURE);
    assert.deepEqual(world.said, []);
  }
});

test("the page stands there when something is painted, or when it is read where the browser does not tell", () => {
  /** @param {Record<string, any[]>} entries */
  const opening = (entries) => openingOf(/** @type {any} */ ({ getEntriesByType: (/** @type {string} */ type) => entries[type] ?? [] }));
  const navigation = [{ type: "navigate", domContentLoadedEventStart: 900 }];
  const paint = [{ name: "first-paint", startTime: 400 }, { name: "first-contentful-paint", startTime: 700 }];
  assert.equal(opening({ navigation, paint }), 700);
  assert.equal(opening({ navigation }), 900);
  assert.equal(opening({ navigation: [{ ...navigation[0], type: "reload" }], paint }), null);
  assert.equal(opening({}), null);
});
