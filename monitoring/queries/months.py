"""What months came to: read from the month tables, and from the facts where a table is behind or cannot know.

The numbers are right at any time: a month that was never counted, a cell with a mark (a call changed since), and a
month of which only some days count (the practice moved to another region, or the pilot began or ended within it) are
counted from the facts on the spot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection

from monitoring.models import MonthCount, MonthMark
from monitoring.queries import counting, month_books
from monitoring.queries.month_books import Book, Piece
from monitoring.queries.organisations import Place, organisations
from monitoring.rules.evaluation import Stretch, pilot_units
from monitoring.rules.months import cut, end_of
from monitoring.rules.period import month_of, months_between
from monitoring.rules.statistics import is_test, practice_of
from vdx.accounts import queries as accounts_queries


@dataclass(frozen=True)
class MonthScope:
    """Who counts, where and when: made by :func:`month_scope`, given to the functions below."""

    months: tuple[date, ...]
    places: dict[int, Place]
    # Which of them are practices (general or specialist), as "active" counts them.
    practices: frozenset[int]
    # An organisation's days that count for a practice in a region.
    stretches: tuple[Stretch, ...]
    # As the tables stood just before they are read.
    counted: frozenset[date]
    stale: frozenset[tuple[int, date]]

    @cached_property
    def by_practice(self) -> _Asked:
        """What is asked for numbers by practice and region."""
        return _ask(self, lambda stretch: (stretch.practice, stretch.region))

    @cached_property
    def by_region(self) -> _Asked:
        """What is asked for numbers by region."""
        return _ask(self, lambda stretch: (stretch.region,))


@dataclass(frozen=True)
class _Asked:
    """Keys by their numbers; whole months (organisation, number, first and last) and the pieces for the facts."""

    keys: list[tuple[Any, ...]]
    # None: no whole month is asked for. Otherwise as the database takes it.
    whole: Any
    pieces: list[Piece]


class MonthCell(NamedTuple):
    """What a practice (or another organisation that counts for itself) came to in a month, in a region.

    ``seconds`` are whole seconds together, to be cut to minutes in the last sum shown. ``instant`` and ``apps`` are
    those of booked meetings; ``apps`` are devices.
    """

    practice: int
    region: int | None
    month: date
    consultations: int = 0
    consultation_seconds: int = 0
    consultation_instant: int = 0
    consultation_long: int = 0
    consultation_apps: int = 0
    consultation_poor: int = 0
    conferences: int = 0
    conference_seconds: int = 0
    conference_instant: int = 0
    conference_long: int = 0
    conference_apps: int = 0
    conference_poor: int = 0
    # Rooms in which no two devices met, and the booked ones' app devices.
    not_held: int = 0
    not_held_apps: int = 0

    @property
    def calls(self) -> int:
        """Consultations and conferences; a practice with any is active."""
        return self.consultations + self.conferences

    @property
    def instant_meetings(self) -> int:
        """Booked meetings that were held and began at once."""
        return self.consultation_instant + self.conference_instant

    @property
    def long_calls(self) -> int:
        """Calls held for over five minutes."""
        return self.consultation_long + self.conference_long

    @property
    def app_calls(self) -> int:
        """App devices in booked meetings, whether or not anyone else came."""
        return self.consultation_apps + self.conference_apps + self.not_held_apps


class WordSum(NamedTuple):
    """How many calls (``device``: devices of calls that were held) of a region and month go by a word.

    ``about`` is ``outcome`` (``booking.enums.Outcome``), ``failed`` or ``poor`` (``booking.enums.Cause``: what a call
    failed, or went poorly, by), ``device`` (``rooms.enums.DeviceKind``), ``browser`` or ``system``
    (``vdx.lib.browsers``), ``wait`` or ``picture`` (a step of rules/edges.py). ``kind`` is ``consultation``,
    ``conference``, or empty where no two devices met.
    """

    region: int | None
    month: date
    kind: str
    about: str
    word: str
    total: int


class QualitySum(NamedTuple):
    """Sums of ``DeviceQuality`` over the devices of a region and month; means are sums divided by samples."""

    region: int | None
    month: date
    kind: str
    devices: int
    packets_received: int
    packets_lost: int
    jitter_ms_sum: float
    jitter_samples: int
    rtt_ms_sum: float
    rtt_samples: int
    freezes: int
    freeze_seconds: float
    media_seconds: float
    picture_seconds: float
    poor_seconds: float


def month_scope(
    *, organisation_ids: Collection[int] | None, first: date, last: date, pilot_only: bool = False
) -> MonthScope:
    """Whole Danish months from that of ``first`` to that of ``last``, in organisations (None: all), test ones left out.

    ``organisation_ids`` are the units whose own calls count (a practice and what lies below it, as
    ``accounts_queries.descendant_ids`` gives). ``pilot_only`` leaves pilot practices, on the days of their pilot. Six
    queries at most. Read a scope at once: it holds what was known to be old when it was made.
    """
    places, nodes = organisations()
    months = tuple(months_between(month_of(first), month_of(last)))
    if not months:
        return MonthScope((), places, frozenset(), (), frozenset(), frozenset())
    begin, end = months[0], end_of(months[-1])
    if pilot_only:
        units = pilot_units(nodes, begin, end)
    else:
        units = {unit: (practice_of(unit, nodes), begin, end) for unit in nodes if not is_test(unit, nodes)}
    if organisation_ids is not None:
        units = {unit: window for unit, window in units.items() if unit in organisation_ids}
    stretches = []
    for span in accounts_queries.region_spans(units, begin, end):
        practice, opens, closes = units[span.organisation_id]
        if span.first <= closes and opens <= span.last:
            stretches.append(
                Stretch(span.organisation_id, practice, span.region_id, max(span.first, opens), min(span.last, closes))
            )
    # Before the tables are read: what is marked later is newer than this page.
    stale = MonthMark.objects.filter(month__gte=months[0], month__lte=months[-1]).values_list("organisation", "month")
    counted = MonthCount.objects.filter(organisation=None, month__gte=months[0], month__lte=months[-1])
    return MonthScope(
        months=months,
        places=places,
        practices=frozenset(pk for pk, node in nodes.items() if node.is_practice),
        stretches=tuple(stretches),
        stale=frozenset(stale.distinct()),
        counted=frozenset(counted.values_list("month", flat=True)),
    )


def month_cells(scope: MonthScope) -> list[MonthCell]:
    """The numbers of calls by practice, region and month; where nothing happened there is no cell. Two queries."""
    keys, rows = _read(month_books.COUNTS, scope, scope.by_practice)
    return [MonthCell._make((*keys[number], month, *sums)) for number, month, *sums in rows]


def month_words(scope: MonthScope) -> list[WordSum]:
    """Outcomes, causes and kinds of devices by region and month. Two queries."""
    keys, rows = _read(month_books.WORDS, scope, scope.by_region)
    return [WordSum._make((*keys[number], month, *rest)) for number, month, *rest in rows]


def month_quality(scope: MonthScope) -> list[QualitySum]:
    """Sums of the devices' quality by region and month. Two queries."""
    keys, rows = _read(month_books.QUALITY, scope, scope.by_region)
    return [QualitySum._make((*keys[number], month, *rest)) for number, month, *rest in rows]


