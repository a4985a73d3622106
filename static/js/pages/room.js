/**
 * The room's page: waiting room and call in one, so that nothing is loaded at the moment of going in.
 */

import { addCallParts } from "../call/additions.js";
import { Devices } from "../call/devices.js";
import { DirectEngine } from "../call/engines/direct.js";
import { FakeEngine } from "../call/engines/fake.js";
import { JanusEngine } from "../call/engines/janus.js";
import { RelayEngine } from "../call/engines/relay.js";
import { addArrival } from "../call/arrival/together.js";
import { takeSecret } from "../call/move.js";
import * as protocol from "../call/protocol.js";
import { addRescueParts } from "../call/rescue/additions.js";
import { ScreenOn } from "../call/screen.js";
import { Session } from "../call/session.js";
import { Spare } from "../call/spare.js";
import { Tabs } from "../call/tabs.js";
import { View } from "../call/view.js";
import { exchangePart } from "../call/view/exchange.js";
import { enhanceMove } from "../call/view/move.js";
import { readData } from "../lib/page-data.js";
import { play, unlock } from "../lib/sound.js";

const ENGINES = { direct: DirectEngine, relay: RelayEngine, janus: JanusEngine, fake: FakeEngine };

/** Milliseconds after which a call that has begun leaves time for other things. */
const SETTLED = 300;

/** Minutes by which one press makes the meeting longer. */
const EXTENSION = 10;

/** @type {import("../call/surroundings.js").PageData} */
const data = readData("room-data");
/** @type {import("../call/texts.js").Texts} */
const texts = readData("room-texts");

// What is asked before this script was there can be answered before the rest is made.
await new Promise((resolve) => setTimeout(resolve));

const devices = new Devices({ media: navigator.mediaDevices, permissions: navigator.permissions });
const [navigation] = performance.getEntriesByType("navigation");
const reloaded = /** @type {PerformanceNavigationTiming | undefined} */ (navigation)?.type === "reload";
const tabs = new Tabs(data.code, navigator.locks, reloaded);

const socketUrl = new URL(data.urls.socket, location.href);
socketUrl.protocol = socketUrl.protocol.replace("http", "ws");

/**
 * Asks the hub for something by a POST with JSON.
 *
 * @param {string} url
 * @param {Record<string, unknown>} body
 */
async function ask(url, body) {
  const token = document.querySelector("#knock-form [name=csrfmiddlewaretoken]");
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "",
      },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    return { ...answer, ok: response.ok, status: response.status };
  } catch {
    // No network, or an answer that is not the hub's: the page says that nobody answered.
    return { ok: false, status: 0 };
  }
}

/** @param {string | null} pin */
const knock = (pin) => ask(data.urls.knock, { pin, via: data.via ?? null });

/** Whether the page goes away by the person's own wish. */
let leaving = false;

/** @param {string} url */
function goTo(url) {
  leaving = true;
  location.replace(url);
}

function reload() {
  leaving = true;
  location.reload();
}

/** Whether this page has asked for a link to go on elsewhere. */
let offered = false;

const view = new View(
  texts,
  {
    knock: (name, pin) => {
      void unlock();
      void session.knock(name, pin);
    },
    openDevices: () => void session.openDevices(),
    choose: (kind, id) => void session.local.choose(kind, id),
    toggleMicrophone: () => void session.local.toggleMicrophone(),
    toggleCamera: () => void session.toggleCamera(),
    toggleScreen: () => void session.toggleScreen(),
    toggleAudioOnly: () => void session.toggleAudioOnly(),
    admit: (seat) => session.say(protocol.admit(seat)),
    refuse: (seat) => session.say(protocol.refuse(seat)),
    ring: (seat) => session.say(protocol.ring(seat)),
    tell: (seat, sentence) => session.say(protocol.tell(seat, sentence)),
    delay: (minutes) => session.say(protocol.delay(minutes)),
    next: (how) => {
      data.urls.after = data.urls.next ?? data.urls.after;
      if (how === "leave" || !session.say(protocol.end())) {
        session.leave();
      }
    },
    rename: (name) => session.rename(name),
    extend: () => session.say(protocol.extend(EXTENSION)),
    end: () => session.say(protocol.end()),
    leave: () => session.leave(),
    // After an offer the seat may have gone to another browser: only the hub knows what this one still has.
    useThisWindow: () => (offered ? reload() : void session.enter()),
    reload,
  },
  { canShare: devices.canShare },
);

/** A connection for the first of the others. */
const spare = new Spare();

const session = new Session({
  data,
  texts,
  view,
  devices,
  tabs,
  knock,
  goTo,
  reload,
  socketUrl: socketUrl.href,
  play: (tune) => void play(tune),
  // For whoever is asked why a call stuttered: it stays in this browser.
  onError: (error) => console.warn(error),
  onCall: () => {
    // The first moments belong to the connection.
    setTimeout(() => {
      // One step more in the history, for the back button to take.
      history.pushState({}, "");
    }, SETTLED);
  },
  makeEngine: (name, options) =>
    new (ENGINES[/** @type {keyof typeof ENGINES} */ (name)] ?? FakeEngine)({ ...options, spare: (how) => spare.take(how) }),
});

addCallParts(session, {
  unlock,
  onOffer: () => {
    offered = true;
  },
});

addRescueParts(session, { reload });

session.add(exchangePart(session.forParts));

session.add(spare);

const screenOn = new ScreenOn(navigator.wakeLock ? () => navigator.wakeLock.request("screen") : null);
session.add(screenOn);

window.addEventListener("online", () => session.wake());
document.addEventListener("resume", () => session.wake());
session.visible(!document.hidden);
document.addEventListener("visibilitychange", () => {
  session.visible(!document.hidden);
  if (!document.hidden) {
    session.wake();
    screenOn.inSight();
  }
});
devices.onChange(() => void session.listDevices());
document.addEventListener("pointerdown", () => void unlock(), { once: true });

// A slip must not end the call: closing and reloading ask, and so does the browser's back button.
window.addEventListener("beforeunload", (event) => {
  if (session.calling && !leaving) {
    event.preventDefault();
  }
});
window.addEventListener("popstate", async () => {
  if (!session.calling) {
    return;
  }
  history.pushState({}, "");
  await view.askLeave();
});

enhanceMove({
  offer: () => {
    offered = true;
    return ask(data.urls.move ?? "", {});
  },
  refused: (message) => view.notice(message || texts.noAnswer, "warning", { brief: true }),
});

/**
 * Takes over the seat that the link in the address opens, and loads the page anew with it.
 *
 * @param {string} secret
 * @returns {Promise<string>} why it did not work; empty when the page goes
 */
async function takeOver(secret) {
  const answer = await ask(data.urls.knock, { move: secret });
  if (answer.ok || answer.status === 410) {
    reload();
    return "";
  }
  return answer.message || texts.noAnswer;
}

addArrival(session, ask);

async function begin() {
  const secret = takeSecret(location, history);
  const refused = secret && (await takeOver(secret));
  if (leaving) {
    return;
  }
  void session.start();
  view.catchUp();
  if (refused) {
    view.knockRefused("", refused);
  }
}

// The link was put into the address of a page that was already open.
window.addEventListener("hashchange", async () => {
  const secret = takeSecret(location, history);
  const refused = secret && (await takeOver(secret));
  if (refused) {
    view.notice(refused, "warning", { brief: true });
  }
});

void begin();
