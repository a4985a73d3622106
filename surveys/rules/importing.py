"""Coded answers from an earlier survey, row by row: read, and checked against codes and rules.

A column is called after its variable, or ``name___code`` with 0 or 1 where several answers may be chosen. Three columns
more may be there: ``respondent_id``, ``date`` (ISO 8601) and ``complete`` (0 or 1; without it, 1). Empty: not answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from surveys.enums import TEXT_KINDS, Edition, QuestionKind
from surveys.rules import coding, walk
from surveys.rules.activation import Answer
from surveys.rules.questionnaire import QuestionnaireDef, Variable

# What a column may be called in a message. Where the line of names is missing, the first row is somebody's answers.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
# Nobody was asked about video before; a year like 0019 is a slip, and would open two thousand years to choose among.
FIRST_YEAR = 1990
# More digits than any code, year or number has.
DIGITS = 9
RESPONDENT, DATE, COMPLETE, EDITION = "respondent_id", "date", "complete", "edition"
# Longer than any number that somebody gives a respondent.
ID_LENGTH = 100


@dataclass(frozen=True)
class Bad:
    """Why a row, or the first line, cannot be taken. ``column`` is a name, or ``#`` and the place of one that is none.

    ``code`` is that of ``walk.refusal``, or one of these:

    ``bad_date``, ``future_date``, ``bad_flag``, ``not_asked`` (the rules do not ask whoever answered so), ``empty``,
    ``twice`` (a respondent, or a column), ``wrong_length``, ``unknown_column``, ``unknown_edition``, ``id_too_long``.
    """

    column: str
    code: str


@dataclass
class Read:
    """A row that was read. ``bad`` is empty where all is well."""

    answers: dict[str, Answer] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    respondent: str = ""
    day: date | None = None
    complete: bool = True
    bad: list[Bad] = field(default_factory=list)


class Reader:
    """Reads the rows of a file with this first line."""

    def __init__(self, definition: QuestionnaireDef, header: Sequence[str], *, more: Sequence[str] = ()) -> None:
        self.definition, self.header = definition, [name.strip() for name in header]
        self.variables = {variable.name: variable for variable in definition.variables}
        self.flags = {
            f"{variable.name}___{choice.code}": (variable.name, choice.code)
            for variable in definition.variables
            if variable.kind == QuestionKind.SEVERAL
            for choice in variable.choices
        }
        several = {name for name, _code in self.flags.values()}
        known = {RESPONDENT, DATE, *more, *self.flags, *(set(self.variables) - several)}
        named = not known.isdisjoint(self.header)
        told = [
            name if name in known or (named and _NAME.fullmatch(name)) else f"#{place}"
            for place, name in enumerate(self.header, 1)
        ]
        places = {name: column for column, name in zip(reversed(told), reversed(self.header), strict=True)}
        self.bad = [
            Bad(column, "unknown_column") for column, n in zip(told, self.header, strict=True) if n not in known
        ]
        self.bad += [Bad(column, "twice") for name, column in sorted(places.items()) if self.header.count(name) > 1]

    def read(self, cells: Sequence[str], *, today: date) -> Read:
        """A row. Everything that is wrong with it is in ``bad``."""
        found = Read()
        if len(cells) != len(self.header):
            found.bad.append(Bad("", "wrong_length"))
            return found
        row = {name: value.strip() for name, value in zip(self.header, cells, strict=True)}
        self._about(row, found, today)
        for name, variable in self.variables.items():
            answer = self._several(name, row, found) if variable.kind == QuestionKind.SEVERAL else row.get(name, "")
            if answer == "" or answer == []:
                continue
            self._take(variable, answer, found, today.year)
        if not found.bad:
            everything: dict[str, Answer] = {**found.answers, **found.texts}
            met = walk.shown(self.definition, everything)
            found.bad += [Bad(name, "not_asked") for name in everything if name not in met]
            if not everything:
                found.bad.append(Bad("", "empty"))
        return found

    @staticmethod
    def _about(row: Mapping[str, str], found: Read, today: date) -> None:
        found.respondent = row.get(RESPONDENT, "")
        if len(found.respondent) > ID_LENGTH:
            found.bad.append(Bad(RESPONDENT, "id_too_long"))
        if row.get(DATE):
            try:
                found.day = date.fromisoformat(row[DATE])
            except ValueError:
                found.bad.append(Bad(DATE, "bad_date"))
            if found.day is not None and found.day.year < FIRST_YEAR:
                found.bad.append(Bad(DATE, "bad_date"))
            if found.day is not None and found.day > today:
                found.bad.append(Bad(DATE, "future_date"))
        if row.get(COMPLETE):
            if row[COMPLETE] not in {"0", "1"}:
                found.bad.append(Bad(COMPLETE, "bad_flag"))
            found.complete = row[COMPLETE] == "1"

    def _several(self, name: str, row: Mapping[str, str], found: Read) -> list[int]:
        chosen = []
        for column, (variable, code) in self.flags.items():
            if variable != name or not row.get(column):
                continue
            if row[column] not in {"0", "1"}:
                found.bad.append(Bad(column, "bad_flag"))
            elif row[column] == "1":
                chosen.append(code)
        return chosen

    @staticmethod
    def _take(variable: Variable, answer: str | list[int], found: Read, year: int) -> None:
        value: Answer = answer
        if isinstance(answer, str) and variable.kind not in TEXT_KINDS:
            if not (answer.isascii() and answer.isdigit()):
                found.bad.append(Bad(variable.name, "not_a_number"))
                return
            if len(answer) > DIGITS:
                found.bad.append(Bad(variable.name, "too_large"))
                return
            value = int(answer)
        refused = walk.refusal(variable, value, year=year)
        if refused is not None:
            found.bad.append(Bad(variable.name, refused))
        elif isinstance(value, str):
            found.texts[variable.name] = value
        else:
            found.answers[variable.name] = value


def reached(definition: QuestionnaireDef, read: Read) -> int:
    """How far somebody came: to the end, or to the last page with an answer."""
    if read.complete:
        return len(definition.pages)
    answered = {*read.answers, *read.texts}
    return max((variable.page for variable in definition.variables if variable.name in answered), default=0)


def stored_row(definition: QuestionnaireDef, read: Read) -> list[int]:
    """The row that exports write."""
    return list(coding.row(definition, {**read.answers, **read.texts}, reached(definition, read)))


def edition_of(read_row: Mapping[str, str]) -> Edition | None:
    """The edition that a postcard's row names; the national one where it names none, None where nobody knows it."""
    named = read_row.get(EDITION, "").strip() or Edition.NATIONAL.value
    return Edition(named) if named in Edition.values else None
