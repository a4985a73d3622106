/**
 * The waiting room's page: who waits across today's meetings, live, and what a host does about it.
 */

import { Line } from "../desk/line.js";
import { DeskView } from "../desk/view.js";
import { sayOutside } from "../desk/outside.js";
import { WaitingRoom } from "../desk/waiting.js";
import { label, part } from "../call/view/dom.js";
import { askRight, stillRight, withdraw } from "../lib/guard.js";
import { fill, readData } from "../lib/page-data.js";
import { play, unlock } from "../lib/sound.js";

/** Milliseconds between two looks at the day's meetings, each with a fresh ticket for the socket. */
const LOOK = 20_000;
/** Milliseconds after which the minutes shown are counted anew. */
const COUNT = 5_000;
const SOUND = "vdx-desk-sound";

/** @typedef {import("../desk/waiting.js").Waiting} Waiting */
/** @typedef {{ticket: string, hosting: string[], delays: Record<string, number>, meetings: import("../desk/waiting.js").Meeting[]}} News */

/** @type {News} */
let news = readData("desk-news");
/** @type {Record<string, any>} */
const texts = readData("desk-texts");
const room = new WaitingRoom();
/** Whom the guard asks about, while it does. @type {string} */
let asked = "";
/** Whether the page was opened to take the next one in at once. */
let takesNext = new URLSearchParams(location.search).has("naeste");
/** When the socket has said who is there: until then nobody is new. */
let settledAt = Infinity;
const SETTLING = 2_000;
/** Whether a page of this browser may say something outside its window. */
let outside = true;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;

const form = /** @type {HTMLFormElement} */ (part("let-in-form"));
const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/**
 * @param {string} url
 * @param {Record<string, string>} body
 * @returns {Promise<{ok: boolean, message?: string}>}
 */
async function post(url, body) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": field("csrfmiddlewaretoken").value },
      body: new URLSearchParams(body),
      redirect: "error",
    });
    return { ...(await answer.json()), ok: answer.ok };
  } catch {
    // No network, or an answer that is not the hub's: the page says that it did not work.
    return { ok: false };
  }
}

/** @param {Waiting} who */
async function letIn(who) {
  asked = who.participant.seat;
  const leave = room.elsewhere(who.meeting.room);
  const name = view.nameOf(who.participant);
  const answer = await askRight({ name, at: who.meeting.at, doctor: who.meeting.doctor, leave });
  asked = "";
  if (answer === "yes") {
    form.action = who.meeting.letIn;
    field("seat").value = who.participant.seat;
    field("leave").value = leave ? "on" : "";
    form.submit();
  } else if (answer === "no") {
    await say(who, "wait", part("desk-list").querySelector("[data-say=wait]")?.textContent ?? "");
  }
}

/** @param {Waiting} who */
async function ring(who) {
  const done = await post(who.meeting.ring, { seat: who.participant.seat });
  const name = view.nameOf(who.participant);
  view.answer(who.participant.seat, done.ok ? fill(texts["rung"], { name }) : done.message || texts["failed"]);
}

/** @param {Waiting} who @param {string} sentence @param {string} words */
async function say(who, sentence, words) {
  const done = await post(who.meeting.say, { seat: who.participant.seat, sentence });
  const said = done.ok ? fill(texts["said"], { sentence: words.trim() }) : done.message || texts["failed"];
  view.answer(who.participant.seat, said);
}

const view = new DeskView(texts, {
  letIn: (who) => void letIn(who),
  ring: (who) => void ring(who),
  say: (who, sentence, words) => void say(who, sentence, words),
});

function show() {
  const { waiting, next } = room;
  view.show(waiting, next !== undefined, Date.now());
  view.rest(room);
  const who = asked && waiting.find(({ participant }) => participant.seat === asked)?.participant;
  if (asked && !(who && who.connected)) {
    withdraw();
  } else if (who && !stillRight(view.nameOf(who))) {
    view.answer(who.seat, texts["renamed"]);
  }
  if (takesNext && next) {
    takesNext = false;
    history.replaceState(null, "", location.pathname);
    void letIn(next);
  }
}

