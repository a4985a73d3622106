"""The report as a page and as a PDF: the same words, every number in a file, in both languages, whole or not at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from html.parser import HTMLParser
from importlib import import_module
from io import StringIO
from pathlib import Path
from shutil import rmtree

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from monitoring.models import Cost, Fee, ProbeDay
from tests.support import pdf, pilot, pilot_answers
from vdx.lib.clock import COPENHAGEN
from vdx.reports import data
from vdx.reports.chapters import document
from vdx.reports.document import Caveat, Table

COSTS = 120


def fill(folder: Path) -> None:
    pilot.build(folder, seed=7)
    names = {name: folder / f"{name}.csv" for name in ("organisations", "calls", "devices")}
    call_command("import_calls", **names, stdout=StringIO(), stderr=StringIO())
    pilot_answers.build()
    Fee.objects.all().delete()
    import_module("monitoring.migrations.0009_shipped_fees").ship(apps, None)
    # As long as a name may be, and a word that fits no column.
    Cost.objects.create(
        item="Videokonsultationsudstyr " * 4, unit="stk.", quantity=12, amount_ore=123455, day=pilot.LAST
    )
    Cost.objects.create(item="x" * 100, unit="timer", quantity="7.5", amount_ore=300000, day=pilot.FIRST)
    begin = int(datetime(2020, 1, 30, tzinfo=COPENHAGEN).timestamp())
    ProbeDay.objects.create(
        day=date(2020, 1, 30), interval=300, first_slot=begin, last_slot=begin + 287 * 300, succeeded=278, failed=10
    )
    # So many that their table goes on to other pages.
    Cost.objects.bulk_create(
        Cost(item=f"Post {n}", unit="stk.", quantity=1, amount_ore=100, day=date(2019, 7, 1)) for n in range(COSTS)
    )


def make(folder: Path, *more: str, first: str = "2019-06-01", last: str = "2020-01-31") -> Path:
    call_command("evaluation_report", "--from", first, "--to", last, "--out", str(folder), *more, stdout=StringIO())
    return folder


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Path]:
    """Each takes seconds to draw: the pilot's, the same again, and in English."""
    folder = tmp_path_factory.mktemp("reports")
    with django_db_blocker.unblock(), transaction.atomic():
        fill(folder)
        make(folder / "pilot")
        make(folder / "again")
        make(folder / "english", "--lang", "en")
        transaction.set_rollback(True)
    yield folder
    rmtree(folder)


@pytest.fixture(scope="module")
def folder(reports: Path) -> Path:
    return reports / "pilot"


