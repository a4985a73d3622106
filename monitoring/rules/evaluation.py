"""What the evaluation report counts: pilot practices, from day to day, region by region, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from monitoring.rules.period import month_of, months_between, plus
from monitoring.rules.statistics import Node, is_test, practice_of

# A call is a long one above so many seconds together.
LONG_SECONDS = 300


@dataclass(frozen=True)
class Stretch:
    """A unit's calls from one Danish day to another, both included, count for a practice in a region."""

    organisation: int
    practice: int
    region: int | None
    first: date
    last: date


def pilot_window(practice: Node, first: date, last: date) -> tuple[date, date] | None:
    """The days of a period in which a practice takes part, both included; None: it never does.

    Who has no first day takes no part; without a last day there is no end.
    """
    if not practice.is_practice or practice.pilot_from is None:
        return None
    begin, end = max(first, practice.pilot_from), min(last, practice.pilot_until or last)
    return (begin, end) if begin <= end else None


def pilot_units(nodes: Mapping[int, Node], first: date, last: date) -> dict[int, tuple[int, date, date]]:
    """Every unit whose calls count: its practice, and from which day to which. Test organisations are left out."""
    found = {}
    for unit in nodes:
        if is_test(unit, nodes):
            continue
        practice = practice_of(unit, nodes)
        window = pilot_window(nodes[practice], first, last)
        if window is not None:
            found[unit] = (practice, *window)
    return found


def practice_units(nodes: Mapping[int, Node], first: date, last: date) -> dict[int, tuple[int, date, date]]:
    """The same of every practice, whether or not it takes part in the pilot."""
    return {
        unit: (practice_of(unit, nodes), first, last)
        for unit in nodes
        if not is_test(unit, nodes) and nodes[practice_of(unit, nodes)].is_practice
    }


def signed_up(nodes: Mapping[int, Node], last: date) -> dict[int, date]:
    """The day on which each practice that takes part, or has taken part, signed up; until a day, included."""
    return {
        node.pk: node.pilot_from
        for node in nodes.values()
        if node.is_practice and node.pilot_from is not None and node.pilot_from <= last and not is_test(node.pk, nodes)
    }


@dataclass(frozen=True)
class Cell:
    """What a practice held in a month, in a region. Seconds are whole; they are cut to minutes where they are shown."""

    practice: int
    region: str
    month: date
    consultations: int = 0
    consultation_seconds: int = 0
    conferences: int = 0
    conference_seconds: int = 0
    instant_meetings: int = 0
    long_calls: int = 0
    app_calls: int = 0

    @property
    def calls(self) -> int:
        """Consultations and conferences."""
        return self.consultations + self.conferences


@dataclass(frozen=True)
class Practice:
    """A practice that takes part: its kind (general or specialist), and where and when it signed up."""

    pk: int
    kind: str
    region: str
    signed_up: date


@dataclass(frozen=True)
class Evaluation:
    """Everything of a period that the report's tables are made of."""

    first: date
    last: date
    # Names in the report's order; the five are there also where nothing was held.
    regions: tuple[str, ...]
    practices: tuple[Practice, ...]
    cells: tuple[Cell, ...]
    # Highest number of calls held at the same time, by month.
    peaks: Mapping[date, int] = field(default_factory=dict)

    @property
    def months(self) -> list[date]:
        """Every month that the period touches."""
        return months_between(month_of(self.first), month_of(self.last))

    def total(self, what: Callable[[Cell], int]) -> int:
        """A number over the whole period."""
        return sum(what(cell) for cell in self.cells)

    def by_region_month(self, what: Callable[[Cell], int]) -> dict[tuple[str, date], int]:
        """A number by region and month."""
        found: dict[tuple[str, date], int] = defaultdict(int)
        for cell in self.cells:
            found[cell.region, cell.month] += what(cell)
        return found

    def active(self, *, region: str | None = None, month: date | None = None) -> set[int]:
        """Practices that held at least one call."""
        return {
            practice
            for (place, when), practices in self._held.items()
            if region in {None, place} and month in {None, when}
            for practice in practices
        }

    @cached_property
    def _held(self) -> dict[tuple[str, date], set[int]]:
        """Practices with a call, by region and month."""
        found: dict[tuple[str, date], set[int]] = defaultdict(set)
        for cell in self.cells:
            if cell.calls:
                found[cell.region, cell.month].add(cell.practice)
        return found

    def signed_up(self, region: str | None, month: date) -> int:
        """How many practices had signed up by the end of a month (or of the period, where it ends within)."""
        end = min(plus(month, 1) - timedelta(days=1), self.last)
        return sum(p.signed_up <= end for p in self.practices if region in {None, p.region})


def percent(part: int, whole: int) -> int | None:
    """Whole per cent, half up; None of nothing."""
    return None if whole == 0 else rounded(100 * part, whole)


def rounded(sum_of: int, count: int) -> int:
    """A quotient as a whole number, half up. Neither is negative."""
    return (2 * sum_of + count) // (2 * count)


def sums(cells: Iterable[Cell], what: Callable[[Cell], int]) -> int:
    """A number over some cells."""
    return sum(what(cell) for cell in cells)
