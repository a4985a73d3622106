"""The evaluation's numbers: SQL over the facts, in a constant number of queries, on both databases."""

from __future__ import annotations

from datetime import date

from django.db import connection

from monitoring.queries import counting
from monitoring.queries.counting import CONFERENCE, CONSULTATION, COUNTED, NO_REGION, Scope
from monitoring.queries.peaks import highest
from monitoring.rules.evaluation import LONG_SECONDS, Cell, Evaluation
from monitoring.rules.period import month_of, months_between
from monitoring.rules.regions import REGIONS, order
from vdx.lib.clock import day_bounds


def evaluation(*, first: date, last: date) -> Evaluation:
    """What pilot practices held from one Danish day to another, both included. Test organisations are left out."""
    scope = counting.scope(first=first, last=last)
    cells = _cells(scope)
    regions = {*REGIONS, *(cell.region for cell in cells), *(practice.region for practice in scope.practices)}
    return Evaluation(
        first=first,
        last=last,
        regions=tuple(sorted(regions, key=lambda region: (region == NO_REGION, order(region)))),
        practices=scope.practices,
        cells=cells,
        peaks=_peaks(scope),
    )


def _months(scope: Scope) -> list[date]:
    return months_between(month_of(scope.first), month_of(scope.last))


def _month(column: str, months: list[date]) -> tuple[str, list[str]]:
    """The number of the Danish month that a moment lies in."""
    return counting.section(column, [day_bounds(month)[0] for month in months[1:]])


def _cells(scope: Scope) -> tuple[Cell, ...]:
    if not scope.stretches:
        return ()
    months = _months(scope)
    month, starts = _month("c.started_at", months)
    columns = ", ".join(
        f"COALESCE(SUM(CASE WHEN {when} THEN {what} ELSE 0 END), 0)"
        for when, what in (
            (CONSULTATION, "1"),
            (CONSULTATION, "c.seconds_together"),
            (CONFERENCE, "1"),
            (CONFERENCE, "c.seconds_together"),
            (f"{COUNTED} AND c.booked AND c.instant", "1"),
            (f"{COUNTED} AND c.seconds_together > {LONG_SECONDS}", "1"),
            ("c.booked", "c.app_count"),
        )
    )
    sql = (
        f"WITH stretch AS ({counting.stretch_table()})"  # noqa: S608  # every part of it is ours
        f" SELECT stretch.number, {month} AS month, {columns} FROM monitoring_callrecord c {counting.join()}"
        " GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                counting.stretch_rows(scope.stretches),
                *starts,
                *counting.bounds(scope.first, scope.last),
            ],
        )
        rows = sorted(cursor.fetchall())
    return tuple(
        Cell(
            scope.stretches[number].practice,
            scope.names[scope.stretches[number].region],
            months[month_number],
            *(int(count) for count in counts),
        )
        for number, month_number, *counts in rows
    )


def _peaks(scope: Scope) -> dict[date, int]:
    """The highest number of calls held at the same time in each month."""
    months = _months(scope)
    if not scope.stretches:
        return dict.fromkeys(months, 0)
    edges = [*(day_bounds(max(month, scope.first))[0] for month in months), day_bounds(scope.last)[1]]
    held = counting.join(more="JOIN monitoring_callstretch t ON t.call_id = c.id")
    peaks = highest(
        edges,
        before=f"stretch AS ({counting.stretch_table()}),",
        held=f"SELECT t.began_at, t.ended_at FROM monitoring_callrecord c {held} AND {COUNTED}",  # noqa: S608  # ours
        parameters=[counting.stretch_rows(scope.stretches), *counting.bounds(scope.first, scope.last)],
    )
    return dict(zip(months, peaks, strict=True))
