/**
 * The design system's stylesheet and icons as our pages get them, made from the package in node_modules.
 *
 * The sheet is changed in five ways. Because the hashed file names of production refuse a stylesheet that names a file
 * which is not there: fonts are named as woff2 only (every supported browser reads it), rules for placeholder logos go,
 * and so does the link to the source map. And because a telephone reads and matches every rule before it shows anything:
 * nine of ten rules are for parts that no page here has, and go. A rule stays where each class and id that it names
 * stands as a word in a template, a script or a Python file; so a class that is new here takes `make vendor`, and a test
 * says so. Last, a page in Danish or English fetches and unpacks 17 kB of each weight of the font instead of 57: the
 * letters of western Europe have files of their own, and the whole is fetched where another letter is on the page.
 *
 * Of the icons, read as one drawing by every page, those stay that a page names.
 */

import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** The package. */
export const PACKAGE = join(ROOT, "node_modules", "dkfds");
/** Where what we took of it lies. */
export const TARGET = join(ROOT, "static", "vendor", "dkfds");
/** Where classes are written. */
const PAGES = ["templates/**/*.html", "static/js/**/*.js", "{vdx,booking,rooms,surveys,monitoring,media}/**/*.py"];
/** The letters of the files named Latin1, in the notation of CSS: as IBM gives them, and as they are in the files. */
const WESTERN =
  "U+0000,U+000D,U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2013-2014,U+2018-201A," +
  "U+201C-201E,U+2020-2022,U+2026,U+2030,U+2039-203A,U+2044,U+20AC,U+2122,U+2212,U+FB01-FB02";
/** What pages put together from pieces: `alert-{{ level }}`, `icon-svg--{{ size }}`. */
const PIECED = [/^alert/, /^icon-svg/];

/**
 * With references to the vendored files alone.
 *
 * @param {string} css the package's compiled stylesheet
 * @returns {string}
 */
function prepared(css) {
  return css
    .replace(/@font-face\{[^}]*\}/g, (rule) => {
      const [name] = /IBMPlexSans-[A-Za-z]+(?=\.woff2)/.exec(rule) ?? [];
      /** @param {string} file */
      const from = (file) => rule.replace(/src:[^;}]*/, `src:url("../fonts/${file}.woff2") format("woff2")`);
      // Of two rules that have a letter the later one is taken.
      return name ? from(name) + from(`${name}-Latin1`).replace("}", `;unicode-range:${WESTERN}}`) : "";
    })
    .replace(/background-image:url\("?\.\.\/img\/logo-[^)]*\)/g, "background-image:none")
    .replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
}

/** @returns {Promise<string>} the stylesheet */
export async function stylesheet() {
  const css = prepared(await readFile(join(PACKAGE, "dist", "css", "dkfds.min.css"), "utf8"));
  const [kept] = await new PurgeCSS().purge({
    content: PAGES.map((pages) => join(ROOT, pages)),
    css: [{ raw: css }],
    safelist: PIECED,
  });
  if (!kept) {
    throw new Error("PurgeCSS gave nothing back.");
  }
  return kept.css;
}

/** @returns {Promise<string>} the drawing of the icons */
export async function icons() {
  const drawing = await readFile(join(PACKAGE, "dist", "img", "all-svg-icons.svg"), "utf8");
  const folder = join(ROOT, "templates");
  const templates = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".html"));
  const texts = await Promise.all(templates.map((file) => readFile(join(folder, file), "utf8")));
  const names = new Set(
    [...texts.join("\n").matchAll(/"(?:_icon|_alert_icon)\.html" with name="([\w-]+)"/g)].map(([, name]) => name),
  );
  return drawing.replace(/<symbol id="([^"]+)".*?<\/symbol>/gs, (symbol, name) => (names.has(name) ? symbol : ""));
}
