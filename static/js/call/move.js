/**
 * Going on in another browser with the same seat: what stands behind the # of the link. Knows no DOM.
 */

const MARK = "#flyt=";

/**
 * The secret in the page's address, which is taken out of the address at once: whoever copies or keeps the address
 * afterwards has the room's own link, and nothing that opens a seat.
 *
 * @param {Pick<Location, "hash" | "pathname" | "search">} location
 * @param {Pick<History, "state" | "replaceState">} history
 * @returns {string | null}
 */
export function takeSecret(location, history) {
  if (!location.hash.startsWith(MARK)) {
    return null;
  }
  const secret = location.hash.slice(MARK.length);
  history.replaceState(history.state, "", `${location.pathname}${location.search}`);
  return secret || null;
}

/**
 * The secret of a QR code for handing a call over, likewise taken out of the address.
 *
 * @param {Pick<Location, "hash" | "pathname" | "search">} location
 * @param {Pick<History, "state" | "replaceState">} history
 * @returns {string | null}
 */
export function takeHandover(location, history) {
  const secret = location.hash.slice(1);
  if (secret) {
    history.replaceState(history.state, "", `${location.pathname}${location.search}`);
  }
  return secret || null;
}
