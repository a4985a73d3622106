/**
 * What the booking asks of a guest: to begin with the microphone off. Only the guest switches it on. Knows no DOM.
 */

export class Asked {
  /** Whether a microphone that comes up in the call is to be switched off. */
  #due;
  #calling = false;

  /** @param {import("./parts.js").PartOptions} options */
  constructor(options) {
    this.options = options;
    this.#due = options.data.startsMuted ?? false;
  }

  /** @param {import("./call.js").Call | null} call */
  call(call) {
    this.#calling = call !== null;
    this.localChanged();
  }

  localChanged() {
    const { local, view, texts } = this.options;
    if (this.#due && this.#calling && local.state.microphone) {
      this.#due = false;
      void local.toggleMicrophone();
      view.notice(texts.startsMuted, "warning", { brief: true });
    }
  }
}
