"""Taking in coded answers from an earlier survey: all of them, or none.

A file is read twice: first every row is checked, then all are written in one transaction. An imported row keeps a keyed
fingerprint of its respondent's id, or of the file and the line, so that the same file adds nothing a second time; the
id itself is kept nowhere.
"""

from __future__ import annotations

import csv
import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from surveys.enums import Edition, ResponseSource, ResponseState
from surveys.models import FreeText, Postcard, QuestionnaireVersion, Response
from surveys.rules import walk
from surveys.rules.importing import EDITION, Bad, Read, Reader, edition_of, reached, stored_row
from surveys.rules.postcard import SYDDANMARK
from surveys.rules.questionnaire import QuestionnaireDef
from vdx.accounts import services as accounts_services
from vdx.lib import ids
from vdx.lib.database import wait_for_turn

# Rows written at once.
_AT_ONCE = 500
# Rows among which the next to be written is drawn; few enough for memory, and far more than a day's answers.
_WAITING = 5000
_random = secrets.SystemRandom()
# Told of how many bytes of the file are behind, in both readings.
Told = Callable[[int], None]


@dataclass
class Outcome:
    """What came of an import. ``bad``: line of the file and what is wrong there; ``taken``: it was written."""

    rows: int = 0
    added: int = 0
    known: int = 0
    bad: list[tuple[int, Bad]] = field(default_factory=list)
    taken: bool = False


class ChangedFile(Exception):
    """The file was written to while it was read."""


class UnreadableFile(Exception):
    """Not a CSV file in UTF-8 with a first line of names."""


@dataclass(frozen=True)
class _Line:
    number: int
    cells: list[str]


def import_responses(
    *,
    version: QuestionnaireVersion,
    definition: QuestionnaireDef,
    path: Path,
    skip_bad: bool,
    today: date,
    told: Told,
    survey: str = "",
) -> Outcome:
    """Take in responses to a version. Raises UnreadableFile and ChangedFile.

    ``survey`` tells surveys apart that count their respondents from 1 each; the same name again is the same survey.
    """
    file = _File(path, told)
    reader = Reader(definition, file.header, more=["complete"])
    outcome = _check(file, lambda line: reader.read(line.cells, today=today), reader.bad)
    if outcome.bad and (reader.bad or not skip_bad):
        return outcome
    wrong = {line for line, _bad in outcome.bad}

    def write(lines: list[_Line]) -> int:
        rows = [(_key(version.questionnaire.key, file, line, read, survey), read) for line, read in _reads(lines)]
        there = set(Response.objects.filter(import_key__in=[k for k, _r in rows]).values_list("import_key", flat=True))
        new = [(key, read) for key, read in rows if key not in there]
        made = [_response(version, definition, key, read) for key, read in new]
        Response.objects.bulk_create(made)
        FreeText.objects.bulk_create(
            FreeText(response=response, variable=name, text=text)
            for response, (_key_, read) in zip(made, new, strict=True)
            for name, text in read.texts.items()
        )
        return len(made)

    def _reads(lines: list[_Line]) -> list[tuple[_Line, Read]]:
        return [(line, reader.read(line.cells, today=today)) for line in lines]

    return _write(file, outcome, wrong, write, action="responses.imported", target=f"{definition.key}/{version.number}")


def import_postcards(
    *, definition: QuestionnaireDef, path: Path, skip_bad: bool, today: date, told: Told, survey: str = ""
) -> Outcome:
    """Take in postcards. ``definition``: the national edition, with all questions. All else as import_responses."""
    file = _File(path, told)
    reader = Reader(definition, file.header, more=[EDITION])

    def read(line: _Line) -> tuple[Edition, Read]:
        named = dict(zip((name.strip() for name in file.header), line.cells, strict=False))
        edition = edition_of(named)
        found = reader.read(line.cells, today=today)
        if edition is None:
            found.bad.append(Bad(EDITION, "unknown_edition"))
        # The fifth question is not in Syddanmark's edition.
        if edition == Edition.SYDDANMARK and named.get("replaced", "").strip():
            found.bad.append(Bad("replaced", "not_asked"))
        return edition or Edition.NATIONAL, found

    outcome = _check(file, lambda line: read(line)[1], reader.bad)
    if outcome.bad and (reader.bad or not skip_bad):
        return outcome
    wrong = {line for line, _bad in outcome.bad}

    def write(lines: list[_Line]) -> int:
        cards = [_card(file, line, *read(line), survey) for line in lines]
        there = set(Postcard.objects.filter(key__in=[card.key for card in cards]).values_list("key", flat=True))
        new = [card for card in cards if card.key not in there]
        Postcard.objects.bulk_create(new)
        return len(new)

    return _write(file, outcome, wrong, write, action="postcards.imported", target="postcards")


