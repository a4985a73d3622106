"""The evaluation's numbers: SQL over the facts, in a constant number of queries, on both databases.

What decides where a call counts (test, pilot dates, region by date, the Danish day and month) is worked out by rules
into stretches of time for each unit; the database joins the calls to them and adds up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from monitoring.queries.organisations import organisations
from monitoring.rules.evaluation import LONG_SECONDS, Cell, Evaluation, Practice, Stretch, pilot_units, signed_up
from monitoring.rules.period import month_of, months_between
from monitoring.rules.regions import REGIONS, order, short_name
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import OrganisationKind
from vdx.lib.clock import day_bounds

# Where a practice belongs to no region.
NO_REGION = "Uden region"

# What rules/kind.py says, for the database.
_COUNTED = "c.device_count >= 2 AND c.seconds_together >= 1"
_CONSULTATION = f"{_COUNTED} AND c.booked AND c.device_count = 2"
_CONFERENCE = f"{_COUNTED} AND NOT (c.booked AND c.device_count = 2)"


def evaluation(*, first: date, last: date) -> Evaluation:
    """What pilot practices held from one Danish day to another, both included. Test organisations are left out."""
    places, nodes = organisations()
    units = pilot_units(nodes, first, last)
    joined = signed_up(nodes, last)
    spans = accounts_queries.region_spans({*units, *joined}, min([first, *joined.values()]), last)
    stretches = [
        Stretch(span.organisation_id, practice, span.region_id, max(span.first, begin), min(span.last, end))
        for span in spans
        if span.organisation_id in units
        for practice, begin, end in [units[span.organisation_id]]
        if span.first <= end and begin <= span.last
    ]

    def name(region: int | None) -> str:
        return NO_REGION if region is None else short_name(places[region].name)

    practices = tuple(
        Practice(
            span.organisation_id,
            places[span.organisation_id].kind == OrganisationKind.GENERAL,
            name(span.region_id),
            joined[span.organisation_id],
        )
        for span in spans
        if span.organisation_id in joined and span.first <= joined[span.organisation_id] <= span.last
    )
    cells = _cells(stretches, first, last, {span.region_id: name(span.region_id) for span in spans})
    regions = {*REGIONS, *(cell.region for cell in cells), *(practice.region for practice in practices)}
    return Evaluation(
        first=first,
        last=last,
        regions=tuple(sorted(regions, key=lambda region: (region == NO_REGION, order(region)))),
        practices=practices,
        cells=cells,
        peaks=_peaks(stretches, first, last),
    )


def _cells(stretches: Sequence[Stretch], first: date, last: date, names: dict[int | None, str]) -> tuple[Cell, ...]:
    months = months_between(month_of(first), month_of(last))
    if not stretches:
        return ()
    month, starts = _month("c.started_at", months)
    columns = ", ".join(
        f"COALESCE(SUM(CASE WHEN {when} THEN {what} ELSE 0 END), 0)"
        for when, what in (
            (_CONSULTATION, "1"),
            (_CONSULTATION, "c.seconds_together"),
            (_CONFERENCE, "1"),
            (_CONFERENCE, "c.seconds_together"),
            (f"{_COUNTED} AND c.booked AND c.instant", "1"),
            (f"{_COUNTED} AND c.seconds_together > {LONG_SECONDS}", "1"),
            ("c.booked", "c.app_count"),
        )
    )
    sql = (
        f"WITH stretch AS ({_stretch_table()})"  # noqa: S608  # every part of it is ours
        f" SELECT stretch.number, {month} AS month, {columns} FROM monitoring_callrecord c {_JOIN} GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_as_json(stretches), *starts, *_bounds(first, last)])
        rows = cursor.fetchall()
    return tuple(
        Cell(stretches[row[0]].practice, names[stretches[row[0]].region], months[row[1]], *(int(n) for n in row[2:]))
        for row in sorted(rows)
    )


def _peaks(stretches: Sequence[Stretch], first: date, last: date) -> dict[date, int]:
    """The highest number of calls held at the same time in each month: a sweep over their beginnings and ends.

    At one moment ends come before beginnings. A mark at the first moment of each month takes along the calls that run
    into it.
    """
    months = months_between(month_of(first), month_of(last))
    if not stretches:
        return dict.fromkeys(months, 0)
    begins = [max(day_bounds(month)[0], day_bounds(first)[0]) for month in months]
    moment = "%s::timestamptz" if connection.vendor == "postgresql" else "%s"
    marks = " UNION ALL ".join(f"SELECT {moment}, 0" for _ in begins)
    month, starts = _month("at", months)
    sql = (
        f"WITH stretch AS ({_stretch_table()}),"  # noqa: S608  # every part of it is ours
        f" held AS (SELECT t.began_at, t.ended_at FROM monitoring_callrecord c {_JOIN_HEAD}"
        f" JOIN monitoring_callstretch t ON t.call_id = c.id {_WHERE} AND {_COUNTED}),"
        f" change AS (SELECT began_at AS at, 1 AS step FROM held UNION ALL SELECT ended_at, -1 FROM held"
        f" UNION ALL {marks}),"
        " running AS (SELECT at, SUM(step) OVER (ORDER BY at, step ROWS UNBOUNDED PRECEDING) AS calls FROM change)"
        f" SELECT {month} AS month, MAX(calls) FROM running WHERE at >= %s AND at < %s GROUP BY 1"
    )
    bounds = _bounds(first, last)
    with connection.cursor() as cursor:
        cursor.execute(sql, [_as_json(stretches), *bounds, *(_moment(begin) for begin in begins), *starts, *bounds])
        found = {months[number]: int(calls) for number, calls in cursor.fetchall()}
    return {month: found.get(month, 0) for month in months}


_JOIN_HEAD = (
    "JOIN stretch ON stretch.organisation = c.organisation_id"
    " AND c.started_at >= stretch.begins AND c.started_at < stretch.ends"
)
_WHERE = "WHERE NOT c.is_test AND c.started_at >= %s AND c.started_at < %s"
_JOIN = f"{_JOIN_HEAD} {_WHERE}"


def _stretch_table() -> str:
    """The stretches, given as one JSON value: no database takes a list of parameters of any length."""
    if connection.vendor == "postgresql":
        return (
            "SELECT (v->>0)::bigint AS organisation, (v->>1)::integer AS number,"
            " (v->>2)::timestamptz AS begins, (v->>3)::timestamptz AS ends FROM jsonb_array_elements(%s::jsonb) AS v"
        )
    return (
        "SELECT json_extract(value, '$[0]') AS organisation, json_extract(value, '$[1]') AS number,"
        " json_extract(value, '$[2]') AS begins, json_extract(value, '$[3]') AS ends FROM json_each(%s)"
    )


def _as_json(stretches: Sequence[Stretch]) -> str:
    rows = [
        (stretch.organisation, number, *(_moment(moment) for moment in _instants(stretch.first, stretch.last)))
        for number, stretch in enumerate(stretches)
    ]
    return json.dumps(rows)


def _month(column: str, months: Sequence[date]) -> tuple[str, list[str]]:
    """The number of the Danish month that a moment lies in, and the parameters that it takes.

    Literals would do, but a moment is written as each database writes it.
    """
    ends = [day_bounds(month)[0] for month in months[1:]]
    cases = "".join(f" WHEN {column} < %s THEN {number}" for number in range(len(ends)))
    if not cases:
        return "0", []
    return f"CASE{cases} ELSE {len(ends)} END", [_moment(end) for end in ends]


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    return day_bounds(first)[0], day_bounds(last)[1]


def _bounds(first: date, last: date) -> tuple[str, str]:
    begin, end = _instants(first, last)
    return _moment(begin), _moment(end)


def _moment(moment: datetime) -> str:
    """As the database writes it."""
    return str(connection.ops.adapt_datetimefield_value(moment))
