/**
 * Which browser the page is in, as coarsely as a person needs to be told where its settings are, and whether it is an
 * app's own little browser. Looked at here and told to nobody.
 */

/** @typedef {"chrome" | "chromeAndroid" | "chromeIos" | "edge" | "edgeMobile" | "firefox" | "firefoxAndroid" | "safari" | "safariIos" | "samsung" | "other"} Family */
/** An app with a web view of its own. @typedef {"facebook" | "instagram" | "mail" | "minlaege" | "teams" | "other"} App */

/**
 * @typedef {object} Browser
 * @property {Family} family
 * @property {App | null} app
 * @property {boolean} mobile a telephone or a tablet: its pages sleep in the background
 */

/** The first that fits. @type {ReadonlyArray<[App, RegExp]>} */
const APPS = [
  ["minlaege", /MinL(ae|æ)ge/i],
  ["instagram", /\bInstagram\b/],
  ["facebook", /\bFB_IAB\b|\bFBA[NV]\b|\bMessenger/],
  ["teams", /\bTeams(Mobile)?\//],
  ["mail", /\b(GSA|Gmail|Outlook|YMail|YahooMobile|ProtonMail|Spark)\b/i],
  ["other", /\b(Line|LinkedInApp|Snapchat|TikTok|musical_ly|WhatsApp|Twitter|Viber)\b/i],
  // Android's web view says so; an iPhone's leaves out what Safari says of itself.
  ["other", /; wv\)/],
  ["other", /\b(iPhone|iPad|iPod)\b(?!.*\b(Safari|CriOS|FxiOS|EdgiOS|OPiOS|DuckDuckGo)\b).*AppleWebKit/],
];

/** The first that fits: Edge and Samsung call themselves Chrome, and all call themselves Safari. @type {ReadonlyArray<[Family, RegExp]>} */
const FAMILIES = [
  ["edgeMobile", /\bEdg(A|iOS)\//],
  ["edge", /\bEdg\//],
  ["samsung", /\bSamsungBrowser\//],
  ["chromeIos", /\bCriOS\//],
  ["other", /\b(FxiOS|OPiOS|DuckDuckGo)\b/],
  ["firefoxAndroid", /\bAndroid\b.*\bFirefox\//],
  ["firefox", /\bFirefox\//],
  ["safariIos", /\b(iPhone|iPad|iPod)\b/],
  ["chromeAndroid", /\bAndroid\b.*\bChrome\//],
  ["chrome", /\b(Headless)?Chrome\//],
  ["safari", /\bMacintosh\b.*\bSafari\//],
];

/**
 * @param {string} userAgent
 * @param {number} [touchPoints] `navigator.maxTouchPoints`: an iPad that asks for computer pages says that it is a Mac
 * @returns {Browser}
 */
export function recognise(userAgent, touchPoints = 0) {
  const tablet = /\bMacintosh\b/.test(userAgent) && touchPoints > 1;
  const found = FAMILIES.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? "other";
  return {
    family: tablet && found === "safari" ? "safariIos" : found,
    app: APPS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? null,
    mobile: tablet || /\b(Android|iPhone|iPad|iPod|Mobile)\b/.test(userAgent),
  };
}

/** Whether the page stands in an app, be it that only the link said so. @param {Browser} browser @param {string | null | undefined} via */
export const inApp = (browser, via) => browser.app !== null || Boolean(via);
