/**
 * The hub holds as many calls as it can, and this one could not begin: who waits, and who is in, reads what to do until
 * it begins after all. A part of the session (parts.js). Knows no DOM.
 */

/**
 * @typedef {object} NoPlaceOptions
 * @property {Pick<import("./view.js").View, "notice" | "withdraw" | "announce">} view
 * @property {{noPlace: (text: string) => void, phone: (shown: boolean) => void}} screen the waiting room's
 */

export class NoPlace {
  #said = "";
  #waits = false;
  /** One's own seat. */ #seat = "";

  /** @param {NoPlaceOptions} options */
  constructor(options) {
    this.with = options;
  }

  /** @param {import("./parts.js").Participant} you */
  welcomed(you) {
    if (this.#waits && you.state !== "waiting") {
      this.#over();
    }
    this.#waits = you.state === "waiting";
    this.#seat = you.seat;
  }

  /** @param {import("./protocol.js").ServerMessage} message @returns {boolean} */
  message(message) {
    if (message.type !== "no-place") {
      return false;
    }
    this.say(message.text);
    return true;
  }

  /** @param {string} text also the answer to whoever let somebody in */
  say(text) {
    const { view, screen } = this.with;
    const again = text === this.#said;
    this.#said = text;
    if (this.#waits) {
      screen.noPlace(text);
      screen.phone(true);
      view.announce(text);
    } else {
      view.notice(text, "warning", { quiet: again });
    }
  }

  /** Somebody is in beside this seat. @param {import("./parts.js").Participant} participant */
  participant(participant) {
    if (participant.seat !== this.#seat && participant.state === "admitted" && participant.connected) {
      this.#over();
    }
  }

  /** @param {unknown} call */
  call(call) {
    if (call) {
      this.#waits = false;
      this.#over();
    }
  }

  ended() {
    this.#over();
    this.#waits = false;
  }

  #over() {
    if (this.#said) {
      this.with.screen.noPlace("");
      this.with.view.withdraw(this.#said);
      this.#said = "";
    }
  }
}
