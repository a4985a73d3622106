/**
 * Whether this browser has the room open in another tab or window.
 *
 * Tabs share a lock; the hub's own word is taken where the browser has no locks. A reload never asks: the page that
 * held the lock is gone.
 */
export class Tabs {
  /** @type {(() => void) | null} */ #letGo = null;

  /**
   * @param {string} code of the room
   * @param {LockManager | undefined} locks `navigator.locks`
   * @param {boolean} reloaded
   */
  constructor(code, locks, reloaded) {
    this.name = `vdx-room-${code}`;
    this.locks = locks;
    this.reloaded = reloaded;
  }

  /**
   * @param {boolean} told what the hub says
   * @returns {Promise<boolean>}
   */
  async elsewhere(told) {
    if (this.reloaded) {
      return false;
    }
    if (!this.locks) {
      return told;
    }
    try {
      return await this.locks.request(this.name, { ifAvailable: true }, async (lock) => lock === null);
    } catch {
      // AbortError: another tab took it at this very moment. SecurityError: a page in an app that may have no locks.
      return told;
    }
  }

  /**
   * Takes the room for this tab, from another one if need be.
   *
   * @param {() => void} onTaken called when another tab takes it
   */
  hold(onTaken) {
    this.release();
    let mine = true;
    const held = new Promise((resolve) => {
      this.#letGo = () => {
        mine = false;
        resolve(undefined);
      };
    });
    this.locks?.request(this.name, { steal: true }, () => held).catch((error) => {
      // AbortError: another tab has taken it over. Anything else: no locks on this page, and the hub decides alone.
      if (mine && error instanceof Error && error.name === "AbortError") {
        onTaken();
      }
    });
  }

  release() {
    this.#letGo?.();
    this.#letGo = null;
  }
}
