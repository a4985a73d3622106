"""What months came to: read from the month tables, and from the facts where a table is behind or cannot know.

The numbers are right at any time: a month that was never counted, a cell with a mark (a call changed since), and a
month of which only some days count (the practice moved to another region, or the pilot began or ended within it) are
counted from the facts on the spot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import add
from typing import Any, NamedTuple

from django.db import connection

from monitoring.models import MonthCount, MonthMark
from monitoring.queries import counting, month_books
from monitoring.queries.month_books import Book, Piece
from monitoring.queries.organisations import Place, organisations
from monitoring.rules.evaluation import Stretch, pilot_units
from monitoring.rules.month_cells import MonthCell, PracticeSum, RegionCell, Sums
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
    def asked(self) -> _Asked:
        """What is asked of the tables, and what of the facts."""
        return _ask(self)


@dataclass(frozen=True)
class _Asked:
    """Practices with their regions by number, and for what the tables and the facts are asked.

    The months that the tables know; (organisation, number, region) of those that they know in all of these, and of the
    others with each month: as the database takes them, None where nothing is asked of the tables.
    """

    keys: list[tuple[int, int | None]]
    tables: tuple[Any, Any, Any] | None
    pieces: list[Piece]


class WordSum(NamedTuple):
    """How many calls (``device``: devices of calls that were held) of a month go by a word.

    ``about`` is ``outcome`` (``booking.enums.Outcome``), ``failed`` or ``poor`` (``booking.enums.Cause``: what a call
    failed, or went poorly, by), ``device`` (``rooms.enums.DeviceKind``), ``browser`` or ``system``
    (``vdx.lib.browsers``), ``wait`` or ``picture`` (a step of rules/edges.py). ``kind`` is ``consultation``,
    ``conference``, or empty where no two devices met.
    """

    month: date
    kind: str
    about: str
    word: str
    total: int


class QualitySum(NamedTuple):
    """Sums of ``DeviceQuality`` over the devices of a month; means are sums divided by samples."""

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
    ``accounts_queries.descendant_ids`` gives). ``pilot_only`` leaves pilot practices, on the days of their pilot. Four
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
    """The numbers of calls by practice, region and month; where nothing happened there is no cell. Two queries.

    As many rows as practices times months: for a file, not for a page.
    """
    asked = scope.asked
    found = _merged(
        2,
        _by_whom(asked, ["here.number", "here.month"]),
        _from_facts(month_books.COUNTS, asked.pieces),
    )
    return [
        MonthCell(practice, region, month, Sums._make(sums))
        for number, month, *sums in found
        for practice, region in [asked.keys[number]]
    ]


def month_sums(scope: MonthScope) -> tuple[list[RegionCell], list[PracticeSum]]:
    """The numbers of calls by region and month, and by practice and region over all the months. Three queries.

    The database adds up: a practice is one row, however many months there are.
    """
    asked = scope.asked
    practices = {number: Sums._make(sums) for number, *sums in _by_whom(asked, ["here.number"])}
    regions = {
        (region, _day(month)): RegionCell(
            region, _day(month), Sums._make(sums), _of(asked, consulting), _of(asked, conferring)
        )
        for region, month, *sums, consulting, conferring in _by_whom(
            asked, ["here.region", "here.month"], also=[_who("consultations"), _who("conferences")]
        )
    }
    for number, month, *counted in _from_facts(month_books.COUNTS, asked.pieces):
        sums = Sums._make(counted)
        practice, region = asked.keys[number]
        practices[number] = practices.get(number, Sums()).plus(sums)
        known = regions.get((region, month), RegionCell(region, month))
        regions[region, month] = RegionCell(
            region,
            month,
            known.sums.plus(sums),
            known.consulting | ({practice} if sums.consultations else set()),
            known.conferring | ({practice} if sums.conferences else set()),
        )
    return list(regions.values()), [
        PracticeSum(practice, region, practices[number])
        for number, (practice, region) in enumerate(asked.keys)
        if number in practices
    ]


def month_words(scope: MonthScope) -> list[WordSum]:
    """Outcomes, causes, devices, browsers, waiting and pictures by month. Two queries."""
    return [WordSum._make(row) for row in _together(month_books.WORDS, scope.asked)]


def month_quality(scope: MonthScope) -> list[QualitySum]:
    """Sums of the devices' quality by month. Two queries."""
    return [QualitySum._make(row) for row in _together(month_books.QUALITY, scope.asked)]