def _ask(scope: MonthScope, key_of: Callable[[Stretch], tuple[Any, ...]]) -> _Asked:
    numbers: dict[tuple[Any, ...], int] = {}
    whole: list[tuple[int, int, str, str]] = []
    pieces: list[Piece] = []
    behind = _behind(scope)
    # Most stretches are the whole period.
    days = {(stretch.first, stretch.last) for stretch in scope.stretches}
    cuts = {(first, last): cut(first, last) for first, last in days}
    edges = {
        ends: (parts.months[0].isoformat(), parts.months[-1].isoformat())
        for ends, parts in cuts.items()
        if parts.months
    }
    for stretch in scope.stretches:
        ends = stretch.first, stretch.last
        number = numbers.setdefault(key_of(stretch), len(numbers))
        if ends in edges:
            whole.append((stretch.organisation, number, *edges[ends]))
        old = [(month, end_of(month)) for month in behind(stretch.organisation) if month in cuts[ends].months]
        pieces += [Piece(stretch.organisation, number, begin, end) for begin, end in (*old, *cuts[ends].rest)]
    return _Asked(list(numbers), counting.as_rows(whole) if whole and scope.counted else None, pieces)


def _read(book: Book, scope: MonthScope, asked: _Asked) -> tuple[list[tuple[Any, ...]], Iterator[tuple[Any, ...]]]:
    """The keys, and rows (number of the key, month, the book's keys and sums), each combination once."""
    rows = [] if asked.whole is None else _from_tables(book, scope, asked.whole)
    counted = _from_facts(book, asked.pieces) if asked.pieces else []
    return asked.keys, _merged(book, rows, counted)


