"""Many rows at once, as each database takes them quickest: COPY on PostgreSQL, one prepared INSERT on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from monitoring.models import CallRecord
from vdx.lib.database import take_turn

AT_ONCE = 5000


def is_postgres() -> bool:
    """Whether rows go in by COPY."""
    return connection.vendor == "postgresql"


def alone() -> bool:
    """Whether nobody else imports at the moment; held until the end of the transaction."""
    return take_turn("monitoring.import_history")


def make_staging() -> None:
    """Empty tables of this connection's own for the rows of the files."""
    drop_staging()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE history_call (line integer, call_id text, organisation integer, booked integer,"
            " instant integer, started bigint, ended bigint, outcome text)"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE history_device (line integer, call_id text, kind text, joined bigint, gone bigint,"
            " device text)"
        )


def drop_staging() -> None:
    """Take those tables away."""
    with connection.cursor() as cursor:
        # A temporary table is found before any other of its name.
        cursor.execute("DROP TABLE IF EXISTS history_call")
        cursor.execute("DROP TABLE IF EXISTS history_device")


def write(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a table of ours."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if is_postgres():
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["?"] * len(columns))
            # The driver's own call: Django's rewrites the text of each statement.
            plain = cursor.cursor.connection.cursor()
            plain.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608  # table and columns are ours
                ([_plain(value) for value in row] for row in rows),
            )
            plain.close()


def ids(table: str, count: int) -> list[int]:
    """So many new primary keys of a table, nobody else's."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if is_postgres():
            # Asked for once: looking the sequence up for each number takes longer than drawing it.
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            sequence = cursor.fetchone()[0]
            cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return list(range(first, first + count))


def known(rooms: Sequence[UUID]) -> set[UUID]:
    """Which of these calls are there already."""
    if not is_postgres():
        found = CallRecord.objects.filter(room_uuid__in=rooms)
        return set(found.values_list("room_uuid", flat=True))
    with connection.cursor() as cursor:
        # One value: thousands of parameters take longer to hand over than to look up.
        cursor.execute(
            "SELECT room_uuid FROM monitoring_callrecord WHERE room_uuid = ANY(string_to_array(%s, ',')::uuid[])",
            [",".join(room.hex for room in rooms)],
        )
        return {row[0] for row in cursor.fetchall()}


def chunks(rows: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """The rows, so many at a time."""
    source = iter(rows)
    while some := list(islice(source, size)):
        yield some


def _plain(value: Any) -> Any:
    """As Django keeps it in SQLite."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID):
        return value.hex
    return value