def _ask(scope: MonthScope) -> _Asked:
    numbers: dict[tuple[int, int | None], int] = {}
    always: list[tuple[int, int, int | None]] = []
    sometimes: list[tuple[int, int, int | None, str]] = []
    pieces: list[Piece] = []
    never = [month for month in scope.months if month not in scope.counted]
    marked: dict[int, list[date]] = defaultdict(list)
    for organisation, month in scope.stale:
        if month in scope.counted:
            marked[organisation].append(month)
    # Most stretches are the whole period.
    cuts = {ends: cut(*ends) for ends in {(stretch.first, stretch.last) for stretch in scope.stretches}}
    for stretch in scope.stretches:
        key = stretch.practice, stretch.region
        number = numbers.setdefault(key, len(numbers))
        whole, rest = cuts[stretch.first, stretch.last].months, cuts[stretch.first, stretch.last].rest
        behind = [month for month in (*never, *marked.get(stretch.organisation, ())) if month in whole]
        if len(whole) == len(scope.months) and len(behind) == len(never):
            always.append((stretch.organisation, number, stretch.region))
        else:
            sometimes += [
                (stretch.organisation, number, stretch.region, month.isoformat())
                for month in whole
                if month not in behind
            ]
        days = (*((month, end_of(month)) for month in behind), *rest)
        pieces += [Piece(stretch.organisation, number, begin, end) for begin, end in days]
    if not (scope.counted and (always or sometimes)):
        return _Asked(list(numbers), None, pieces)
    counted = [[month.isoformat()] for month in sorted(scope.counted)]
    return _Asked(
        list(numbers), (counting.as_rows(counted), counting.as_rows(always), counting.as_rows(sometimes)), pieces
    )


def _tables() -> str:
    """What stands before each question to the tables. Parameters: ``_Asked.tables``."""
    whose = {"organisation": "bigint", "number": "bigint", "region": "bigint"}
    return (
        f"WITH counted AS ({counting.rows_of(month='date')}), always AS ({counting.rows_of(**whose)}),"
        f" sometimes AS ({counting.rows_of(**whose, month='date')})"
    )


def _by_whom(asked: _Asked, by: Sequence[str], *, also: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Rows (what it is by, sums, what else is wanted) of the numbers of calls."""
    if asked.tables is None:
        return []
    names = month_books.COUNTS.sums
    table, columns = month_books.COUNTS.table, ", ".join(f"m.{name}" for name in names)
    sums = [f"CAST(SUM(here.{name}) AS bigint)" for name in names]
    return _fetched(
        f"{_tables()}, here AS (SELECT always.number, always.region, m.month, {columns} FROM {table} m"  # noqa: S608  # every part of it is ours
        " JOIN always ON always.organisation = m.organisation_id WHERE m.month IN (SELECT month FROM counted)"
        f" UNION ALL SELECT sometimes.number, sometimes.region, m.month, {columns} FROM {table} m"
        " JOIN sometimes ON sometimes.organisation = m.organisation_id AND sometimes.month = m.month)"
        f" SELECT {', '.join([*by, *sums, *also])} FROM here GROUP BY {', '.join(by)}",
        asked.tables,
    )


def _who(column: str) -> str:
    """The numbers of those that came to something there, as a text."""
    joined = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    return f"{joined}(CASE WHEN here.{column} > 0 THEN CAST(here.number AS text) END, ',')"


def _of(asked: _Asked, numbers: str | None) -> frozenset[int]:
    return frozenset(asked.keys[int(number)][0] for number in numbers.split(",")) if numbers else frozenset()


def _together(book: Book, asked: _Asked) -> Iterable[tuple[Any, ...]]:
    """Rows (month, the book's keys and sums) of everything that is asked for, each combination once."""
    rows: list[tuple[Any, ...]] = []
    if asked.tables is not None:
        sums = [
            f"SUM(m.{name})" if name in month_books.FRACTIONS else f"CAST(SUM(m.{name}) AS bigint)"
            for name in book.sums
        ]
        heads = ", ".join(["m.month", *(f"m.{key}" for key in book.keys)])
        # Looked up, not joined: of rows that are given PostgreSQL does not know how few of them fit.
        rows = _fetched(
            f"{_tables()} SELECT 0, {heads}, {', '.join(sums)} FROM {book.table} m"  # noqa: S608  # every part of it is ours
            " WHERE m.month IN (SELECT month FROM counted) AND (m.organisation_id IN (SELECT organisation FROM always)"
            " OR (m.organisation_id, m.month) IN (SELECT organisation, month FROM sometimes))"
            f" GROUP BY {heads}",
            asked.tables,
        )
    pieces = [replace(piece, number=0) for piece in asked.pieces]
    return (row[1:] for row in _merged(2 + len(book.keys), rows, _from_facts(book, pieces)))


def _from_facts(book: Book, pieces: Sequence[Piece]) -> list[tuple[Any, ...]]:
    """Rows (number, month, the book's keys and sums)."""
    if not pieces:
        return []
    heads, rows = len(book.keys), []
    for number, month, *row in _fetched(month_books.from_facts(book), [month_books.pieces_rows(pieces)]):
        # PostgreSQL gives some sums as Decimal.
        sums = [value if isinstance(value, float) else int(value) for value in row[heads:]]
        rows.append((number, _day(month), *row[:heads], *sums))
    return rows


def _fetched(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _merged(heads: int, rows: Iterable[tuple[Any, ...]], counted: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Each combination once, in order: the tables and what was counted from the facts may both know a part of it."""
    found = {(number, _day(month), *rest[: heads - 2]): tuple(rest[heads - 2 :]) for number, month, *rest in rows}
    for row in counted:
        head, sums = row[:heads], row[heads:]
        known = found.get(head)
        found[head] = sums if known is None else tuple(map(add, known, sums))
    return [(*head, *sums) for head, sums in sorted(found.items())]


def _day(value: Any) -> date:
    """SQLite gives a date as text where it is not a column's own."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))
