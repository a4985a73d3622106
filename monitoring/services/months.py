"""The month tables: marking what has changed, and counting it anew from the facts. Nothing else writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max, Min

from monitoring.models import CallRecord, MonthCount, MonthMark
from monitoring.queries import counting, month_books
from monitoring.queries.month_books import BOOKS, Book, Piece
from monitoring.rules.months import end_of
from monitoring.rules.period import MOST_MONTHS, month_of, months_between, plus
from vdx.lib.clock import local_date
from vdx.lib.database import take_turn
from vdx.lib.errors import Conflict

# A month with more marks than this is counted as a whole: one look at its calls instead of one a practice.
MANY_MARKS = 200
# A database takes no list of any length.
_AT_ONCE = 500


def mark_months(changed: Iterable[tuple[int, datetime | None]]) -> None:
    """Say that calls of these organisations, at these moments, are not what they were.

    Called in the transaction of the change, before and after it where the change may move a call. A moment is that of
    the first device, or for which the room was booked where nobody came; without one a call is in no month.
    """
    write_marks({(organisation, month_of(local_date(at))) for organisation, at in changed if at is not None})


def write_marks(cells: Collection[tuple[int, date]]) -> None:
    """The same for organisations and months that the caller knows already."""
    MonthMark.objects.bulk_create(
        (MonthMark(organisation_id=organisation, month=month) for organisation, month in sorted(cells)),
        batch_size=_AT_ONCE,
    )


def count_marked(*, now: datetime) -> int:
    """Count anew what was marked, and months that were never counted; say how many months or cells were counted.

    Safe to run twice, and at once: who comes second leaves it to the first. Each month is a transaction of its own.
    """
    done = 0
    counted = set(_counted())
    # Every month that a page may show, whatever lies further off: a room booked for years ahead is counted by its mark.
    if not counted.issuperset(months_between(_oldest(now), _december(now))):
        done += count_all(now=now, only_missing=True)
        counted = set(_counted())
    for month in sorted({*MonthMark.objects.values_list("month", flat=True).distinct()}):
        with _alone() as mine:
            if not mine:
                return done
            # Seen here, and so seen by the counting below: each of these marks was committed with its change.
            marks = list(MonthMark.objects.filter(month=month).values_list("pk", "organisation_id"))
            if month in counted and len(marks) <= MANY_MARKS:
                cells = sorted({organisation for _, organisation in marks})
                _count(month, cells)
                done += len(cells)
            else:
                _count_month(month)
                done += 1
            _unmark([pk for pk, _ in marks])
    return done


def count_all(*, now: datetime, only_missing: bool = False) -> int:
    """Count every month anew from the facts, or those that were never counted; say how many months were counted.

    From the oldest call, or what the pages show at most, to the end of the year, empty months as well. Raises
    ``Conflict`` where somebody else is counting, unless only what is missing is wanted.
    """
    ends = CallRecord.objects.aggregate(first=Min("started_at"), last=Max("started_at"))
    never = CallRecord.objects.filter(started_at=None).aggregate(first=Min("starts_at"), last=Max("starts_at"))
    known = [month_of(local_date(at)) for at in (*ends.values(), *never.values()) if at is not None]
    first = min([_oldest(now), *known])
    months = months_between(first, max([_december(now), *known]))
    counted = set(_counted()) if only_missing else set()
    done = 0
    for month in months:
        if month in counted:
            continue
        with _alone() as mine:
            if not mine:
                if only_missing:
                    return done
                raise Conflict
            # Marks of a call that came since we looked for the first and the last are left to the next sweep.
            if known and min(known) <= month <= max(known):
                marks = list(MonthMark.objects.filter(month=month).values_list("pk", flat=True))
                _count_month(month)
                _unmark(marks)
            else:
                _count_month(month, nothing=True)
        done += 1
    return done


def _oldest(now: datetime) -> date:
    return plus(month_of(local_date(now)), 1 - MOST_MONTHS)


def _december(now: datetime) -> date:
    return date(local_date(now).year, 12, 1)


def _counted() -> Iterator[date]:
    yield from MonthCount.objects.filter(organisation=None).values_list("month", flat=True)


@contextmanager
def _alone() -> Iterator[bool]:
    """A transaction, and whether nobody else counts in it."""
    with transaction.atomic():
        yield take_turn("monitoring.months")


def _unmark(marks: list[int]) -> None:
    """Take away these marks and no others: one that came since is of a change that may not have been counted."""
    for start in range(0, len(marks), _AT_ONCE):
        MonthMark.objects.filter(pk__in=marks[start : start + _AT_ONCE]).delete()


def _count_month(month: date, *, nothing: bool = False) -> None:
    """Count a month of all organisations (``nothing``: nobody held a call), and say that it has been counted."""
    organisations = apps.get_model("accounts.Organisation").objects.order_by("pk").values_list("pk", flat=True)
    with connection.cursor() as cursor:
        for book in BOOKS:
            cursor.execute(f"DELETE FROM {book.table} WHERE month = %s", [_written(month)])  # noqa: S608  # ours
    if not nothing:
        _write(month, list(organisations))
    MonthCount.objects.create(organisation=None, month=month)


def _count(month: date, organisations: list[int]) -> None:
    """Count some organisations' cells of a month."""
    ours = counting.rows_of(organisation="bigint")
    with connection.cursor() as cursor:
        for book in BOOKS:
            cursor.execute(
                f"DELETE FROM {book.table} WHERE month = %s"  # noqa: S608  # ours
                f" AND organisation_id IN (SELECT organisation FROM ({ours}) AS one)",
                [_written(month), counting.as_rows([[organisation] for organisation in organisations])],
            )
    _write(month, organisations)


def _write(month: date, organisations: list[int]) -> None:
    pieces = month_books.pieces_rows(Piece(pk, pk, month, end_of(month)) for pk in organisations)
    with connection.cursor() as cursor:
        for book in BOOKS:
            cursor.execute(_insert(book), [pieces])


def _insert(book: Book) -> str:
    columns = ", ".join(["organisation_id", "month", *book.keys, *book.sums])
    return f"INSERT INTO {book.table} ({columns}) {month_books.from_facts(book)}"


def _written(month: date) -> str:
    return month.isoformat()