/** @param {string} roomId @param {string} seat */
function came(roomId, seat) {
  const who = room.waiting.find(({ meeting, participant }) => meeting.room === roomId && participant.seat === seat);
  if (!who) {
    return;
  }
  view.announce(fill(texts["came"], { name: view.nameOf(who.participant), at: who.meeting.at }));
  if (localStorage.getItem(SOUND)) {
    void play("arrived");
  }
  if (document.hidden) {
    // Without the name: the system keeps what it shows.
    outside = sayOutside(window.Notification, fill(texts["cameOutside"], { at: who.meeting.at }), `vdx-${seat}`);
    showNotify();
  }
}

/** @param {import("../desk/line.js").DeskMessage} message */
function hear(message) {
  if (message.type === "participant") {
    const isNew = room.put(message.room, message.participant);
    show();
    if (isNew && performance.now() > settledAt) {
      came(message.room, message.participant.seat);
    }
  } else if (message.type === "gone") {
    const gone = room.remove(message.room, message.seat);
    show();
    if (gone?.state === "waiting") {
      view.announce(fill(texts["left"], { name: view.nameOf(gone) }));
    }
  }
}

const address = new URL("vente/ws", new URL("/portal/", location.href));
address.protocol = address.protocol.replace("http", "ws");
const line = new Line({
  url: address.href,
  ticket: () => news.ticket,
  onMessage: hear,
  onState: (state) => {
    view.lost(state !== "open");
    if (state === "open") {
      room.begin();
      settledAt = performance.now() + SETTLING;
      clearTimeout(settling);
      settling = setTimeout(() => {
        room.settle();
        view.known();
        show();
      }, SETTLING);
    } else if (state === "refused") {
      void look();
    }
  },
});

/** @param {News} fresh */
function take(fresh) {
  news = fresh;
  room.replace(news.meetings, news.hosting);
  line.renew();
  show();
  showDelay();
}

/** Asks how the day stands. A login that does not stand any more leads to the login's page. */
async function look() {
  try {
    const answer = await fetch(new URL("vente/nyt", new URL("/portal/", location.href)), {
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
    if (answer.ok) {
      take(await answer.json());
    } else if (answer.type === "opaqueredirect" || answer.status === 403) {
      location.reload();
    }
  } catch {
    // The connection or the hub is away for a moment: the socket's state says so, and the next look tells.
  }
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, LOOK);
}

// --- How late it gets ---

const host = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (document.getElementById("delay-host"));

function showDelay() {
  if (host) {
    view.delay(news.delays[host.value] ?? 0);
  }
}

host?.addEventListener("change", showDelay);
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-delay]"))) {
  button.addEventListener("click", async () => {
    const minutes = button.dataset["delay"] ?? "0";
    const done = await post(new URL("vente/forsinket", new URL("/portal/", location.href)).href, { host: host?.value ?? "", minutes });
    if (done.ok && host) {
      news.delays[host.value] = Number(minutes);
      showDelay();
      if (button.hidden) {
        part("delay-said").closest("section")?.querySelector("button")?.focus();
      }
    } else {
      part("delay-said").textContent = done.message || texts["failed"];
    }
  });
}

// --- Sound, and a word outside the window ---

const sound = part("desk-sound");

function showSound() {
  const on = localStorage.getItem(SOUND) !== null;
  label(sound, on ? texts["soundOff"] : texts["soundOn"]);
  sound.hidden = false;
}

sound.addEventListener("click", () => {
  if (localStorage.getItem(SOUND) === null) {
    localStorage.setItem(SOUND, "on");
    void play("arrived");
  } else {
    localStorage.removeItem(SOUND);
  }
  showSound();
});
document.addEventListener("pointerdown", () => void unlock(), { once: true });

const notify = part("desk-notify");

function showNotify() {
  notify.hidden = !outside || !("Notification" in window) || Notification.permission !== "default";
}

notify.addEventListener("click", async () => {
  await Notification.requestPermission();
  showNotify();
});

part("desk-next").addEventListener("click", () => {
  const { next } = room;
  if (next) {
    void letIn(next);
  }
});

showSound();
showNotify();
take(news);
line.open();
setTimeout(keepLooking, LOOK);
setInterval(show, COUNT);
window.addEventListener("online", () => line.open());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    line.open();
    void look();
  }
});
// Found again by the back button: as it was, and with a socket that is gone.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
