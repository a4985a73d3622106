/**
 * Help at the moment of need: a button or link with `data-help="<topic>"` opens that topic of the page's help
 * (templates/help/_dialog.html) in a dialog, so that nobody leaves a call to read. `data-help=""` shows all topics.
 * Works for buttons that are made later, too. Where a page has no help of its own a link is simply followed.
 */

/** The first that fits. Edge and Samsung Internet call themselves Chrome, and Chrome calls itself Safari. */
const BROWSERS = /** @type {const} */ ([
  ["safari-ios", /iPhone|iPad|iPod/],
  ["samsung", /SamsungBrowser/],
  ["edge", /Edg(e|A)?\//],
  ["firefox", /Firefox\//],
  ["chrome-android", /Android.*Chrome\//],
  ["chrome", /Chrome\//],
  ["safari", /Safari\//],
]);

/**
 * Which browser's words help, by its user agent; every browser on an iPhone asks the telephone's own settings.
 *
 * @param {string} agent
 * @param {number} [touches] `navigator.maxTouchPoints`: an iPad says that it is a Mac, which has no touch screen
 * @returns {string} empty for a browser of which the help knows nothing
 */
export function browserOf(agent, touches = 0) {
  if (/Macintosh/.test(agent) && touches > 1 && /Safari\//.test(agent)) {
    return "safari-ios";
  }
  return BROWSERS.find(([, pattern]) => pattern.test(agent))?.[0] ?? "";
}

/**
 * Shows one topic, or all there are where the topic is empty or unknown.
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} topic
 */
export function showHelp(dialog, topic) {
  let heading = dialog.querySelector("#help-topics-heading");
  for (const section of /** @type {NodeListOf<HTMLElement>} */ (dialog.querySelectorAll("[data-help-topic]"))) {
    const chosen = section.dataset["helpTopic"] === topic;
    section.hidden = !chosen;
    if (chosen) {
      heading = section.querySelector(".help__heading");
    }
  }
  for (const choice of /** @type {NodeListOf<HTMLElement>} */ (dialog.querySelectorAll("[data-help]"))) {
    choice.hidden = choice.dataset["help"] === topic;
  }
  if (heading) {
    dialog.setAttribute("aria-labelledby", heading.id);
  }
  if (!dialog.open) {
    dialog.showModal();
  }
  dialog.scrollTop = 0;
  /** @type {HTMLElement | null} */ (heading)?.focus();
}

/**
 * Gives all buttons and links of a page their help.
 *
 * @param {Document} page
 * @param {{userAgent: string, maxTouchPoints: number}} browser
 */
export function enhanceHelp(page, browser) {
  const dialog = page.getElementById("help");
  if (!(dialog instanceof HTMLDialogElement)) {
    return;
  }
  const known = browserOf(browser.userAgent, browser.maxTouchPoints);
  const ways = /** @type {NodeListOf<HTMLElement>} */ (dialog.querySelectorAll("[data-browser]"));
  if ([...ways].some((way) => way.dataset["browser"] === known)) {
    for (const way of ways) {
      way.hidden = way.dataset["browser"] !== known;
    }
  }
  page.addEventListener("click", (event) => {
    const asked = event.target instanceof Element && event.target.closest("[data-help]");
    if (asked instanceof HTMLElement) {
      event.preventDefault();
      showHelp(dialog, asked.dataset["help"] ?? "");
    }
  });
}
