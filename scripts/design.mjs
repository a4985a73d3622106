/**
 * The design system's stylesheet as our pages get it, made from the package in node_modules.
 *
 * It is changed in four ways. Because the hashed file names of production refuse a stylesheet that names a file which is
 * not there: fonts are named as woff2 only (every supported browser reads it), rules for placeholder logos go, and so
 * does the link to the source map. And because a telephone reads and matches every rule before it shows anything: nine
 * of ten rules are for parts that no page here has, and go. A rule stays where each class and id that it names stands as
 * a word in a template, a script or a Python file; so a class that is new here takes `make vendor`, and a test says so.
 */

import { readFile } from "node:fs/promises";
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
      const file = /IBMPlexSans-[A-Za-z]+\.woff2/.exec(rule);
      return file ? rule.replace(/src:[^;}]*/, `src:url("../fonts/${file[0]}") format("woff2")`) : "";
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
