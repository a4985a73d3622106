/**
 * Which of the page's texts fit: what stops a device in this very browser, and where the doctor is. Knows no DOM.
 */

import { fill } from "../../lib/page-data.js";

/** @typedef {import("../texts.js").Texts} Texts */

/**
 * Where the person gives back what was refused.
 *
 * @param {import("./refusal.js").Refusal} refusal
 * @param {import("./browser.js").Family} family
 * @param {Texts} texts
 * @returns {string}
 */
export function wayBack(refusal, family, texts) {
  if (refusal === "dismissed") {
    return texts.allowAsked;
  }
  if (refusal === "system") {
    return texts.allowSystem;
  }
  return {
    chrome: texts.allowChrome,
    chromeAndroid: texts.allowChromeAndroid,
    chromeIos: texts.allowChromeIos,
    edge: texts.allowEdge,
    edgeMobile: texts.allowEdgeMobile,
    firefox: texts.allowFirefox,
    firefoxAndroid: texts.allowFirefoxAndroid,
    safari: texts.allowSafari,
    safariIos: texts.allowSafariIos,
    samsung: texts.allowSamsung,
    other: texts.allowOther,
  }[family];
}

/**
 * Where the doctor is, in a line; `here`: in this room. A hub that does not say more says at least that.
 *
 * @param {{hostPresent: boolean, doctor?: "here" | "busy" | "away", delayMinutes?: number | null}} room
 * @param {Texts} texts
 * @returns {{here: boolean, line: string}}
 */
export function doctorLine(room, texts) {
  const doctor = room.doctor ?? (room.hostPresent ? "here" : "away");
  const late = room.delayMinutes ? fill(texts.hostLate, { n: room.delayMinutes }) : "";
  if (doctor === "here") {
    // In the room, and busy with something else all the same.
    return { here: true, line: late ? `${texts.hostPresent}. ${late}` : texts.hostPresent };
  }
  if (doctor === "busy") {
    return { here: false, line: late ? `${texts.hostBusy} ${late}` : texts.hostBusy };
  }
  return { here: false, line: late || texts.hostAbsent };
}
