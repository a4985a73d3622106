/**
 * The door, until the room's own script is there: the page asks for the name at once, and what is pressed meanwhile is
 * kept for that script (call/view/arrival.js). Small, since everybody waits for it.
 */

import "../lib/shell.js";

const form = document.getElementById("knock-form");
const button = document.getElementById("knock-button");
const arrival = document.getElementById("screen-arrival");

/** @param {string} what is to be done once the room's script is there */
function keep(what) {
  if (form) {
    form.dataset["early"] = `${form.dataset["early"] ?? ""} ${what}`.trim();
  }
}

if (form && button && arrival && !arrival.hidden && !form.dataset["ready"]) {
  button.removeAttribute("disabled");
  form.addEventListener("submit", (event) => {
    if (!form.dataset["ready"]) {
      event.preventDefault();
      button.setAttribute("disabled", "");
      keep("knock");
    }
  });
  document.getElementById("open-devices")?.addEventListener("click", () => {
    if (!form.dataset["ready"]) {
      keep("devices");
    }
  });
  if (document.activeElement === document.body) {
    // Whoever listens to the page hears first where they are; whoever types already is left alone.
    /** @type {HTMLElement | null} */ (arrival.querySelector("[data-heading]"))?.focus();
  }
}

/** Fetches the room's own script, which keeps the browser busy for a while: the question is on the screen before. */
function goOn() {
  const source = document.getElementById("door-script")?.dataset["then"];
  if (source) {
    const script = document.createElement("script");
    script.type = "module";
    script.src = source;
    document.head.append(script);
  }
}

if (document.hidden) {
  goOn();
} else {
  // The first frame is drawn between the two.
  requestAnimationFrame(() => setTimeout(goOn));
}