class Pieces(HTMLParser):
    """The texts of a page, element by element, in their order; of its tables apart from the rest."""

    BLOCKS = frozenset({"h1", "h2", "h3", "p", "li", "th", "td", "caption", "a"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.inside: list[str] = []
        self.nav = False
        self.links: list[str] = []
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.nav = self.nav or tag == "nav"
        self.links += [values["href"] or ""] if "href" in values else []
        self.sources += [values["src"] or ""] if "src" in values else []
        if tag in self.BLOCKS:
            self.inside.append(tag)
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self.nav = self.nav and tag != "nav"
        if tag in self.BLOCKS:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside and not self.nav:
            place = next(n for n in range(len(self.found) - 1, -1, -1) if self.found[n][0] == self.inside[-1])
            self.found[place] = (self.inside[-1], self.found[place][1] + data)

    def texts(self, *tags: str) -> list[str]:
        return [
            text for tag, text in ((tag, " ".join(text.split())) for tag, text in self.found) if tag in tags and text
        ]


def files_numbers(folder: Path) -> set[str]:
    """Every number of the CSV files."""
    found: set[str] = set()
    for path in folder.glob("*.csv"):
        if path.name == "files.csv":
            continue
        with path.open(newline="", encoding="utf-8") as file:
            for row in list(csv.reader(file))[1:]:
                for cell in row:
                    found |= set(re.findall(r"\d+(?:\.\d+)?", cell))
    return found


def test_page_and_pdf_say_the_same_in_the_same_order(folder: Path) -> None:
    page = Pieces((folder / "report.html").read_text())
    said = page.texts("h1", "h2", "h3", "p", "li", "th", "td", "caption", "a")
    read = pdf.read((folder / "report.pdf").read_bytes())

    # Besides, the PDF has contents, heads of tables again on the next page, and page numbers.
    # A word that is wider than its column is broken.
    pieces = iter(["".join(piece.split()) for written in read.pages for piece in written])
    missing = [text for text in said if text != "Indhold" and "".join(text.split()) not in pieces]
    assert missing == []
    assert len(said) > 1000


def test_every_number_of_the_report_is_in_a_file(folder: Path) -> None:
    page = Pieces((folder / "report.html").read_text())
    known = files_numbers(folder)
    missing = []
    for text in page.texts("p", "li", "th", "td"):
        # No counts: days, months, 30 (where few begins), 5 and 2 minutes (as defined), 99,5 (the target).
        plain = re.sub(
            r"\d{1,2}\. \w+ \d{4}|\b[a-z]{3} \d{4}\b|under 30|over 5 minutter|højst 2 minutter|på 99,5 %", "", text
        )
        for number in re.findall(r"\d[\d.]*(?:,\d+)?", plain):
            whole = number.rstrip(".").replace(".", "")
            # 1.234,56 kr. is 123456 øre; 7,5 and 99,5 stand as 7.5 and 99.5.
            forms = {whole, whole.replace(",", "").lstrip("0") or "0", whole.replace(",", ".")}
            if not forms & known:
                missing.append((number, text))
    assert missing == []


def test_the_text_is_made_from_the_numbers(folder: Path) -> None:
    page = (folder / "report.html").read_text()

    for sentence in (
        "Videokonsultationer: i alt 6.924 minutter, i gennemsnit knap 14 minutter.",
        "Videokonferencer: i alt 110 minutter, i gennemsnit knap 8 minutter.",
        "Straks-møder: 21 % (111 af 517) af opkaldene.",
        "Opkald gennem Min Læge: 220, mod 503 videokonsultationer (44 %).",
        "Tilmeldte praksis ved periodens slutning: 52.",
        "Lægerne: Blev samtalen gennemført? Ja: 84 % (140 af 166).",
        "Postkort set i forhold til alle talte opkald: 32 % (168 af 517).",
        "Besvarelser set i forhold til videokonsultationer: 8 % (41 af 503).",
        "Der er under 30 videokonferencer (14). Tag gennemsnittet med forbehold.",
        "Besvarelser med baggrund alene, som ikke er talt med: 6.",
    ):
        assert sentence in page
    assert "Der er under 30 opkald i perioden." not in page


def test_the_page_opens_from_a_disk_and_loads_nothing_from_elsewhere(folder: Path) -> None:
    page = (folder / "report.html").read_text()
    pieces = Pieces(page)

    beside = {link for link in pieces.links if not link.startswith("#")}
    assert {"report.css", "table3_consultations.csv", "fees.csv", "postcards_carried_out_by_sound.csv"} <= beside
    assert {name for name in beside if not (folder / name).is_file()} == set()
    assert all(source.startswith("data:image/svg+xml;base64,") for source in pieces.sources)
    assert (folder / "report.css").read_text() in page
    assert "://" not in re.sub(r"base64,[^\"]+", "", page)
    assert "<script" not in page
    # Every chart lies beside the page as well.
    assert len(list(folder.glob("*.svg"))) == len(pieces.sources) > 20


def test_the_pdf_has_title_tags_bookmarks_contents_and_page_numbers(folder: Path) -> None:
    read = pdf.read((folder / "report.pdf").read_bytes())

    title = "Evaluering af videokonsultationer, 1. juni 2019 – 31. januar 2020"
    assert title.encode("utf-16-be").hex() in read.info.lower()
    assert "D:20200131000000Z" in read.info
    for part in ("/Lang (da)", "/Marked true", "/StructTreeRoot", "/DisplayDocTitle true"):
        assert part in read.catalog
    assert read.tags["Figure"] > 20
    assert read.tags["Table"] >= 30
    assert read.tags["TD"] > 5 * read.tags["Table"]
    chapters = [
        "1. Helbredsproblem og teknologi",
        "2. Sikkerhed og oppetid",
        "3. Patienterne",
        "4. Organisation og læger",
        "5. Økonomi",
        "6. Jura og etik",
        "7. Sådan er der talt",
    ]
    assert [mark for mark in read.bookmarks if mark[0].isdigit()] == chapters
    contents = " ".join(read.pages[1])
    for chapter in chapters:
        page = next(n for n, pieces in enumerate(read.pages[2:], start=3) if pieces[0] == chapter)
        assert f"{chapter} {page}" in contents
    count = len(read.pages)
    for number, written in enumerate(read.pages[1:], start=2):
        assert written[-1] == f"{title} Side {number} af {count}"
    assert "Side 1 af" not in " ".join(read.pages[0])


def test_a_table_that_goes_on_says_its_head_again(folder: Path) -> None:
    read = pdf.read((folder / "report.pdf").read_bytes())

    with_costs = [pieces for pieces in read.pages if any(re.fullmatch(r"Post \d+", piece) for piece in pieces)]
    assert len(with_costs) > 1
    for pieces in with_costs:
        first = next(n for n, piece in enumerate(pieces) if piece.startswith("Post "))
        assert "Hvad" in pieces[:first]
    assert sum(piece.startswith("Post ") for pieces in read.pages for piece in pieces) == COSTS


def test_the_same_data_gives_the_same_bytes(reports: Path) -> None:
    first, second = ({path.name: path.read_bytes() for path in (reports / n).iterdir()} for n in ("pilot", "again"))

    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_in_english_the_files_of_the_tables_are_the_same(reports: Path) -> None:
    danish, english = reports / "pilot", reports / "english"

    for path in danish.glob("*.csv"):
        if path.name != "files.csv":
            assert (english / path.name).read_bytes() == path.read_bytes()
    page = (english / "report.html").read_text()
    assert '<html lang="en">' in page
    assert "Would you accept a video call another time?" in page
    assert "1 June 2019 – 31 January 2020" in page
    # Months and headings as the English write them.
    assert ">Jun 2019<" in page
    assert re.search(r"<h3[^>]*>Practices</h3>", page)
    assert "/Lang (en)" in pdf.read((english / "report.pdf").read_bytes()).catalog


@pytest.mark.django_db
def test_a_period_without_data_gives_a_report_that_says_so(tmp_path: Path) -> None:
    folder = make(tmp_path / "report", first="2018-01-01", last="2018-02-28")
    page = (folder / "report.html").read_text()

    assert "Der er ingen opkald og ingen svar i perioden." in page
    assert "Ingen patienter svarede i perioden." in page
    assert "Der kom ingen postkort i perioden." in page
    assert "Der er ingen målinger af oppetiden i perioden." in page
    assert "Der er ingen opkald og ingen svar i perioden." in pdf.read((folder / "report.pdf").read_bytes()).text
    assert (folder / "patients_easy_to_use.csv").read_text().splitlines()[1] == "1,Helt uenig,0,"


@pytest.mark.django_db
def test_a_few_calls_come_with_a_caveat(tmp_path: Path) -> None:
    fill(tmp_path)

    [caveat, *_] = [
        block.text
        for chapter in document(data.read(first=date(2019, 7, 1), last=date(2019, 7, 31))).chapters
        for block in chapter.blocks
        if isinstance(block, Caveat)
    ]

    assert caveat == "Der er under 30 opkald i perioden. Tag andele og gennemsnit med forbehold."


@pytest.mark.django_db
def test_a_long_period_is_laid_beside_itself_in_parts() -> None:
    report = document(data.read(first=date(2018, 1, 1), last=date(2020, 1, 31)))

    tables = [block for block in report.chapters[0].blocks if isinstance(block, Table)]
    parts = [table for table in tables if table.name == "table3_consultations"]
    assert [table.title for table in parts] == [
        "Tabel 3. Videokonsultationer (1 af 2)",
        "Tabel 3. Videokonsultationer (2 af 2)",
    ]
    assert [cell for table in parts for cell in table.header].count("Region") == 2
    assert sum(len(table.header) - 1 for table in parts) == 26


@pytest.mark.django_db
def test_the_command_refuses_a_folder_with_other_things_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")

    with pytest.raises(CommandError, match=r"notes\.txt"):
        make(folder, first="2018-01-01", last="2018-01-31")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    make(folder, "--force", first="2018-01-01", last="2018-01-31")
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "report.html").is_file()
