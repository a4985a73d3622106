"""Modules and style sheets as one file do what they did as many."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from vdx.lib.joining import CannotJoinError, imports, join_scripts, join_styles

PAGE = {
    "js/pages/page.js": """
/** The page. @type {import("../never.js").Never} */
import "../lib/effect.js";
import * as words from "../lib/words.js";
import { loud as LOUD, said } from "../lib/words.js";
import {
  Speaker,
  later,
} from '../call/speaker.js';
// Said by nobody.
const value = await later(3);
console.log(JSON.stringify([new Speaker("a").say(), LOUD("b"), said, words.said, value, globalThis.effects]));
""",
    "js/lib/effect.js": "globalThis.effects = (globalThis.effects ?? 0) + 1;\nexport {};\n",
    "js/lib/words.js": """
import "./effect.js";
export const said = [];
const own = "words";
/** Nested { braces } and a "string". */
export function loud(word) {
  said.push(`${own} // not a remark`);
  return word.toUpperCase();
}
""",
    "js/call/speaker.js": """
import { loud } from "../lib/words.js";
const own = "speaker";
export class Speaker {
  /** @type {string} */ #word;
  constructor(word) { this.#word = word; }
  say() { return `${own} ${loud(this.#word)}`; }
}
export async function later(value) {
  return value;
}
""",
}


def test_every_way_to_write_an_import_is_seen_and_comments_are_not() -> None:
    text = """
/** @type {import("./type.js").Type} */
/*
import { commented } from "./commented.js";
*/
import "./effect.js";
import one from "./one.js";
import { two } from "../two.js";
import {
  three,
  four,
} from "./three.js";
import * as five from './five.js';
export { six } from "./six.js";
export const seven = "./seven.js";
const later = () => import("./later.js");
"""
    assert imports(text) == ["./effect.js", "./one.js", "../two.js", "./three.js", "./five.js", "./six.js"]


@pytest.mark.skipif(shutil.which("node") is None, reason="asks Node")
def test_the_joined_script_does_what_its_modules_did(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name, text in PAGE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "joined.js").write_text(join_scripts("js/pages/page.js", PAGE.__getitem__))

    def printed(name: str) -> object:
        done = subprocess.run(["node", tmp_path / name], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    said = ["words // not a remark", "words // not a remark"]
    assert printed("js/pages/page.js") == ["speaker A", "B", said, said, 3, 1]
    assert printed("joined.js") == printed("js/pages/page.js")


def test_each_module_is_there_once_and_remarks_are_not() -> None:
    text = join_scripts("js/pages/page.js", PAGE.__getitem__)
    assert text.count('const own = "words"') == 1
    assert "Said by nobody" not in text
    assert "import" not in text.replace('import("../never.js")', "")
    assert "#word; " not in text
    assert "/** @type {string} */ #word;" in text, "a remark beside code is left alone"


def test_where_a_text_has_many_lines_nothing_is_taken_out_of_it() -> None:
    text = "const poem = `\n// a line of it\n`;\n"
    assert "// a line of it" in join_scripts("a.js", {"a.js": text}.__getitem__)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('import one from "./b.js";\n', "import"),
        ('export { b } from "./b.js";\n', "export"),
        ('export * from "./b.js";\n', "export"),
        ("export default 1;\n", "export"),
        ("export let changing = 1;\n", "export"),
        ('const b = await import("./b.js");\n', "import("),
        ("console.log(import.meta.url);\n", "import.meta"),
        ('import { a } from "./a.js";\n', "itself"),
    ],
)
def test_what_it_does_not_know_it_refuses(text: str, told: str) -> None:
    with pytest.raises(CannotJoinError, match=r"a\.js") as refused:
        join_scripts("a.js", {"a.js": text, "b.js": "export const b = 1;\n"}.__getitem__)
    assert told in str(refused.value)


def test_a_sheets_addresses_are_seen_from_where_the_whole_lies() -> None:
    sheets = {
        "vendor/look/css/look.css": "a{background:url(../img/a.svg)}@font-face{src:url('../fonts/b.woff2')}",
        "css/own.css": 'b { background: url("../img/c.svg#d"); } c { background: url(data:image/png;base64,AA==); }',
    }
    assert join_styles("css/joined/page.css", list(sheets), sheets.__getitem__) == (
        "a{background:url(../../vendor/look/img/a.svg)}@font-face{src:url('../../vendor/look/fonts/b.woff2')}\n"
        'b { background: url("../../img/c.svg#d"); } c { background: url(data:image/png;base64,AA==); }\n'
    )


@pytest.mark.parametrize("rule", ['@import "other.css";', '@charset "UTF-8";'])
def test_a_rule_that_must_come_first_is_refused(rule: str) -> None:
    with pytest.raises(CannotJoinError):
        join_styles("css/whole.css", ["css/a.css"], {"css/a.css": rule}.__getitem__)
