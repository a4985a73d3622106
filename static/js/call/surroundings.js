/**
 * What a session is given: the server's page data, and everything of the browser that it uses. Types only.
 */

/**
 * @typedef {object} PageData as the server's `room` view hands it over
 * @property {"waiting" | "admitted" | "refused" | "left" | null} state of the seat
 * @property {string | null} closesAt
 * @property {string | null} endsAt
 * @property {string} code
 * @property {boolean} hasSeat
 * @property {boolean} seatConnectedElsewhere
 * @property {boolean} isHost
 * @property {boolean} mayHost
 * @property {string | null} [userName] how a host is shown
 * @property {boolean} [startsMuted] the booking wants the microphone off when the call begins
 * @property {boolean} [mayPresent] false: the booking lets hosts alone share their screen
 * @property {string | null} [via]
 * @property {string} [pushKey] with which a browser asks to be rung; empty where the hub pushes to nobody
 * @property {{socket: string, knock: string, trouble: string, after: string, onTelephone?: string | null, move: string | null, next?: string | null, ringMe: string, worker: string}} urls
 *   `move`: in an app only
 */

/**
 * @typedef {object} Surroundings what a session needs of the browser
 * @property {PageData} data
 * @property {import("./texts.js").Texts} texts
 * @property {import("./view.js").View} view
 * @property {import("./devices.js").Devices} devices
 * @property {import("./call.js").MakeEngine} makeEngine
 * @property {(pin: string | null) => Promise<{ok: boolean, status: number, error?: string, message?: string}>} knock
 * @property {import("./tabs.js").Tabs} tabs
 * @property {(name: "arrived" | "admitted") => void} play
 * @property {(url: string) => void} goTo replaces the page
 * @property {() => void} reload
 * @property {string} socketUrl
 * @property {() => void} onCall the call has begun
 * @property {(error: unknown) => void} [onError] something of the call's connections went wrong, and is being mended
 * @property {import("./signalling.js").Options["Socket"]} [Socket]
 * @property {import("./signalling.js").Timers} [timers]
 */

export {};
