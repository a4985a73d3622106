/**
 * Copies the design system that the pages use from node_modules into static/vendor/dkfds.
 *
 * Run by `make vendor` after `npm ci`, so the version is the one that package-lock.json names. What is
 * copied is committed: neither `make run` nor production needs npm.
 */

import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { PACKAGE, TARGET, icons, stylesheet } from "./design.mjs";

const DIST = join(PACKAGE, "dist");
/** Each font whole, and its letters in groups. */
const COMPLETE = join(DIST, "fonts/IBMPlexSans/complete/woff2");
const SPLIT = join(DIST, "fonts/IBMPlexSans/split/woff2");

const { version } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
const css = await stylesheet();

await rm(TARGET, { recursive: true, force: true });
for (const folder of ["css", "fonts", "img/svg-icons"]) {
  await mkdir(join(TARGET, folder), { recursive: true });
}
await writeFile(join(TARGET, "css", "dkfds.css"), css);
await writeFile(join(TARGET, "VERSION"), `dkfds ${version}\n`);
await cp(join(DIST, "LICENSE.md"), join(TARGET, "LICENSE.md"));
await cp(join(COMPLETE, "license.txt"), join(TARGET, "fonts", "license.txt"));
await writeFile(join(TARGET, "img", "icons.svg"), await icons());

// Our own sheets take pictures of it too.
const folder = join(TARGET, "..", "..", "css");
const own = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")));
const named = new Set([...css.matchAll(/url\("?(?!data:)([^")]+)"?\)/g)].map((match) => match[1] ?? ""));
for (const [, file] of own.join("\n").matchAll(/vendor\/dkfds\/(img\/svg-icons\/[^")]+)/g)) {
  named.add(`../${file}`);
}
for (const reference of named) {
  const file = basename(reference);
  if (reference.startsWith("../fonts/")) {
    await cp(join(file.includes("-Latin") ? SPLIT : COMPLETE, file), join(TARGET, "fonts", file));
  } else if (reference.startsWith("../img/svg-icons/")) {
    await cp(join(DIST, "img/svg-icons", file), join(TARGET, "img/svg-icons", file));
  } else {
    throw new Error(`The stylesheet of dkfds ${version} names ${reference}, which is not vendored.`);
  }
}
console.log(`dkfds ${version}: ${named.size} files named by the stylesheets.`);
