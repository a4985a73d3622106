/** What names a fault and what helps against it, made and put together for the page. */

import { Trouble } from "../trouble/trouble.js";
import { canCall } from "../trouble/browser.js";
import { part } from "../view/dom.js";
import { HEARD } from "../view/equipment.js";
import { RescueBox } from "../view/rescue.js";
import { Rescue } from "./rescue.js";

/**
 * @param {string} id of an element of another part
 * @param {() => void} shown what to do whenever it comes into sight
 * @param {() => void} [gone]
 */
function whenShown(id, shown, gone) {
  const element = part(id);
  new MutationObserver(() => (element.hidden ? gone?.() : shown())).observe(element, { attributeFilter: ["hidden"] });
}

/**
 * @param {import("../session.js").Session} session
 * @param {{reload: () => void}} page
 */
export function addRescueParts(session, { reload }) {
  const options = session.forParts;
  const { data, view } = options;

  const token = document.querySelector("#knock-form [name=csrfmiddlewaretoken]");
  const trouble = new Trouble(options, {
    agent: navigator.userAgent,
    inApp: data.urls.move !== null,
    beacon: (what, detail) => {
      const form = new FormData();
      form.set("csrfmiddlewaretoken", token instanceof HTMLInputElement ? token.value : "");
      form.set("what", what);
      form.set("detail", detail);
      navigator.sendBeacon(data.urls.trouble, form);
    },
  });
  session.add(trouble);

  const box = new RescueBox({
    again: () => {
      trouble.tell("tried_again");
      reload();
    },
    telephone: () => rescue.telephone(),
    announce: (text) => view.announce(text),
  });
  const rescue = new Rescue(options, box);
  session.add(rescue);

  window.addEventListener("offline", () => trouble.offline());
  document.addEventListener("visibilitychange", () => trouble.visible(!document.hidden));
  whenShown("play-sound", () => trouble.tell("speaker_blocked", trouble.browser), () => trouble.tell("speaker_works"));
  whenShown("mic-silent", () => trouble.tell("microphone_silent", trouble.browser));
  part("mic-silent").addEventListener(HEARD, () => trouble.tell("microphone_works"));
  part("rescue-open").hidden = false;
  if (!canCall(window)) {
    trouble.tell("too_old_browser", trouble.browser);
    box.offer("old");
  }
}
