/**
 * Puts the waiting room together: the doctor's whereabouts, the ring, the way out of an app, and the permissions that
 * the person gives in the browser's own settings. Called once by the room's page.
 */

import { play, unlock } from "../../lib/sound.js";
import { NoPlace } from "../no_place.js";
import { WaitingView } from "../view/waiting.js";
import { showWayOut } from "../view/way_out.js";
import { inApp, recognise } from "./browser.js";
import { RingMe } from "./ring_me.js";
import { Ringing } from "./ringing.js";
import { Waiting } from "./waiting.js";

/**
 * @param {import("../session.js").Session} session
 * @param {(url: string, body: Record<string, unknown>) => Promise<{ok: boolean}>} ask the hub, by a POST
 */
export function addArrival(session, ask) {
  const { data, texts, view, devices } = session.with;
  const browser = recognise(navigator.userAgent, navigator.maxTouchPoints);
  /** Whether this tab has asked to be rung, for the same page loaded anew. */
  const asked = `ring-me:${data.code}`;
  const screen = new WaitingView(
    texts,
    {
      here: () => ringing.stop(),
      ringMe: () => {
        void unlock();
        void (ringMe.reach === "off" ? ringMe.ask() : ringMe.takeBack());
      },
    },
    browser,
  );
  const ringMe = new RingMe({
    browser: {
      ...("Notification" in window && { notification: Notification }),
      ...("PushManager" in window && navigator.serviceWorker && { workers: navigator.serviceWorker }),
    },
    key: data.pushKey ?? "",
    worker: data.urls.worker,
    tell: (subscription) => ask(data.urls.ringMe, { subscription }),
    show: (reach) => screen.ringMe(reach),
    keep: (on) => (on ? sessionStorage.setItem(asked, "1") : sessionStorage.removeItem(asked)),
  });
  const ringing = new Ringing({
    sound: () => {
      void play("ring");
      navigator.vibrate?.([400, 200, 400]);
    },
    show: (shown) => screen.ringing(shown),
    title: (title) => screen.title(title),
    notify: (title, body) => void (document.hidden && ringMe.notify(title, body)),
    texts,
    timers: session.timers,
  });
  // "Jeg er her" pressed on the notification.
  navigator.serviceWorker?.addEventListener("message", ({ data: said }) => {
    if (said?.type === "ring-answered") {
      ringing.stop();
    }
  });
  session.add(
    new Waiting({
      texts,
      timers: session.timers,
      announce: (text) => view.announce(text),
      screen,
      ringing,
      ringMe,
      chime: () => void play("message"),
      now: () => Date.now(),
    }),
  );
  session.add(new NoPlace({ view, screen }));
  if (data.state === "waiting" && sessionStorage.getItem(asked)) {
    void ringMe.ask({ quietly: true });
  }
  showWayOut(inApp(browser, data.via) || data.urls.move !== null);
  void devices.onAllowed(async () => {
    if (Object.values(session.local.problems).includes("refused")) {
      await session.local.mend();
      await session.listDevices();
    }
  });
}
