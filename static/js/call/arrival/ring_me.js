/**
 * "Ring mig op, når lægen er klar": the page may go to the background, and where the browser takes pushes it is woken.
 * Without them the page itself rings, as long as it is open. Knows no DOM.
 */

/** How far it reaches. `page`: while the page is open; `push`: also while it sleeps. @typedef {"off" | "page" | "push"} Reach */

/**
 * What it needs of the browser; each is left out where the browser has none.
 *
 * @typedef {object} RingMeBrowser
 * @property {{permission: NotificationPermission, requestPermission: () => Promise<NotificationPermission>}} [notification]
 * @property {{register: (url: string, options: {scope: string}) => Promise<any>, ready: Promise<any>, getRegistration: (scope: string) => Promise<any>}} [workers]
 */

/**
 * @typedef {object} RingMeOptions
 * @property {RingMeBrowser} browser
 * @property {string} key the hub's public key; empty where it pushes to nobody
 * @property {string} worker address of the worker's script
 * @property {(subscription: unknown) => Promise<{ok: boolean}>} tell the hub; null takes it back
 * @property {(reach: Reach) => void} show
 * @property {(on: boolean) => void} keep whether this is on, for the same page loaded anew
 */

/** The worker reaches the rooms' pages alone. */
const SCOPE = "/m/";

export class RingMe {
  /** @type {Reach} */ reach = "off";
  /** Counts the changes of mind, so that an answer that comes late changes nothing. */
  #turn = 0;

  /** @param {RingMeOptions} options */
  constructor(options) {
    this.with = options;
  }

  /**
   * The person wants to be rung. To be called from their tap: browsers ask for permission only then.
   *
   * @param {{quietly?: boolean}} [options] `quietly`: asked before, and the person is not asked again
   */
  async ask({ quietly = false } = {}) {
    const turn = ++this.#turn;
    this.#is("page");
    this.with.keep(true);
    const subscription = await this.#subscribe(quietly);
    if (subscription && turn !== this.#turn && this.reach === "off") {
      await this.#unsubscribe();
    }
    if (!subscription || turn !== this.#turn) {
      return;
    }
    const { ok } = await this.with.tell(subscription.toJSON());
    if (turn !== this.#turn) {
      await this.with.tell(null);
    } else if (ok) {
      this.#is("push");
    }
  }

  /** The person has thought better of it. */
  async takeBack() {
    const pushed = this.reach === "push";
    this.over();
    if (pushed) {
      await this.with.tell(null);
    }
  }

  /** Nobody waits any more; the hub has forgotten by itself. */
  over() {
    this.#turn += 1;
    if (this.reach !== "off") {
      this.with.keep(false);
      this.#is("off");
      void this.#unsubscribe();
    }
  }

  /** Shows a notification from the page itself, where that is allowed. @param {string} title @param {string} body */
  async notify(title, body) {
    const { notification, workers } = this.with.browser;
    if (notification?.permission !== "granted" || this.reach === "off") {
      return;
    }
    // The tag is the worker's: of two that come at once one stays.
    const registration = await workers?.getRegistration(SCOPE);
    await registration?.showNotification(title, { body, tag: "vdx-ring", data: { path: globalThis.location?.pathname } });
  }

  /** @param {boolean} quietly @returns {Promise<any>} the browser's PushSubscription; nothing where it gives none */
  async #subscribe(quietly) {
    const { notification, workers } = this.with.browser;
    if (!notification || !workers || !this.with.key) {
      return null;
    }
    try {
      const permission =
        notification.permission === "default" && !quietly ? await notification.requestPermission() : notification.permission;
      if (permission !== "granted") {
        return null;
      }
      await workers.register(this.with.worker, { scope: SCOPE });
      const { pushManager } = await workers.ready;
      return (await pushManager?.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(this.with.key) })) ?? null;
    } catch {
      // No push service, an older key, a private window: the page rings by itself.
      return null;
    }
  }

  async #unsubscribe() {
    try {
      const registration = await this.with.browser.workers?.getRegistration(SCOPE);
      await (await registration?.pushManager?.getSubscription())?.unsubscribe();
    } catch {
      // The browser has let go of it already; the hub has erased its own.
    }
  }

  /** @param {Reach} reach */
  #is(reach) {
    this.reach = reach;
    this.with.show(reach);
  }
}

/** @param {string} text base64url @returns {Uint8Array} */
export function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
