"""Counting what was answered: a question at a time, and two against each other.

Counted are groups of rows that are alike in the columns of a question (``surveys.rules.coding``): the columns'
numbers, and how many rows have them. So the database may count a million rows, and these rules read a few lines.

Per cent are of those who answered. Asked is who met the question: answered it, or skipped it on a page that was sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from surveys.enums import NUMBER_KINDS, TEXT_KINDS, QuestionKind
from surveys.rules.coding import DROPPED_OUT, NOT_ASKED, SKIPPED
from surveys.rules.questionnaire import LANGUAGES, QuestionnaireDef, Text, Variable
from surveys.rules.shares import per_cent
from surveys.rules.suppression import Table, held_back

# Numbers of the columns, in their order, and how many rows have them.
Cells = Sequence[int]
Groups = Iterable[tuple[Cells, int]]

# Numbers and years are shown in bands; so many at most.
MOST_BANDS = 12
# Years are never shown finer than by tens: a year of birth beside another answer may be one person.
_YEARS = 10


@dataclass(frozen=True)
class Option:
    """An answer that is shown: its code, or the first number of its band, and its text by language."""

    code: int
    text: Text


@dataclass(frozen=True)
class Scale:
    """The answers to a question as they are shown, in their order; ``width`` numbers stand together."""

    options: Sequence[Option]
    width: int = 1

    def place(self, code: int) -> int:
        """The option that a code or number belongs to."""
        return code // self.width * self.width


@dataclass(frozen=True)
class Tally:
    """How one question was answered. ``codes`` says how many gave each answer; of several answers, each counts."""

    codes: Mapping[int, int]
    answered: int
    skipped: int = 0
    not_asked: int = 0
    dropped_out: int = 0

    @property
    def asked(self) -> int:
        """Who met the question."""
        return self.answered + self.skipped

    def on(self, scale: Scale) -> Tally:
        """The same, in the bands of a scale."""
        codes: Counter[int] = Counter()
        for code, count in self.codes.items():
            codes[scale.place(code)] += count
        return replace(self, codes=dict(codes))

    def per_cent(self, code: int) -> int | None:
        """Those who gave the answer, of those who answered."""
        return per_cent(self.codes.get(code, 0), self.answered)

    @property
    def answered_per_cent(self) -> int | None:
        """Those who answered, of those who were asked."""
        return per_cent(self.answered, self.asked)


@dataclass(frozen=True)
class Cross:
    """How two questions were answered together. Only those count who answered both (``both``).

    ``rows`` says how many of them gave each answer to the first question, ``columns`` to the second.
    """

    cells: Mapping[tuple[int, int], int]
    rows: Mapping[int, int]
    columns: Mapping[int, int]
    both: int
    # Cells that are not told, lest they single somebody out.
    held: frozenset[tuple[int, int]] = frozenset()

    def on(self, first: Scale, second: Scale) -> Cross:
        """The same, in the bands of two scales. A number is one answer, so that nobody is counted twice in a band."""
        cells: Counter[tuple[int, int]] = Counter()
        rows: Counter[int] = Counter()
        columns: Counter[int] = Counter()
        for (row, column), count in self.cells.items():
            cells[first.place(row), second.place(column)] += count
        for row, count in self.rows.items():
            rows[first.place(row)] += count
        for column, count in self.columns.items():
            columns[second.place(column)] += count
        return Cross(dict(cells), dict(rows), dict(columns), self.both, self.held)

    def count(self, row: int, column: int) -> int | None:
        """How many gave both answers; None where it is not told."""
        return None if (row, column) in self.held else self.cells.get((row, column), 0)

    def per_cent(self, row: int, column: int) -> int | None:
        """Of those who gave the first answer, those who gave the second; None of nothing, and where it is not told."""
        if (row, column) in self.held:
            return None
        return per_cent(self.cells.get((row, column), 0), self.rows.get(row, 0))


def tally(variable: Variable, groups: Groups) -> Tally:
    """The tally of a question from the groups of its columns."""
    codes: Counter[int] = Counter()
    missing: Counter[int] = Counter()
    answered = 0
    for cells, count in groups:
        given = answers(variable, cells)
        if given is None:
            missing[cells[0]] += count
            continue
        answered += count
        for code in given:
            codes[code] += count
    return Tally(
        codes=dict(codes),
        answered=answered,
        skipped=missing[SKIPPED],
        not_asked=missing[NOT_ASKED],
        dropped_out=missing[DROPPED_OUT],
    )


def cross(first: Variable, second: Variable, groups: Iterable[tuple[Cells, Cells, int]]) -> Cross:
    """Two questions together, from the groups of their columns."""
    cells: Counter[tuple[int, int]] = Counter()
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    both = 0
    for left, right, count in groups:
        one, other = answers(first, left), answers(second, right)
        if one is None or other is None:
            continue
        both += count
        for code in one:
            rows[code] += count
        for code in other:
            columns[code] += count
        for pair in ((row, column) for row in one for column in other):
            cells[pair] += count
    return Cross(dict(cells), dict(rows), dict(columns), both)


def without_small_cells(first: Variable, second: Variable, cross: Cross, k: int) -> Cross:
    """The same in bands as shown, without the cells that single out somebody (``rules.suppression``)."""
    down, across = scale(first, cross.rows), scale(second, cross.columns)
    shown = cross.on(down, across)
    table = Table(
        {
            (row.code, column.code): shown.cells.get((row.code, column.code), 0)
            for row in down.options
            for column in across.options
        },
        {row.code: shown.rows.get(row.code, 0) for row in down.options},
        {column.code: shown.columns.get(column.code, 0) for column in across.options},
        shown.both,
        one_a_row=second.kind != QuestionKind.SEVERAL,
        one_a_column=first.kind != QuestionKind.SEVERAL,
    )
    # By the names, so that both ways round hide the same.
    turned = first.name > second.name
    held = held_back(table.turned() if turned else table, k)
    return replace(cross, held=frozenset((b, a) for a, b in held) if turned else held)


def answers(variable: Variable, cells: Cells) -> tuple[int, ...] | None:
    """The codes that a row gives; None where nothing was answered."""
    if not cells or cells[0] < 0:
        return None
    if variable.kind == QuestionKind.SEVERAL:
        return tuple(choice.code for choice, flag in zip(variable.choices, cells, strict=True) if flag == 1)
    return (cells[0],)


def countable(definition: QuestionnaireDef) -> tuple[Variable, ...]:
    """The questions that have an answer to count, in the order of asking; what is written in own words has none."""
    return tuple(variable for variable in definition.variables if variable.kind not in TEXT_KINDS)


def scale(variable: Variable, codes: Iterable[int]) -> Scale:
    """How the answers to a question are shown. ``codes`` are those that were given: a number's bands follow them."""
    if variable.kind not in NUMBER_KINDS:
        return Scale(tuple(Option(choice.code, choice.text) for choice in variable.choices))
    found = sorted(codes)
    width = _YEARS if variable.kind == QuestionKind.YEAR else 1
    if not found:
        return Scale((), width)
    while found[-1] // width - found[0] // width >= MOST_BANDS:
        width = _wider(width)
    starts = range(found[0] // width * width, found[-1] + 1, width)
    return Scale(tuple(Option(start, _band(start, width)) for start in starts), width)


def _wider(width: int) -> int:
    """1, 2, 5, 10, 20, 50 and so on."""
    return width * 5 // 2 if str(width).startswith("2") else width * 2


def _band(start: int, width: int) -> Text:
    said = f"{start}" if width == 1 else f"{start}–{start + width - 1}"
    return dict.fromkeys(LANGUAGES, said)
