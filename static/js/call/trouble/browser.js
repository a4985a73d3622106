/** Coarse words for browsers, and what they can; the hub takes no others (rooms/rules/trouble.py). */

/**
 * @param {string} agent the browser's user agent
 * @param {boolean} inApp whether the page stands in an app
 * @returns {"app" | "samsung" | "edge" | "firefox" | "chrome" | "safari" | "other"}
 */
export function family(agent, inApp = false) {
  if (inApp) {
    return "app";
  }
  if (agent.includes("SamsungBrowser")) {
    return "samsung";
  }
  if (/Edg(e|A|iOS)?\//.test(agent)) {
    return "edge";
  }
  if (/Firefox\/|FxiOS\//.test(agent)) {
    return "firefox";
  }
  if (/Chrome\/|CriOS\//.test(agent)) {
    return "chrome";
  }
  return agent.includes("Safari/") ? "safari" : "other";
}

/**
 * @param {{RTCPeerConnection?: unknown, WebSocket?: unknown}} scope
 * @returns {boolean} whether the browser can hold a video call at all
 */
export const canCall = (scope) => typeof scope.RTCPeerConnection === "function" && typeof scope.WebSocket === "function";
