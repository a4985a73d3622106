/**
 * The business case: sliders beside their number fields, and the sums worked out anew by the server while they move.
 * Without this script the fields and the button do the same.
 */

import { readData } from "../lib/page-data.js";

/** Milliseconds without a change after which the sums are asked for. */
export const PAUSE = 250;

/**
 * Asks for the sums once the fields have come to rest, and shows the newest answer alone.
 */
export class Sums {
  /** @type {any} */ #timer = null;
  /** @type {AbortController | null} */ #asking = null;

  /**
   * @param {object} options
   * @param {() => string} options.address of the sums as the fields stand
   * @param {(address: string, signal: AbortSignal) => Promise<string>} options.ask
   * @param {(page: string) => void} options.show
   * @param {(busy: boolean) => void} options.busy
   * @param {() => void} options.failed
   * @param {{set: (call: () => void, wait: number) => any, clear: (timer: any) => void}} [timers]
   */
  constructor(options, timers = { set: (call, wait) => setTimeout(call, wait), clear: (timer) => clearTimeout(timer) }) {
    this.options = options;
    this.timers = timers;
  }

  /** Something has changed. */
  changed() {
    this.timers.clear(this.#timer);
    this.#timer = this.timers.set(() => void this.#ask(), PAUSE);
  }

  async #ask() {
    const { address, ask, show, busy, failed } = this.options;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    busy(true);
    try {
      const page = await ask(address(), asking.signal);
      if (asking === this.#asking) {
        show(page);
      }
    } catch {
      // An older question was given up; of the newest one the person hears.
      if (asking === this.#asking) {
        failed();
      }
    }
    if (asking === this.#asking) {
      busy(false);
    }
  }
}

/** @param {HTMLFormElement} form */
function enhance(form) {
  const texts = readData("business-data");
  const place = /** @type {HTMLElement} */ (document.getElementById("sums"));
  const said = /** @type {HTMLElement} */ (document.getElementById("sums-said"));
  const failure = /** @type {HTMLElement} */ (document.getElementById("sums-failed"));

  const query = () => new URLSearchParams(/** @type {any} */ (new FormData(form))).toString();

  const sums = new Sums({
    address: () => `${form.dataset.sums?.replace(/\?.*$/, "")}?${query()}`,
    ask: async (address, signal) => {
      const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) {
        throw new Error(`the sums were refused with ${response.status}`);
      }
      return response.text();
    },
    show: (page) => {
      place.replaceChildren(...new DOMParser().parseFromString(page, "text/html").body.childNodes);
      said.textContent = place.querySelector("[data-said]")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
      failure.textContent = "";
      // What is printed or passed on is what is seen.
      history.replaceState(history.state, "", `${location.pathname}?${query()}`);
    },
    busy: (busy) => place.setAttribute("aria-busy", String(busy)),
    failed: () => {
      failure.textContent = texts.failed;
    },
  });

  for (const range of form.querySelectorAll("input[type=range]")) {
    if (!(range instanceof HTMLInputElement)) {
      continue;
    }
    const field = document.getElementById(range.dataset.for ?? "");
    if (!(field instanceof HTMLInputElement)) {
      continue;
    }
    range.hidden = false;
    range.addEventListener("input", () => {
      field.value = range.value;
      sums.changed();
    });
    field.addEventListener("input", () => {
      range.value = field.value;
      if (field.validity.valid && field.value !== "") {
        sums.changed();
      }
    });
  }
  const print = form.querySelector("[data-print]");
  if (print instanceof HTMLButtonElement) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
}

const form = globalThis.document?.querySelector("form[data-sums]");
if (form) {
  enhance(/** @type {HTMLFormElement} */ (form));
}