def _behind(scope: MonthScope) -> Callable[[int], Iterable[date]]:
    """The months in which the tables do not know an organisation's numbers."""
    never = [month for month in scope.months if month not in scope.counted]
    marked: dict[int, list[date]] = defaultdict(list)
    for organisation, month in scope.stale:
        if month in scope.counted:
            marked[organisation].append(month)
    return lambda organisation: [*never, *marked.get(organisation, ())]


def _from_tables(book: Book, scope: MonthScope, whole: Any) -> list[tuple[Any, ...]]:
    month = "m.month"
    keys = [f"m.{key}" for key in book.keys]
    sums = ", ".join(
        f"SUM(m.{name})" if name in month_books.FRACTIONS else f"CAST(SUM(m.{name}) AS bigint)" for name in book.sums
    )
    groups = ", ".join(str(place) for place in range(1, 3 + len(keys)))
    sql = (
        f"WITH whole AS ({counting.rows_of(organisation='bigint', number='bigint', first='date', last='date')}),"  # noqa: S608  # every part of it is ours
        f" counted AS ({counting.rows_of(month='date')}),"
        f" stale AS ({counting.rows_of(organisation='bigint', month='date')})"
        f" SELECT {', '.join(['whole.number', month, *keys])}, {sums} FROM {book.table} m"
        " JOIN whole ON whole.organisation = m.organisation_id AND m.month >= whole.first AND m.month <= whole.last"
        " JOIN counted ON counted.month = m.month"
        " LEFT JOIN stale ON stale.organisation = m.organisation_id AND stale.month = m.month"
        f" WHERE stale.organisation IS NULL GROUP BY {groups}"
    )
    counted = [[month.isoformat()] for month in sorted(scope.counted)]
    stale = [[organisation, month.isoformat()] for organisation, month in sorted(scope.stale)]
    return _fetched(sql, [whole, counting.as_rows(counted), counting.as_rows(stale)])


def _from_facts(book: Book, pieces: Sequence[Piece]) -> list[tuple[Any, ...]]:
    return _fetched(month_books.from_facts(book), [month_books.pieces_rows(pieces)])


def _fetched(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _merged(
    book: Book, rows: Iterable[tuple[Any, ...]], counted: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """Each combination once, in order: the tables and what was counted from the facts may both know a part of it."""
    heads = 2 + len(book.keys)
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {row[:heads]: row[heads:] for row in _dated(rows)}
    for row in _dated(counted):
        # PostgreSQL gives some sums as Decimal.
        sums = tuple(value if isinstance(value, float) else int(value) for value in row[heads:])
        known = found.get(row[:heads])
        found[row[:heads]] = sums if known is None else tuple(map(sum, zip(known, sums, strict=True)))
    return ((*head, *sums) for head, sums in sorted(found.items()))


def _dated(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """SQLite gives a date as text where it is not a column's own."""
    if connection.vendor == "postgresql":
        return rows
    return ((number, date.fromisoformat(str(month)), *rest) for number, month, *rest in rows)
