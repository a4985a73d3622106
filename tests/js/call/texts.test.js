import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

import { TEXT_NAMES } from "../../../static/js/call/texts.js";
import { sentences } from "../../../static/js/call/view/arrival.js";
import { grouped } from "../../../static/js/pages/front.js";

const ROOT = new URL("../../../", import.meta.url);

/** @type {any} every text is its own name */
const texts = Object.fromEntries(TEXT_NAMES.map((name) => [name, name]));

test("the page hands over exactly the texts that the script asks for", async () => {
  const template = await readFile(new URL("templates/rooms/_texts.html", ROOT), "utf8");
  const given = [...template.matchAll(/^"(\w+)": /gm)].map((match) => match[1]);
  assert.deepEqual([...given].sort(), [...TEXT_NAMES].sort());
});

test("no text is handed over that nobody shows", async () => {
  const folder = new URL("static/js/call/", ROOT);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js") && name !== "texts.js");
  const code = (await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")))).join("\n");
  assert.deepEqual(TEXT_NAMES.filter((name) => !new RegExp(`texts\\.${name}\\b`).test(code)), []);
});

test("the same trouble with both is said in one sentence", () => {
  assert.deepEqual(sentences({}, texts), []);
  assert.deepEqual(sentences({ microphone: "refused", camera: "refused" }, texts), ["neitherRefused"]);
  assert.deepEqual(sentences({ microphone: "missing", camera: "busy" }, texts), ["cameraBusy", "microphoneMissing"]);
  assert.deepEqual(sentences({ microphone: "failed", camera: "failed" }, texts), ["cameraFailed", "microphoneFailed"]);
  assert.deepEqual(sentences({ microphone: "insecure", camera: "insecure" }, texts), ["insecure"]);
});

test("a code is grouped while it is typed, and found in a link", () => {
  assert.equal(grouped("7k3m9p2qx4rt"), "7k3m-9p2q-x4rt");
  assert.equal(grouped("7k3m 9"), "7k3m-9");
  assert.equal(grouped("7k3m"), "7k3m");
  assert.equal(grouped("https://vdx.example.dk/m/7k3m9p2qx4rt"), "7k3m-9p2q-x4rt");
  assert.equal(grouped(""), "");
});
