/**
 * Out of an app and into the browser, where the page recognises that it stands in one: the short link, and the code to
 * type. It stays out of the way as long as the app lets the page have camera and microphone.
 */

/**
 * Shows the way where the page has one to show.
 *
 * @param {boolean} inApp
 */
export function showWayOut(inApp) {
  const way = document.getElementById("way-out");
  if (way) {
    way.hidden = !inApp;
  }
}

/** The app gives the page no camera or microphone: the way stands open. */
export function openWayOut() {
  const way = document.getElementById("way-out");
  if (way instanceof HTMLDetailsElement && !way.hidden) {
    way.open = true;
  }
}
