/**
 * Says that numbers are on their way, where the next page takes longer than a second.
 *
 *     <form method="get" data-counting>…</form>
 *     <p id="counting" role="status" data-text="Vi tæller …"></p>
 *
 * Without scripts the browser shows by itself that it is loading.
 */

/** Milliseconds after which somebody wonders whether anything happens. */
export const PATIENCE = 1000;

/**
 * @param {{textContent: string | null, dataset: Record<string, string | undefined>}} place
 * @param {{set: (then: () => void, after: number) => any, clear: (timer: any) => void}} timers
 * @returns {{begin: () => void, end: () => void}}
 */
export function counting(place, timers) {
  /** @type {any} */
  let timer = null;
  const end = () => {
    timers.clear(timer);
    timer = null;
    place.textContent = "";
  };
  const begin = () => {
    end();
    timer = timers.set(() => {
      place.textContent = place.dataset["text"] ?? "";
    }, PATIENCE);
  };
  return { begin, end };
}

/**
 * Whether a press on a link leads to another page in this window.
 *
 * @param {{defaultPrevented: boolean, button: number, metaKey: boolean, ctrlKey: boolean, shiftKey: boolean, altKey: boolean}} event
 * @param {{target: string, pathname: string, search: string, origin: string, hasAttribute: (name: string) => boolean}} link
 * @param {{pathname: string, search: string, origin: string}} here
 */
export function leadsOn(event, link, here) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return false;
  }
  if (link.hasAttribute("download") || (link.target !== "" && link.target !== "_self") || link.origin !== here.origin) {
    return false;
  }
  return link.pathname !== here.pathname || link.search !== here.search;
}
