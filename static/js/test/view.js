/** What the test page shows; the one module that touches it. */

import { byId, make, part, play } from "../call/view/dom.js";
import { announce } from "../lib/announcer.js";
import { fill } from "../lib/page-data.js";

/** @typedef {Record<string, string>} Texts */
/** @typedef {import("./trial.js").Step} Step */
/** @typedef {import("./verdict.js").Measures} Measures */

const KINDS = /** @type {const} */ ({ ok: "success", sound_only: "warning", poor: "warning", failed: "error", unknown: "warning" });
/** What is shown of the numbers, and in what. */
const NUMBERS = /** @type {const} */ ([
  ["receivedKbps", "kbps"],
  ["framesPerSecond", "plain"],
  ["lossPercent", "percent"],
  ["rttMs", "milliseconds"],
  ["jitterMs", "milliseconds"],
]);
const WAYS = /** @type {const} */ (["turnUdp", "turnTcp", "turnTls"]);

export class TestView {
  #video = byId("picture", HTMLVideoElement);
  #meter = byId("level", HTMLMeterElement);
  #progress = byId("progress", HTMLProgressElement);
  #finished = false;
  /** @type {Set<Step>} */ #bad = new Set();
  #speakerTried = false;

  /**
   * @param {Texts} texts
   * @param {{practicePhone: string, isAdministrator: boolean}} data
   * @param {boolean} mayRecord
   */
  constructor(texts, data, mayRecord) {
    this.texts = texts;
    this.data = data;
    this.mayRecord = mayRecord;
  }

  begin() {
    part("steps").hidden = false;
    byId("start", HTMLButtonElement).hidden = true;
    announce(this.#text("started"));
    part("step-browser").scrollIntoView({ block: "start" });
  }

  /** @param {Step} step @param {"idle" | "running" | "ok" | "bad"} state @param {string} [word] */
  step(step, state, word) {
    const said = this.#text(`${step}_${word ?? state}`, state === "idle" || state === "running" ? state : `${step}_ok`);
    this.#mark(step, state);
    part(`state-${step}`).textContent = said;
    this.#bad[state === "bad" ? "add" : "delete"](step);
    if (state === "bad") {
      announce(said);
    }
    if (step === "turn") {
      part("step-turn").hidden = state === "idle" || state === "running" || (word === "none" && !this.data.isAdministrator);
    }
    if (step === "loop") {
      part("progress-row").hidden = state !== "running";
      part("numbers").hidden = true;
      this.#progress.value = 0;
    }
    this.#offerAgain();
  }

  /** @param {{microphone: MediaStreamTrack | null, camera: MediaStreamTrack | null}} tracks */
  devices({ microphone, camera }) {
    part("picture-row").hidden = camera === null;
    this.#video.srcObject = camera ? new MediaStream([camera]) : null;
    if (camera) {
      void play(this.#video);
    }
    part("level-row").hidden = microphone === null;
    part("record-row").hidden = microphone === null || !this.mayRecord;
    part("record-state").textContent = "";
  }

  /** @param {number} level */
  level(level) {
    this.#meter.value = level;
  }

  /** @param {number} share */
  progress(share) {
    this.#progress.value = share;
  }

  /** @param {Measures} measures */
  numbers(measures) {
    const rows = NUMBERS.flatMap(([name, unit]) => {
      const value = measures[name];
      if (value === undefined) {
        return [];
      }
      const language = document.documentElement.lang;
      const shown =
        unit === "percent"
          ? (value / 100).toLocaleString(language, { style: "percent", maximumFractionDigits: 1 })
          : fill(this.#text(unit), { value: value.toLocaleString(language) });
      return [make("dt", "", this.#text(name)), make("dd", "", shown)];
    });
    part("numbers").replaceChildren(...rows);
    part("numbers").hidden = rows.length === 0;
    const word = { ok: "wayOk", failed: "wayFailed", none: "wayNone" };
    part("turn-list").replaceChildren(
      ...WAYS.flatMap((name) => {
        const way = measures[name];
        const isShown = way !== undefined && (way !== "none" || this.data.isAdministrator);
        return isShown ? [make("li", "", fill(this.#text(name), { state: this.#text(word[way]) }))] : [];
      }),
    );
  }

  /** @param {import("./verdict.js").Judgement | null} judgement */
  verdict(judgement) {
    this.#finished = judgement !== null;
    part("afterwards").hidden = judgement === null;
    this.#offerAgain();
    if (!judgement) {
      part("verdict").replaceChildren();
      return;
    }
    const { verdict, reason } = judgement;
    const body = make("div", "alert-body");
    body.append(make("h2", "alert-heading", this.#text(`verdict_${verdict}`)), make("p", "alert-text", this.#text(`because_${reason}`)));
    if (verdict === "ok" && !this.#speakerTried) {
      body.append(make("p", "alert-text", this.#text("hearTone")));
    }
    const alert = make("div", `alert alert-${KINDS[verdict]}`);
    alert.dataset["verdict"] = verdict;
    alert.dataset["reason"] = reason;
    alert.append(body);
    part("verdict").replaceChildren(alert);
    this.#callUs(verdict === "failed" || verdict === "poor");
  }

  /** @param {string | null} code */
  code(code) {
    part("code").textContent = code?.toUpperCase() ?? "";
    part("code-row").hidden = code === null;
    part("no-code").hidden = code !== null;
  }

  /** @param {"recording" | "playing" | "recorded" | "recordFailed"} word */
  recording(word) {
    part("record-state").textContent = this.#text(word);
    byId("record", HTMLButtonElement).disabled = word === "recording" || word === "playing";
  }

  /** @param {"playing" | "asked" | "blocked" | "ok" | "no"} word */
  speaker(word) {
    if (word !== "asked") {
      part("state-speaker").textContent = this.#text(`speaker_${word}`);
    }
    const asks = word === "asked";
    part("tone-question").hidden = !asks;
    if (asks) {
      part("tone-yes").focus();
    }
    byId("tone", HTMLButtonElement).disabled = word === "playing";
    if (word === "ok" || word === "no") {
      this.#speakerTried = true;
      this.#mark("speaker", word === "ok" ? "ok" : "bad");
      // Where the two buttons were that have gone.
      part("tone").focus();
    }
  }

  /** @param {string} step @param {"idle" | "running" | "ok" | "bad"} state */
  #mark(step, state) {
    const item = part(`step-${step}`);
    item.classList.toggle("is-good", state === "ok");
    item.classList.toggle("is-bad", state === "bad");
    item.setAttribute("aria-busy", String(state === "running"));
  }

  /** Devices can be tried again when everything else is through. */
  #offerAgain() {
    for (const step of /** @type {const} */ (["camera", "microphone"])) {
      part(`again-${step}`).hidden = !(this.#finished && this.#bad.has(step));
    }
  }

  /** @param {boolean} needed */
  #callUs(needed) {
    const { practicePhone: phone } = this.data;
    const row = part("call-us");
    row.hidden = !needed;
    const [before, after] = this.#text(phone ? "callUs" : "callDoctor").split("{phone}");
    row.textContent = before ?? "";
    if (phone) {
      const link = make("a", "telephone", phone);
      link.href = `tel:${phone.replaceAll(" ", "")}`;
      row.append(link, after ?? "");
    }
  }

  /** @param {string} name @param {string} [otherwise] @returns {string} */
  #text(name, otherwise = "") {
    return this.texts[name] ?? this.texts[otherwise] ?? "";
  }
}
