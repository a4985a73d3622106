/**
 * Addresses that may be sent to a patient, and how they are shown.
 */

/** The longest that the hub takes. */
export const LONGEST = 2000;

/** Why an address is not sent. @typedef {"missing" | "notHttps" | "hidden" | "broken" | "long"} LinkProblem */
/** @typedef {{href: string, before: string, host: string, after: string}} Link `host` is shown in bold between the others */

/** What may stand in an address as it is (RFC 3986, 2.2 and 2.3). */
const STRANGE = /[^A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]/g;

/**
 * @param {string} typed
 * @returns {Link | LinkProblem}
 */
export function checkedLink(typed) {
  const text = typed.trim();
  if (!text) {
    return "missing";
  }
  const bare = !/^[a-z][a-z0-9+.-]*:/i.test(text) && /^[^\s/]+\.[^\s/]+/.test(text);
  let url;
  try {
    url = new URL(bare ? `https://${text}` : text);
  } catch {
    return /^https:/i.test(text) || !/^[a-z][a-z0-9+.-]*:/i.test(text) ? "broken" : "notHttps";
  }
  if (url.protocol !== "https:") {
    return "notHttps";
  }
  if (url.username || url.password) {
    // What stands before an @ is easily taken for the place that the address leads to.
    return "hidden";
  }
  if (!url.hostname.includes(".")) {
    return "broken";
  }
  const href = url.href.replace(STRANGE, encodeURIComponent);
  if (href.length > LONGEST) {
    return "long";
  }
  const before = "https://";
  return { href, before, host: url.hostname, after: href.slice(before.length + url.hostname.length) };
}
