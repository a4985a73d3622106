import assert from "node:assert/strict";
import { test } from "node:test";

import { browserOf, showHelp } from "../../../static/js/lib/help.js";
import { as, FakeElement } from "./page.js";

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";

test("every browser is told by its own words, whatever else it calls itself", () => {
  for (const [agent, touches, known] of /** @type {const} */ ([
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1", 5, "safari-ios"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/130.0 Mobile/15E148 Safari/604.1", 5, "safari-ios"],
    [MAC, 5, "safari-ios"],
    [MAC, 0, "safari"],
    ["Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36", 5, "chrome-android"],
    ["Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36", 5, "samsung"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0", 0, "edge"],
    ["Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 EdgA/130.0", 5, "edge"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36", 0, "chrome"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", 0, "firefox"],
    ["Something else", 0, ""],
  ])) {
    assert.equal(browserOf(agent, touches), known, agent);
  }
});

class FakeDialog extends FakeElement {
  open = false;
  shown = 0;
  scrollTop = 40;
  /** @type {Record<string, FakeElement[]>} */
  lists = {};

  /** @param {string} selector */
  querySelectorAll(selector) {
    return this.lists[selector] ?? [];
  }

  showModal() {
    this.shown += 1;
    this.open = true;
  }
}

function page() {
  const dialog = new FakeDialog();
  const all = Object.assign(new FakeElement(), { id: "help-topics-heading" });
  dialog.children.set("#help-topics-heading", all);
  /** @param {string} key */
  const section = (key) => {
    const made = new FakeElement();
    made.dataset = { helpTopic: key };
    made.hidden = true;
    made.children.set(".help__heading", Object.assign(new FakeElement(), { id: `help-${key}-heading` }));
    return made;
  };
  const sections = [section("echo"), section("no_sound")];
  const choices = ["echo", "no_sound"].map((key) => Object.assign(new FakeElement(), { dataset: { help: key } }));
  dialog.lists = { "[data-help-topic]": sections, "[data-help]": choices };
  return { dialog, sections, choices, all };
}

test("one topic is shown, read out by its heading, and not offered again", () => {
  const { dialog, sections, choices } = page();
  showHelp(as(dialog), "no_sound");
  assert.deepEqual(sections.map((section) => section.hidden), [true, false]);
  assert.deepEqual(choices.map((choice) => choice.hidden), [false, true]);
  assert.equal(dialog.getAttribute("aria-labelledby"), "help-no_sound-heading");
  assert.equal(sections[1]?.children.get(".help__heading")?.focused, 1);
  assert.deepEqual([dialog.shown, dialog.scrollTop], [1, 0]);
});

test("another topic is shown in the dialog that is open", () => {
  const { dialog, sections } = page();
  showHelp(as(dialog), "no_sound");
  showHelp(as(dialog), "echo");
  assert.deepEqual(sections.map((section) => section.hidden), [false, true]);
  assert.equal(dialog.shown, 1);
});

test("without a topic, and with one that nobody knows, all are offered", () => {
  for (const topic of ["", "unheard-of"]) {
    const { dialog, sections, choices, all } = page();
    showHelp(as(dialog), topic);
    assert.deepEqual(sections.map((section) => section.hidden), [true, true]);
    assert.deepEqual(choices.map((choice) => choice.hidden), [false, false]);
    assert.equal(all.focused, 1);
  }
});
