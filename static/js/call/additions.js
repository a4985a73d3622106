/** The call's own parts, made and put together for the page. */

import { Asked } from "./asked.js";
import { Equipment } from "./equipment.js";
import { Handover } from "./handover.js";
import { LinkToPicture, openingOf } from "./link.js";
import { Mirror } from "./mirror.js";
import { Orders } from "./orders.js";
import { EquipmentPanel } from "./view/equipment.js";
import { HandoverDialog } from "./view/handover.js";
import { showOwn } from "./view/own.js";
import { PeoplePanel } from "./view/people.js";

/**
 * @param {import("./session.js").Session} session
 * @param {{unlock: () => Promise<unknown>, onOffer: () => void}} page `unlock`: lets sound play, inside a tap; `onOffer`: the seat may soon
 *   be another browser's
 */
export function addCallParts(session, { unlock, onOffer }) {
  const options = session.forParts;
  const { view, texts, local } = options;

  // First: nothing of a guest who begins silent is heard or measured.
  session.add(new Asked(options));
  session.add(new LinkToPicture(options, openingOf()));

  const people = new PeoplePanel(texts, (participant) => view.nameOf(participant), {
    lock: () => orders.toggleLock(),
    remove: (seat) => orders.remove(seat),
    mute: (seat) => orders.mute(seat),
  });
  const orders = new Orders(options, people);
  session.add(orders);

  const dialog = new HandoverDialog({ begin: () => handover.begin(), answer: (accept) => handover.answer(accept) });
  const handover = new Handover(options, dialog, { onOffer });
  session.add(handover);

  const own = showOwn(texts, (text) => view.announce(text));
  const line = (/** @type {string} */ seat, /** @type {import("./rating.js").Word | null} */ word) => {
    view.line(seat, word);
    people.line(seat, word);
  };
  session.add(new Mirror(options, { own, line }, { visible: () => !document.hidden }));

  const panel = new EquipmentPanel(texts, (text) => view.announce(text), {
    choose: (kind, id) => void local.choose(kind, id),
    retry: () => void equipment.retry(),
    dismiss: () => equipment.dismiss(),
    startAgain: () => {
      // All in the same tap, since a telephone lets pages play and listen only then.
      void unlock();
      view.playAll();
      void equipment.startAgain();
    },
    listDevices: () => void session.listDevices(),
  });
  const equipment = new Equipment(options, panel, { playsAll: () => view.playsAll() });
  session.add(equipment);
  for (const event of ["visibilitychange", "pageshow"]) {
    document.addEventListener(event, () => !document.hidden && equipment.inSight());
  }
}
