/**
 * Copies the design system that the pages use from node_modules into static/vendor/dkfds.
 *
 * Run by `make vendor` after `npm ci`, so the version is the one that package-lock.json names. What is
 * copied is committed: neither `make run` nor production needs npm.
 *
 * The stylesheet is changed in three ways, because the hashed file names of production refuse a stylesheet
 * that names a file which is not there: fonts are named as woff2 only (every supported browser reads it),
 * rules for placeholder logos go, and so does the link to the source map.
 */

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGE = join(ROOT, "node_modules", "dkfds");
const DIST = join(PACKAGE, "dist");
const TARGET = join(ROOT, "static", "vendor", "dkfds");
const FONTS = "fonts/IBMPlexSans/complete/woff2";

/**
 * The package's stylesheet with references to the vendored files alone.
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

const { version } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
const css = prepared(await readFile(join(DIST, "css", "dkfds.min.css"), "utf8"));

await rm(TARGET, { recursive: true, force: true });
for (const folder of ["css", "fonts", "img/svg-icons"]) {
  await mkdir(join(TARGET, folder), { recursive: true });
}
await writeFile(join(TARGET, "css", "dkfds.css"), css);
await writeFile(join(TARGET, "VERSION"), `dkfds ${version}\n`);
await cp(join(DIST, "LICENSE.md"), join(TARGET, "LICENSE.md"));
await cp(join(DIST, FONTS, "license.txt"), join(TARGET, "fonts", "license.txt"));
await cp(join(DIST, "img", "all-svg-icons.svg"), join(TARGET, "img", "icons.svg"));

const named = new Set([...css.matchAll(/url\("?(?!data:)([^")]+)"?\)/g)].map((match) => match[1] ?? ""));
for (const reference of named) {
  const file = basename(reference);
  if (reference.startsWith("../fonts/")) {
    await cp(join(DIST, FONTS, file), join(TARGET, "fonts", file));
  } else if (reference.startsWith("../img/svg-icons/")) {
    await cp(join(DIST, "img/svg-icons", file), join(TARGET, "img/svg-icons", file));
  } else {
    throw new Error(`The stylesheet of dkfds ${version} names ${reference}, which is not vendored.`);
  }
}
console.log(`dkfds ${version}: ${named.size} files named by the stylesheet.`);
