"""Which calls count where, as the database is asked: stretches of time for each unit, joined to the calls.

What decides (test, pilot dates, region by date, the Danish day) is worked out by rules; the database joins and adds up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from monitoring.queries.organisations import organisations
from monitoring.rules.evaluation import Practice, Stretch, pilot_units, practice_units, signed_up
from monitoring.rules.regions import region_name
from vdx.accounts import queries as accounts_queries
from vdx.lib.clock import day_bounds

# Where a practice belongs to no region.
NO_REGION = "Uden region"

# What rules/kind.py says, for the database.
COUNTED = "c.device_count >= 2 AND c.seconds_together >= 1"
CONSULTATION = f"{COUNTED} AND c.booked AND c.device_count = 2"
CONFERENCE = f"{COUNTED} AND NOT (c.booked AND c.device_count = 2)"


@dataclass(frozen=True)
class Scope:
    """Practices in a period, and the stretches of time in which units' calls count for them."""

    first: date
    last: date
    stretches: tuple[Stretch, ...]
    # All that have signed up for the pilot by the end of the period, those that have left as well.
    practices: tuple[Practice, ...]
    # Short names of regions, and kinds of practices.
    names: dict[int | None, str]
    kinds: dict[int, str]


def scope(*, first: date, last: date, pilot: bool = True) -> Scope:
    """Whose calls count, and where, in a period of Danish days. Two queries at most.

    ``pilot``: pilot practices alone, on their days in the pilot; otherwise every practice.
    """
    places, nodes = organisations()
    units = (pilot_units if pilot else practice_units)(nodes, first, last)
    joined = signed_up(nodes, last)
    spans = accounts_queries.region_spans({*units, *joined}, min([first, *joined.values()]), last)
    names: dict[int | None, str] = {None: NO_REGION}
    regions = {places[span.region_id] for span in spans if span.region_id is not None}
    names |= {region.pk: region_name(region.code, region.name) for region in regions}
    stretches = tuple(
        Stretch(span.organisation_id, practice, span.region_id, max(span.first, begin), min(span.last, end))
        for span in spans
        if span.organisation_id in units
        for practice, begin, end in [units[span.organisation_id]]
        if span.first <= end and begin <= span.last
    )
    practices = tuple(
        Practice(
            span.organisation_id,
            places[span.organisation_id].kind,
            names[span.region_id],
            joined[span.organisation_id],
        )
        for span in spans
        if span.organisation_id in joined and span.first <= joined[span.organisation_id] <= span.last
    )
    return Scope(first, last, stretches, practices, names, {place.pk: place.kind for place in places.values()})


def join(moment_of: str = "c.started_at", *, more: str = "") -> str:
    """Calls of the period with the stretch that each lies in. Parameters: :func:`bounds`."""
    return (
        "JOIN stretch ON stretch.organisation = c.organisation_id"
        f" AND {moment_of} >= stretch.begins AND {moment_of} < stretch.ends {more}"
        f" WHERE NOT c.is_test AND {moment_of} >= %s AND {moment_of} < %s"
    )


def stretch_table() -> str:
    """The stretches as a table. Parameter: :func:`stretch_rows`."""
    return rows_of(organisation="bigint", number="integer", begins="timestamptz", ends="timestamptz")


def stretch_rows(stretches: Sequence[Stretch]) -> Any:
    """The parameter of :func:`stretch_table`: each stretch's number is its place."""
    # Most of them are the whole period.
    edges = {(stretch.first, stretch.last) for stretch in stretches}
    moments = {days: bounds(*days) for days in edges}
    return as_rows(
        (stretch.organisation, number, *moments[stretch.first, stretch.last])
        for number, stretch in enumerate(stretches)
    )


def rows_of(**columns: str) -> str:
    """A table that is given as one value: the columns with their types, in order. Parameter: :func:`as_rows`."""
    if connection.vendor == "postgresql":
        cells = ", ".join(f"(v->>{place})::{kind} AS {name}" for place, (name, kind) in enumerate(columns.items()))
        # Of an array PostgreSQL knows the length when it plans; the offset has each row read once, not once a call.
        return f"SELECT {cells} FROM (SELECT one::jsonb AS v FROM unnest(%s::text[]) AS one) AS row OFFSET 0"  # noqa: S608  # names and types are ours
    cells = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns))
    return f"SELECT {cells} FROM json_each(%s)"  # noqa: S608  # names are ours


def as_rows(rows: Iterable[Sequence[Any]]) -> Any:
    """The parameter of :func:`rows_of`: one value, since no database takes a list of parameters of any length."""
    if connection.vendor == "postgresql":
        # PostgreSQL quotes what is in an array as JSON does; of a list the driver would quote one row after another.
        return f"{{{json.dumps([json.dumps(row) for row in rows])[1:-1]}}}"
    return json.dumps(list(rows))


def section(column: str, ends: Sequence[datetime]) -> tuple[str, list[str]]:
    """Before how many of the moments, in order, a column lies, as SQL (0: before the first), and its parameters."""
    if not ends:
        return "0", []
    cases = "".join(f" WHEN {column} < %s THEN {number}" for number in range(len(ends)))
    return f"CASE{cases} ELSE {len(ends)} END", [written(end) for end in ends]


def bounds(first: date, last: date) -> tuple[str, str]:
    """First moment of a Danish day, and the first after another."""
    return written(day_bounds(first)[0]), written(day_bounds(last)[1])


def written(moment: datetime) -> str:
    """As the database writes it."""
    return str(connection.ops.adapt_datetimefield_value(moment))
