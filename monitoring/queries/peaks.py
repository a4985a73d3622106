"""The highest number of calls at the same time, in each of many stretches of time: one sweep in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from monitoring.queries.counting import COUNTED, written
from monitoring.queries.organisations import organisations
from monitoring.rules.statistics import is_test
from vdx.lib.clock import day_bounds


def highest(edges: Sequence[datetime], *, held: str, parameters: Sequence[Any], before: str = "") -> list[int]:
    """The highest number of calls held at once between each edge and the next; edges are in order.

    ``held`` is SQL for the stretches (``began_at``, ``ended_at``) in which calls were held, ``before`` what stands in
    front of it in ``WITH``; ``parameters`` are those of both, in order. A call that runs over an edge counts on both
    sides. At one moment ends come before beginnings, and both before what is counted from there on.
    """
    marks = json.dumps([(written(edge), number) for number, edge in enumerate(edges)])
    sql = (
        f"WITH {before} held AS ({held}), mark AS ({_marks()}),"  # noqa: S608  # every part of it is ours
        " change AS (SELECT began_at AS at, 1 AS step, CAST(NULL AS integer) AS number FROM held"
        " UNION ALL SELECT ended_at, -1, CAST(NULL AS integer) FROM held UNION ALL SELECT at, 0, number FROM mark),"
        " running AS (SELECT SUM(step) OVER sweep AS calls, MAX(number) OVER sweep AS number FROM change"
        " WINDOW sweep AS (ORDER BY at, step ROWS UNBOUNDED PRECEDING))"
        " SELECT number, MAX(calls) FROM running WHERE number IS NOT NULL GROUP BY number"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, marks])
        found = {int(number): int(calls) for number, calls in cursor.fetchall()}
    return [found.get(number, 0) for number in range(len(edges) - 1)]


def peaks_of_hub(first: date, last: date, *, running: Iterable[tuple[int, datetime, datetime]] = ()) -> dict[date, int]:
    """The highest number of calls at once on each Danish day, in the whole hub; both days included. Two queries.

    Test organisations and test calls are left out, as everywhere in the statistics. ``running``: what no record holds
    yet, by organisation, from when to when.
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if not days:
        return {}
    _, nodes = organisations()
    tests = [[unit] for unit in nodes if is_test(unit, nodes)]
    still = [
        (written(began), written(ended)) for organisation, began, ended in running if not is_test(organisation, nodes)
    ]
    edges = [*(day_bounds(day)[0] for day in days), day_bounds(last)[1]]
    held = (
        "SELECT t.began_at, t.ended_at FROM monitoring_callstretch t JOIN monitoring_callrecord c ON c.id = t.call_id"  # noqa: S608  # ours
        f" WHERE t.ended_at > {_moment()} AND t.began_at < {_moment()} AND NOT c.is_test AND {COUNTED}"
        f" AND c.organisation_id NOT IN (SELECT unit FROM test)"
        " UNION ALL SELECT began_at, ended_at FROM still"
    )
    peaks = highest(
        edges,
        before=f"test AS ({_units()}), still AS ({_stretches()}),",
        held=held,
        parameters=[json.dumps(tests), json.dumps(still), written(edges[0]), written(edges[-1])],
    )
    return dict(zip(days, peaks, strict=True))


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _moment() -> str:
    return "%s::timestamptz" if _on_postgresql() else "%s"


def _marks() -> str:
    if _on_postgresql():
        return "SELECT (v->>0)::timestamptz AS at, (v->>1)::integer AS number FROM jsonb_array_elements(%s::jsonb) AS v"
    return "SELECT json_extract(value, '$[0]') AS at, json_extract(value, '$[1]') AS number FROM json_each(%s)"


def _stretches() -> str:
    if _on_postgresql():
        return (
            "SELECT (v->>0)::timestamptz AS began_at, (v->>1)::timestamptz AS ended_at"
            " FROM jsonb_array_elements(%s::jsonb) AS v"
        )
    return "SELECT json_extract(value, '$[0]') AS began_at, json_extract(value, '$[1]') AS ended_at FROM json_each(%s)"


def _units() -> str:
    if _on_postgresql():
        return "SELECT (v->>0)::bigint AS unit FROM jsonb_array_elements(%s::jsonb) AS v"
    return "SELECT json_extract(value, '$[0]') AS unit FROM json_each(%s)"
