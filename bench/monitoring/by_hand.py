"""Tables 2 to 6 of the evaluation as somebody would write them in SQL for PostgreSQL, each by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

_DAY = "(c.started_at AT TIME ZONE 'Europe/Copenhagen')::date"
# A practice's calls on the days of its pilot, in the region of that day.
_PILOT = f"""
FROM monitoring_callrecord c
JOIN accounts_organisation p ON p.id = c.organisation_id AND p.kind IN ('general', 'specialist') AND NOT p.is_test
LEFT JOIN accounts_regionperiod moved ON moved.organisation_id = p.id
    AND (moved.valid_from IS NULL OR moved.valid_from <= {_DAY})
    AND (moved.valid_until IS NULL OR {_DAY} <= moved.valid_until)
JOIN accounts_organisation r ON r.id = COALESCE(moved.region_id, p.parent_id)
WHERE NOT c.is_test
    AND c.started_at >= %(first)s::date::timestamp AT TIME ZONE 'Europe/Copenhagen'
    AND c.started_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen'
    AND {_DAY} >= p.pilot_from AND (p.pilot_until IS NULL OR {_DAY} <= p.pilot_until)
"""
_MONTH = f"to_char({_DAY}, 'YYYY-MM')"
_HELD = "c.device_count >= 2 AND c.seconds_together >= 1"
_SQL = {
    "table2_active_practices": f"SELECT r.name, {_MONTH}, count(DISTINCT p.id) {_PILOT} AND {_HELD} GROUP BY 1, 2",
    "table3_consultations": f"SELECT r.name, {_MONTH}, count(*) {_PILOT} AND {_HELD} AND c.booked"
    " AND c.device_count = 2 GROUP BY 1, 2",
    "table4_conferences": f"SELECT r.name, {_MONTH}, count(*) {_PILOT} AND {_HELD}"
    " AND (NOT c.booked OR c.device_count > 2) GROUP BY 1, 2",
    "table5_app_calls": f"SELECT r.name, {_MONTH}, sum(c.app_count) {_PILOT} AND c.booked AND c.app_count > 0"
    " GROUP BY 1, 2",
    "table6_by_region": "SELECT r.name, count(DISTINCT p.id) FILTER (WHERE p.kind = 'general'),"
    " count(DISTINCT p.id) FILTER (WHERE p.kind = 'specialist'),"
    " count(*) FILTER (WHERE c.booked AND c.device_count = 2),"
    f" count(*) FILTER (WHERE NOT c.booked OR c.device_count > 2) {_PILOT} AND {_HELD} GROUP BY 1",
}


def tables(first: date, last: date) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each, by the name of the report's file."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in _SQL.items():
            cursor.execute(sql, {"first": first, "last": last})
            found[name] = cursor.fetchall()
    return found


def same(by_hand: dict[str, list[tuple[Any, ...]]], report: dict[str, list[list[str | int]]]) -> list[str]:
    """The tables in which the two differ; both leave out nothing but zeros and sums."""
    return [name for name, rows in by_hand.items() if _flat(rows) != _of_report(name, report[name])]


def _flat(rows: list[tuple[Any, ...]]) -> dict[tuple[str, ...], tuple[int, ...]]:
    heads = 2 if rows and isinstance(rows[0][1], str) else 1
    return {
        (str(row[0]).removeprefix("Region "), *row[1:heads]): tuple(int(cell) for cell in row[heads:]) for row in rows
    }


def _of_report(name: str, rows: list[list[str | int]]) -> dict[tuple[str, ...], tuple[int, ...]]:
    header, *lines = rows
    lines = [line for line in lines if line[0] != "I alt"]
    if name == "table6_by_region":
        return {(str(line[0]),): tuple(int(cell) for cell in line[1:5]) for line in lines if line[5]}
    return {
        (str(line[0]), str(month)): (int(number),)
        for line in lines
        for month, number in zip(header[1:], line[1:], strict=True)
        if month != "total" and number
    }
