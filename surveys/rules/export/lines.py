"""Stored rows as lines of data.csv and labels.csv and as rows of data.sav, one after the other.

A stored line is ``CONTEXT,PERSON,FLAGS,NUMBERS…``: the number of its context and of its person in ``Classes``, its
flags as digits, and the rest of the row as it stands in the database. So a million lines take no more memory than
their classes do.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from surveys.rules.export.dataset import HELD_TEXT, KEPT_BACK, Dataset, Field
from surveys.rules.privacy import HELD, Classes, Plan, decade
from surveys.rules.questionnaire import BIRTH_YEAR
from vdx.lib.spreadsheet import harmless

# Lines at once.
CHUNK = 2000
Value = int | str


def cell(text: str) -> str:
    """A text as a cell of a CSV file that no spreadsheet runs (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow((harmless(text), ""))
    return out.getvalue()[:-1]


def pieces(stored: Iterable[list[str]]) -> Iterator[list[str]]:
    """Smaller lists of the same lines."""
    for chunk in stored:
        for start in range(0, len(chunk), CHUNK):
            yield chunk[start : start + CHUNK]


class Lines:
    """Renders the stored lines of a dataset as the plan allows. ``counts``: how often each answer was met."""

    def __init__(self, dataset: Dataset, classes: Classes, plan: Plan) -> None:
        self.dataset, self.classes, self.plan = dataset, classes, plan
        self.counts: dict[str, Counter[str]] = {field.name: Counter() for field in dataset.fields}
        self._flags: Counter[str] = Counter()

    def header(self) -> str:
        """The names of the columns."""
        return ",".join(field.name for field in self.dataset.fields) + "\n"

    def codes(self, stored: Iterable[list[str]]) -> Iterator[str]:
        """data.csv, a bucket of lines at a time."""
        told = _Told(self, None)
        yield self.header()
        number = 0
        for chunk in stored:
            out = []
            for line in chunk:
                number += 1
                context, person, flags, rest = line.split(",", 3)
                known = told.contexts[int(context)] + told.persons[int(person)]
                out.append(f"{number},{told.flags[flags]}{told.special.get(known, known)}{rest}\n")
            yield "".join(out)

    def labels(self, stored: Iterable[list[str]], language: str) -> Iterator[str]:
        """labels.csv, some lines at a time; counts the answers on the way."""
        told = _Told(self, language)
        answers = self.dataset.answers
        texts = [{str(code): cell(text[language]) for code, text in field.codes.items()} for field in answers]
        # With the mark by which spreadsheets know UTF-8: these are words, which people look at.
        yield "\ufeff" + self.header()
        number = 0
        for chunk in pieces(stored):
            out, rows = [], []
            for line in chunk:
                number += 1
                context, person, flags, rest = line.split(",", 3)
                cells = rest.split(",")
                rows.append(cells)
                self._flags[flags] += 1
                known = told.contexts[int(context)] + told.persons[int(person)]
                words = ",".join([text.get(value, value) for text, value in zip(texts, cells, strict=True)])
                out.append(f"{number},{told.flags[flags]}{told.special.get(known, known)}{words}\n")
            for field, column in zip(answers, zip(*rows, strict=True), strict=True):
                self.counts[field.name].update(column)
            yield "".join(out)
        self._count_the_rest()

    def values(self, stored: Iterable[list[str]]) -> Iterator[tuple[Value, ...]]:
        """The rows of data.sav."""
        told: dict[tuple[str, str, str], tuple[Value, ...]] = {}
        number = 0
        for chunk in stored:
            for line in chunk:
                number += 1
                context, person, flags, rest = line.split(",", 3)
                known = told.get((context, person, flags))
                if known is None:
                    facts, values = self.plan.told(int(context), int(person))
                    known = told[context, person, flags] = (*map(int, flags), *facts, *self.person(values))
                    if len(told) > CHUNK:
                        # As many classes as lines, in the worst case: memory stays as it is.
                        told.clear()
                yield (number, *known, *map(int, rest.split(",")))

    def person(self, told: tuple[str, ...]) -> tuple[int, ...]:
        """Sex, year of birth and its band as numbers, as far as they may be told."""
        values: list[int] = []
        for field, value in zip(self.dataset.person, told, strict=True):
            number = KEPT_BACK if value == HELD else int(value)
            if field.name == BIRTH_YEAR:
                exact = not self.plan.levels.get(BIRTH_YEAR) or number < 0
                values += [number if exact else KEPT_BACK, int(decade(str(number))) if exact else number]
            else:
                values.append(number)
        return tuple(values)

    def _count_the_rest(self) -> None:
        """What is counted a class at a time: the person's answers as they were given, not as told."""
        dataset = self.dataset
        for flags, lines in self._flags.items():
            for field, value in zip(dataset.flags, flags, strict=True):
                self.counts[field.name][value] += lines
        for context, person, lines in self.classes.items():
            facts, values = self.plan.told(context, person)
            for field, fact in zip(dataset.facts, facts, strict=True):
                self.counts[field.name][fact] += lines
            for field, value in zip(dataset.person, self.classes.persons[person], strict=True):
                self.counts[field.name][value] += lines
            if dataset.band is not None:
                self.counts[dataset.band.name][str(self.person(values)[-1])] += lines


class _Told:
    """What stands between the running number and the answers; in words where a language is given."""

    def __init__(self, lines: Lines, language: str | None) -> None:
        self.dataset, self.language, self.person = lines.dataset, language, lines.person
        plan = lines.plan
        self.contexts = [self._context(told) for told in plan.contexts]
        self.persons = [self._person(told) for told in plan.persons]
        self.special = {
            self._context(pair[0]) + self._person(pair[1]): self._context(told[0]) + self._person(told[1])
            for pair, told in plan.special.items()
        }
        flags = ["".join(each) for each in product("01", repeat=len(self.dataset.flags))]
        self.flags = {
            each: "".join(f"{self._code(f, int(value))}," for f, value in zip(self.dataset.flags, each, strict=True))
            for each in flags
        }

    def _context(self, told: tuple[str, ...]) -> str:
        return "".join(f"{self._word(f, v)}," for f, v in zip(self.dataset.facts, told, strict=True))

    def _person(self, told: tuple[str, ...]) -> str:
        fields = (*self.dataset.person, *(() if self.dataset.band is None else (self.dataset.band,)))
        return "".join(f"{self._code(f, v)}," for f, v in zip(fields, self.person(told), strict=True))

    def _code(self, field: Field, code: int) -> str:
        if self.language is None or code not in field.codes:
            return str(code)
        return cell(field.codes[code][self.language])

    def _word(self, field: Field, word: str) -> str:
        if self.language is None:
            return cell(word)
        if word == HELD:
            return cell(HELD_TEXT[self.language])
        known = (field.words or {}).get(word)
        return cell(word if known is None else known[self.language])
