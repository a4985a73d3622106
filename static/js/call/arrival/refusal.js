/**
 * What kind of no it was. Only the first is asked again by pressing a button: the others are taken back in settings.
 */

/** @typedef {"dismissed" | "denied" | "system"} Refusal */

/**
 * @param {unknown} error as getUserMedia rejects
 * @param {ReadonlyArray<PermissionState | null>} states of what was asked for; null where the browser does not say
 * @returns {Refusal} `system`: the telephone's or computer's own settings do not let the browser
 */
export function refusalOf(error, states) {
  if (error instanceof Error && /system/i.test(error.message)) {
    return "system";
  }
  const asksAgain = states.length > 0 && states.every((state) => state === "prompt" || state === "granted");
  return asksAgain ? "dismissed" : "denied";
}
