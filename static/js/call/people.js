/**
 * The others: who is there, as the page shows it and as a screen reader hears it. Knows no DOM.
 */

import { fill } from "../lib/page-data.js";
import { Roster } from "./roster.js";

/** @typedef {import("./protocol.js").Participant} Participant */

export class People {
  #roster = new Roster();

  /** @param {Pick<import("./surroundings.js").Surroundings, "view" | "texts" | "play">} surroundings */
  constructor(surroundings) {
    this.with = surroundings;
  }

  /** @returns {Participant[]} */
  get admitted() {
    return this.#roster.admitted;
  }

  /** @returns {Participant[]} */
  get waiting() {
    return this.#roster.waiting;
  }

  /** @param {Participant} participant somebody came, or something about them changed */
  put(participant) {
    const { view, texts, play } = this.with;
    const news = this.#roster.put(participant);
    const name = view.nameOf(participant);
    if (participant.state === "admitted") {
      view.putPerson(participant);
    } else {
      view.removePerson(participant.seat);
    }
    if (news.knocked) {
      play("arrived");
      view.announce(fill(texts.waits, { name }));
    } else if (news.joined) {
      view.announce(fill(texts.joined, { name }));
    } else if (news.shared) {
      view.announce(fill(texts.screenOf, { name }));
    } else if (news.muted !== undefined) {
      view.announce(fill(news.muted ? texts.muted : texts.unmuted, { name }));
    }
  }

  /**
   * A new list from the hub (see Roster); whom it does not name is taken off the page.
   *
   * @param {Participant[]} participants
   * @param {(seat: string) => boolean} keeps
   * @returns {string[]} the seats that are gone
   */
  replace(participants, keeps) {
    const gone = this.#roster.replace(participants, keeps);
    for (const seat of gone) {
      this.with.view.removePerson(seat);
    }
    return gone;
  }

  /** @param {string} seat whose socket is gone, while their media may go on */
  lose(seat) {
    this.#roster.lose(seat);
  }

  /** @param {string} seat @returns {boolean} whether only the media are left of them */
  isLost(seat) {
    return this.#roster.isLost(seat);
  }

  /** @param {string} seat */
  forget(seat) {
    const { view, texts } = this.with;
    const participant = this.#roster.remove(seat);
    view.removePerson(seat);
    if (participant?.state === "admitted") {
      view.announce(fill(texts.left, { name: view.nameOf(participant) }));
    }
  }

  /** The room is left behind. */
  clear() {
    for (const seat of this.#roster.clear()) {
      this.with.view.removePerson(seat);
    }
  }
}
