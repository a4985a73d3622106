"""The English is whole: every text has one, the compiled catalogue holds it, and no page leaves Danish behind.

The texts in code and templates are Danish; ``make messages`` collects them.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.utils import translation
from django.utils.formats import date_format

from monitoring.rules.regions import REGIONS
from tests.vdx.translated_pages import PAGES, REFUSALS, World
from vdx.lib import clock

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
# "%(name)s", "{name}" and tags: what code, script and browser look for in a text.
HOLES = re.compile(r"%\(\w+\)[a-z]|\{\w+\}|<[^>]+>")
DANISH_LETTERS = re.compile("[æøåÆØÅ]")
# Neither language, or the same in both: names, among them that of the other language.
SAID_IN_BOTH = {"Dansk", "VDX", *REGIONS}

Key = tuple[str | None, str]


def entries(path: Path) -> dict[Key, polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(path) if not entry.obsolete}


def forms(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Each form of a text in Danish and in English."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


# --- The catalogue -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, polib.POEntry]:
    """What ``make messages`` makes of the tree as it is: run in a copy, with the same arguments."""
    copy = tmp_path_factory.mktemp("tree")
    out = {"node_modules", "var", "tests", "static", "docs", "scripts"}
    for path in ROOT.iterdir():
        if path.is_dir() and not path.name.startswith(".") and path.name not in out:
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    command = re.search(r"makemessages (.+)", (ROOT / "Makefile").read_text())
    assert command is not None
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", *shlex.split(command[1])],
        cwd=copy,
        env=environment,
        check=True,
        capture_output=True,
    )
    return entries(copy / CATALOGUE.relative_to(ROOT))


def test_the_catalogue_holds_the_texts_of_the_code_and_no_others(collected: dict[Key, polib.POEntry]) -> None:
    assert len(collected) > 500
    held = entries(CATALOGUE).keys()
    assert (collected.keys() - held, held - collected.keys()) == (set(), set())


def test_every_text_has_its_english(collected: dict[Key, polib.POEntry]) -> None:
    assert [key for key, entry in collected.items() if not entry.translated()] == []


def test_the_english_has_the_same_holes() -> None:
    different = [
        (danish, english)
        for entry in entries(CATALOGUE).values()
        for danish, english in forms(entry)
        if sorted(HOLES.findall(danish)) != sorted(HOLES.findall(english))
    ]
    assert different == []


def test_no_english_has_danish_letters() -> None:
    assert [
        english
        for entry in entries(CATALOGUE).values()
        for _, english in forms(entry)
        if DANISH_LETTERS.search(english)
    ] == []


def test_the_compiled_catalogue_is_the_catalogue() -> None:
    def texts(catalogue: polib.POFile | polib.MOFile) -> dict[Key, list[str]]:
        return {
            (entry.msgctxt, entry.msgid): [english for _, english in forms(entry)]
            for entry in catalogue
            if not entry.obsolete and all(english for _, english in forms(entry))
        }

    assert texts(polib.mofile(CATALOGUE.with_suffix(".mo"))) == texts(polib.pofile(CATALOGUE))


# --- The pages ---------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a reader meets: texts, and the attributes that are read aloud or shown. What says it is Danish is left out.

    A script's texts, given as JSON, count as well.
    """

    SPOKEN = ("alt", "aria-label", "title", "placeholder", "content", "data-copy-done", "data-copy-failed")
    VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language: str | None = None
        self.texts: list[str] = []
        self.switches: list[str | None] = []
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        if tag == "button" and given.get("name") == "language":
            self.switches.append(given.get("value"))
        if tag == "a" and "hreflang" in given:
            self.switches.append(given["hreflang"])
        hidden = (
            given.get("lang") == "da" or tag == "style" or (tag == "script" and "json" not in given.get("type", ""))
        )
        if tag not in self.VOID:
            self._open.append(hidden)
        if not hidden and not any(self._open):
            self.texts += [given[name] or "" for name in self.SPOKEN if name in given]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._open):
            self.texts.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def translated() -> dict[str, str]:
    """Danish texts and their English, where the two differ."""
    pairs = [pair for entry in entries(CATALOGUE).values() for pair in forms(entry)]
    return {danish: english for danish, english in pairs if danish.casefold() != english.casefold()}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_english_from_end_to_end(name: str, translated: dict[str, str]) -> None:
    client, path = PAGES[name](World())

    answer = client.get(path)

    assert answer.status_code == REFUSALS.get(name, 200)
    page = Page(answer.content.decode())
    assert (page.language, page.switches) == ("en", ["da"])
    assert len(page.texts) > 5
    left = [text for text in page.texts if DANISH_LETTERS.search(text) or text in translated]
    assert [text for text in left if text not in SAID_IN_BOTH] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_danish_for_everybody_else(name: str, translated: dict[str, str]) -> None:
    client, path = PAGES[name](World())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "da"

    # A page without cookies has its language in its address.
    page = Page(client.get(path.replace("sprog=en", "sprog=da")).content.decode())

    assert (page.language, page.switches) == ("da", ["en"])
    english = set(translated.values()) - set(translated)
    assert [text for text in page.texts if text in english and text != "English"] == []


def test_no_field_of_the_administration_is_called_by_its_name_in_the_code() -> None:
    danish = {danish.casefold() for _, danish in entries(CATALOGUE)}
    for model, site in admin.site._registry.items():
        # A field of the form alone has its label there, below.
        named = {*site.list_display, *(site.fields or ())} - {"__str__", *site.form.base_fields}
        labels = {name: str(label_for_field(name, model, site)) for name in named}
        labels |= {name: str(field.label) for name, field in site.form.base_fields.items()}
        as_in_code = {
            label
            for name, label in labels.items()
            if label.casefold() == name.replace("_", " ") and label.casefold() not in danish
        }
        assert as_in_code - {"ID"} == set(), model.__name__


def test_dates_and_times_are_british() -> None:
    moment = datetime(2026, 11, 3, 15, 5, tzinfo=clock.COPENHAGEN)
    with translation.override("en"):
        assert date_format(moment, "DATETIME_FORMAT") == "3 November 2026 15:05"
        assert date_format(moment, "SHORT_DATE_FORMAT") == "03/11/2026"
