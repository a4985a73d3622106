/**
 * The other device of a handover: six digits, or the secret of the QR code behind the # of the address.
 */

import { claim } from "../call/claim.js";
import { takeHandover } from "../call/move.js";
import { realTimers } from "../call/signalling.js";
import { byId, part } from "../call/view/dom.js";
import { readData } from "../lib/page-data.js";

/** @type {{digits: string, noAnswer: string}} */
const texts = readData("handover-texts");
const form = byId("handover-form", HTMLFormElement);
const field = byId("handover-digits", HTMLInputElement);

/** @param {Record<string, string>} body @returns {Promise<import("../call/claim.js").Answer>} */
async function ask(body) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "",
      },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    return { ...answer, ok: response.ok, status: response.status };
  } catch {
    // No network, or an answer that is not the hub's.
    return { ok: false, status: 0 };
  }
}

/** @param {string} message */
function refuse(message) {
  form.hidden = false;
  part("handover-wait").hidden = true;
  part("handover-error-text").textContent = message;
  part("handover-error").hidden = false;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** @param {string} code */
async function take(code) {
  part("handover-error").hidden = true;
  field.removeAttribute("aria-invalid");
  form.querySelector("button")?.toggleAttribute("disabled", true);
  const waits = () => {
    form.hidden = true;
    part("handover-wait").hidden = false;
    part("handover-heading").focus();
  };
  const outcome = await claim({ ask, code, waits, timers: realTimers });
  form.querySelector("button")?.toggleAttribute("disabled", false);
  if ("address" in outcome) {
    location.replace(outcome.address);
  } else {
    refuse(outcome.refused || texts.noAnswer);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const digits = field.value.replace(/\D/g, "");
  if (digits.length === 6) {
    void take(digits);
  } else {
    refuse(texts.digits);
  }
});

const secret = takeHandover(location, history);
if (secret) {
  void take(secret);
}
