import assert from "node:assert/strict";
import { test } from "node:test";

import { inApp, recognise } from "../../../../static/js/call/arrival/browser.js";

const SAFARI_IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
const IPAD_AS_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
const WEB_VIEW_IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
const WEB_VIEW_ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A546B Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.86 Mobile Safari/537.36";

/** User agent, touch points, family, app, mobile. @type {ReadonlyArray<[string, string, number, string, string | null, boolean]>} */
const AGENTS = [
  ["Safari on an iPhone", SAFARI_IOS, 5, "safariIos", null, true],
  ["Safari on an iPad", "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1", 5, "safariIos", null, true],
  ["an iPad that asks for computer pages", IPAD_AS_MAC, 5, "safariIos", null, true],
  ["Safari on a Mac", IPAD_AS_MAC, 0, "safari", null, false],
  ["Chrome on an iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0.6723.90 Mobile/15E148 Safari/604.1", 5, "chromeIos", null, true],
  ["Edge on an iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/130.0.2849.68 Mobile/15E148 Safari/604.1", 5, "edgeMobile", null, true],
  ["Firefox on an iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/132.0 Mobile/15E148 Safari/605.1.15", 5, "other", null, true],
  ["Chrome on Android", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36", 5, "chromeAndroid", null, true],
  ["Chrome on an Android tablet", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36", 5, "chromeAndroid", null, true],
  ["Samsung Internet", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36", 5, "samsung", null, true],
  ["Firefox on Android", "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", 5, "firefoxAndroid", null, true],
  ["Edge on Android", "Mozilla/5.0 (Linux; Android 10; Pixel 3 XL) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.6723.102 Mobile Safari/537.36 EdgA/130.0.2849.80", 5, "edgeMobile", null, true],
  ["Chrome on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36", 0, "chrome", null, false],
  ["Chrome on a Windows tablet", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36", 10, "chrome", null, false],
  ["Chromium of a test", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36", 0, "chrome", null, false],
  ["Edge on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0", 0, "edge", null, false],
  ["Firefox on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", 0, "firefox", null, false],
  ["Firefox on a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0", 0, "firefox", null, false],
  ["Firefox ESR on Debian", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", 0, "firefox", null, false],
  ["Facebook on an iPhone", `${WEB_VIEW_IOS} [FBAN/FBIOS;FBAV/489.0.0.43.99;FBBV/655;FBDV/iPhone15,2]`, 5, "safariIos", "facebook", true],
  ["Facebook on Android", `${WEB_VIEW_ANDROID} [FB_IAB/FB4A;FBAV/489.0.0.66.79;]`, 5, "chromeAndroid", "facebook", true],
  ["Messenger on an iPhone", `${WEB_VIEW_IOS} [FBAN/MessengerForiOS;FBAV/480.1]`, 5, "safariIos", "facebook", true],
  ["Instagram on Android", `${WEB_VIEW_ANDROID} Instagram 356.0.0.41.101 Android`, 5, "chromeAndroid", "instagram", true],
  ["Teams on Android", `${WEB_VIEW_ANDROID} TeamsMobile-Android/1416`, 5, "chromeAndroid", "other", true],
  ["Teams on a computer", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/24.1 Chrome/120.0.0.0 Electron/28.0 Safari/537.36", 0, "chrome", "teams", false],
  ["the Google app on an iPhone, which opens Gmail's links", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/340.3 Mobile/15E148 Safari/604.1", 5, "safariIos", "mail", true],
  ["Outlook's own view", `${WEB_VIEW_IOS} Outlook-iOS/2.0`, 5, "safariIos", "mail", true],
  ["Min Læge on an iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MinLaege/5.2", 5, "safariIos", "minlaege", true],
  ["an app that says no more on an iPhone", WEB_VIEW_IOS, 5, "safariIos", "other", true],
  ["an app that says no more on Android", WEB_VIEW_ANDROID, 5, "chromeAndroid", "other", true],
  ["something else", "curl/8.0", 0, "other", null, false],
];

for (const [name, agent, touches, family, app, mobile] of AGENTS) {
  test(`${name} is known`, () => {
    assert.deepEqual(recognise(agent, touches), { family, app, mobile });
  });
}

test("an app is known by itself, or by the link", () => {
  assert.equal(inApp(recognise(SAFARI_IOS), null), false);
  assert.equal(inApp(recognise(SAFARI_IOS), ""), false);
  assert.equal(inApp(recognise(SAFARI_IOS), "minlaege"), true);
  assert.equal(inApp(recognise(WEB_VIEW_ANDROID), null), true);
});
