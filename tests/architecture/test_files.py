"""Files stay short enough to read, and hold no notes to ourselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ["vdx", "media", "rooms", "booking", "monitoring", "surveys"]
FOLDERS = [*APPS, "templates", "static", "tests", "scripts", "docs"]
SUFFIXES = {".py", ".js", ".mjs", ".html", ".css", ".md", ".sh"}
ELSEWHERE = ("static/vendor/", "/migrations/", "__pycache__")
LINES = 400
# Each with its reason.
LONGER = {
    "vdx/settings.py": "one place to read every setting",
}


def files() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in SUFFIXES and path.is_file() and not any(part in name for part in ELSEWHERE):
                yield name, path.read_text()


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {name: text.count("\n") for name, text in files() if text.count("\n") > LINES}
    assert {name: lines for name, lines in long.items() if name not in LONGER} == {}


def test_no_exception_is_made_for_a_file_that_does_not_need_it() -> None:
    lengths = {name: text.count("\n") for name, text in files()}
    assert [name for name in LONGER if lengths.get(name, 0) <= LINES] == []


def test_nobody_leaves_notes_for_later() -> None:
    note = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    assert [name for name, text in files() if note.search(text)] == []