class _File:
    """A CSV file with commas or semicolons, read from the beginning as often as wanted."""

    def __init__(self, path: Path, told: Told) -> None:
        self.path, self.told = path, told
        self.sum = self._sum()
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                first = file.readline()
        except UnicodeDecodeError:
            raise UnreadableFile from None
        self.delimiter = ";" if first.count(";") > first.count(",") else ","
        self.header = next(csv.reader([first], delimiter=self.delimiter), [])
        if not self.header:
            raise UnreadableFile

    def lines(self) -> Iterator[_Line]:
        """Each row with the line on which it begins; the names in the first line, and empty lines, are no rows."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                behind: Any = file.buffer
                rows = csv.reader(file, delimiter=self.delimiter, strict=True)
                next(rows)
                start = rows.line_num + 1
                for cells in rows:
                    if any(cells):
                        yield _Line(start, cells)
                    start = rows.line_num + 1
                    self.told(behind.tell())
        except (UnicodeDecodeError, csv.Error):
            raise UnreadableFile from None
        if self._sum() != self.sum:
            raise ChangedFile

    def _sum(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def _check(file: _File, read: Callable[[_Line], Read], first: list[Bad]) -> Outcome:
    outcome = Outcome(bad=[(1, bad) for bad in first])
    if first:
        return outcome
    seen: set[str] = set()
    for line in file.lines():
        outcome.rows += 1
        found = read(line)
        if found.respondent:
            if found.respondent in seen:
                found.bad.append(Bad("respondent_id", "twice"))
            seen.add(found.respondent)
        outcome.bad += [(line.number, bad) for bad in found.bad]
    return outcome


def _write(
    file: _File, outcome: Outcome, wrong: set[int], write: Callable[[list[_Line]], int], *, action: str, target: str
) -> Outcome:
    with transaction.atomic():
        # Two that write the same rows, each in an order of chance, would wait for each other for ever.
        wait_for_turn("surveys.import", patiently=True)
        good = _mixed(line for line in file.lines() if line.number not in wrong)
        while lines := list(islice(good, _AT_ONCE)):
            added = write(lines)
            outcome.added += added
            outcome.known += len(lines) - added
        accounts_services.audit(
            action=action,
            target_type="import",
            target_id=target,
            detail={"rows": outcome.rows, "added": outcome.added, "bad": len(wrong)},
        )
    outcome.taken = True
    return outcome


def _mixed(lines: Iterator[_Line]) -> Iterator[_Line]:
    """The lines in an order of chance, so that no row's place in the table tells its place in the file."""
    waiting = list(islice(lines, _WAITING))
    _random.shuffle(waiting)
    for line in lines:
        place = _random.randrange(len(waiting))
        waiting[place], out = line, waiting[place]
        yield out
    yield from waiting


def _key(kind: str, file: _File, line: _Line, read: Read, survey: str) -> str:
    """What the same row has again: by its respondent in the survey, or by its file and line."""
    if not read.respondent:
        return ids.digest("survey-import", f"{kind}:{file.sum}:{line.number}")
    return ids.digest("survey-import", f"{kind}:{survey and f'{survey}:'}{read.respondent}")


def _response(version: QuestionnaireVersion, definition: QuestionnaireDef, key: str, read: Read) -> Response:
    month = {"month": f"{read.day:%Y-%m}"} if read.day and "month" in definition.context else {}
    return Response(
        version=version,
        state=ResponseState.COMPLETE if read.complete else ResponseState.PARTLY,
        date=read.day,
        answers=read.answers,
        context=month,
        reached=reached(definition, read),
        source=ResponseSource.IMPORT,
        import_key=key,
        background_only=walk.background_only(definition, {**read.answers, **read.texts}),
        row=stored_row(definition, read),
    )


def _card(file: _File, line: _Line, edition: Edition, read: Read, survey: str) -> Postcard:
    return Postcard(
        key=UUID(_key("postcards", file, line, read, survey)[:32]),
        date=read.day,
        edition=edition,
        region_code=SYDDANMARK if edition == Edition.SYDDANMARK else "",
        **read.answers,
    )
