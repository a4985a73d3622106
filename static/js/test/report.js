/** Hands what was measured to the hub: the newest of it, one at a time, again and again until the hub has it. */

/** Milliseconds before the further tries. */
export const AGAIN = Object.freeze([1500, 4000, 10_000, 30_000]);

/** @typedef {{code: string}} Answer */

export class Report {
  /** @type {unknown} */ #newest = null;
  #sending = false;
  #tries = 0;
  /** @type {any} */ #timer = null;

  /**
   * @param {(body: unknown) => Promise<{ok: boolean, status: number, code?: string}>} post
   * @param {(code: string | null) => void} onCode the code under which the hub has it; nothing while it has not
   * @param {import("../call/signalling.js").Timers} timers
   */
  constructor(post, onCode, timers) {
    this.post = post;
    this.onCode = onCode;
    this.timers = timers;
  }

  /** @param {unknown} body whatever was to be sent before is old now */
  send(body) {
    this.#newest = body;
    this.#tries = 0;
    void this.#go();
  }

  /** The network is back. */
  wake() {
    if (this.#newest !== null) {
      this.#tries = 0;
      void this.#go();
    }
  }

  async #go() {
    this.timers.clear(this.#timer);
    if (this.#sending || this.#newest === null) {
      return;
    }
    this.#sending = true;
    const body = this.#newest;
    const answer = await this.post(body);
    this.#sending = false;
    // What the hub will not have, it will not have the next time either.
    const final = answer.ok || (answer.status >= 400 && answer.status < 500 && answer.status !== 429);
    if (this.#newest !== body) {
      void this.#go();
      return;
    }
    if (final) {
      this.#newest = null;
    } else {
      const wait = AGAIN[this.#tries];
      this.#tries += 1;
      if (wait !== undefined) {
        this.#timer = this.timers.set(() => void this.#go(), wait);
      }
    }
    this.onCode(answer.ok && answer.code ? answer.code : null);
  }
}
