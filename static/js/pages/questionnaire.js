/**
 * A page of the questionnaire: shows and hides questions as others are answered, and sends the page so that nothing
 * typed is lost where the connection is away. Without this script the server does the same between pages.
 */

import { readData } from "../lib/page-data.js";
import { apart, shown } from "../survey/rules.js";

/** Milliseconds after which the connection counts as gone. */
const PATIENCE = 15_000;

/** @type {{prefix: string, given: Record<string, import("../survey/rules.js").Answer>, questions: import("../survey/rules.js").Question[]}} */
const data = readData("survey-rules");
const form = /** @type {HTMLFormElement} */ (document.getElementById("survey-form"));
const offline = /** @type {HTMLElement} */ (document.getElementById("survey-offline"));

/** @param {string} variable */
const inputs = (variable) =>
  /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(`[name="${data.prefix}${variable}"]`)]);

/** @returns {Record<string, import("../survey/rules.js").Answer>} the codes and numbers on the page; no written words */
function answers() {
  /** @type {Record<string, import("../survey/rules.js").Answer>} */
  const found = {};
  for (const variable of data.questions.flatMap((question) => question.variables)) {
    const fields = inputs(variable);
    const several = fields[0]?.type === "checkbox";
    const codes = fields
      .filter((field) => (["radio", "checkbox"].includes(field.type) ? field.checked : /^\s*\d+\s*$/.test(field.value)))
      .map((field) => Number(field.value));
    const [code] = codes;
    if (code !== undefined) {
      found[variable] = several ? codes : code;
    }
  }
  return found;
}

function showAndHide() {
  const met = shown(data.questions, data.given, answers());
  for (const block of form.querySelectorAll("[data-question]")) {
    const question = /** @type {HTMLFieldSetElement} */ (block);
    const isMet = met.has(question.dataset["question"] ?? "");
    question.hidden = !isMet;
    // Who is disabled is not sent: the server keeps what it has of a question that was not on the screen.
    question.disabled = !isMet;
  }
}

/** @param {HTMLInputElement} field that was just checked */
function keepApart(field) {
  const variable = field.name.slice(data.prefix.length);
  const question = data.questions.find((one) => one.variables.includes(variable));
  if (!question || field.type !== "checkbox" || !field.checked) {
    return;
  }
  const boxes = inputs(variable);
  const chosen = boxes.filter((box) => box.checked).map((box) => Number(box.value));
  const stay = apart(chosen, Number(field.value), question.alone);
  for (const box of boxes) {
    box.checked = stay.includes(Number(box.value));
  }
}

/** @param {string} go the button: next or back */
async function send(go) {
  const body = new FormData(form);
  body.set("go", go);
  const answer = await fetch(location.pathname, {
    method: "POST",
    body,
    headers: { "X-Requested-With": "fetch" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status >= 500) {
    throw new Error(`The page was answered with ${answer.status}.`);
  }
  return answer;
}

/** @param {string} go next, back, or show: the page comes again as it stands, and nothing of it is kept */
function sendPlainly(go) {
  const button = document.createElement("input");
  button.type = "hidden";
  button.name = "go";
  button.value = go;
  form.append(button);
  form.submit();
}

function sayOffline() {
  offline.hidden = false;
  offline.scrollIntoView({ block: "center" });
}

let busy = false;

form.addEventListener("change", (event) => {
  keepApart(/** @type {HTMLInputElement} */ (event.target));
  showAndHide();
});
form.addEventListener("input", showAndHide);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) {
    return;
  }
  busy = true;
  offline.hidden = true;
  const go = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter)?.value ?? "next";
  try {
    const answer = await send(go);
    if (answer.ok && !answer.redirected && answer.headers.get("Content-Type")?.startsWith("application/json")) {
      location.assign((await answer.json()).next);
      // The next page may be this one again, with what the answers have brought up.
      busy = false;
      return;
    }
    // Something is to be put right: the server says what, on the page.
    sendPlainly(go);
  } catch {
    busy = false;
    sayOffline();
  }
});

// The language is changed on the way: what was typed goes along and stands there again, and no answer is kept by it.
for (const language of document.querySelectorAll("form.language")) {
  language.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { submitter } = /** @type {SubmitEvent} */ (event);
    const chosen = new FormData(/** @type {HTMLFormElement} */ (language));
    chosen.set("language", /** @type {HTMLButtonElement | null} */ (submitter)?.value ?? "");
    try {
      const answer = await fetch(/** @type {HTMLFormElement} */ (language).action, {
        method: "POST",
        body: chosen,
        // The cookie is all that is wanted, not the page in the other language.
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type !== "opaqueredirect") {
        throw new Error(`The change of language was answered with ${answer.status}.`);
      }
    } catch {
      sayOffline();
      return;
    }
    sendPlainly("show");
  });
}

showAndHide();
// Found again by the back button, the page may be older than what was sent since.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
