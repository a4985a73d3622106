"""The month tables: what stands in each, and how it is counted from the facts. One SQL for counting and for reading.

A *piece* is an organisation's time within a Danish month, with a number that the asker gives it. What a piece came to
is counted from the facts by :func:`from_facts`; services/months.py writes that down for whole months, and
queries/months.py asks it where nothing, or something old, is written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from booking.enums import Cause, Outcome
from monitoring.queries import counting
from monitoring.queries.counting import CONFERENCE, CONSULTATION, COUNTED
from monitoring.rules.edges import OVER, PICTURES, WAITS
from monitoring.rules.evaluation import LONG_SECONDS

_KIND = f"CASE WHEN {CONSULTATION} THEN 'consultation' WHEN {CONFERENCE} THEN 'conference' ELSE '' END"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _each(condition: str, *, booked: str) -> list[str]:
    """The sums of one kind, in the order of the table's columns; ``booked``: what is said of booked meetings alone."""
    return [
        f"SUM(CASE WHEN {condition} THEN {what} ELSE 0 END)"
        for what in (
            "1",
            "c.seconds_together",
            f"CASE WHEN {booked} AND c.instant THEN 1 ELSE 0 END",
            f"CASE WHEN c.seconds_together > {LONG_SECONDS} THEN 1 ELSE 0 END",
            f"CASE WHEN {booked} THEN c.app_count ELSE 0 END",
            "CASE WHEN c.is_poor THEN 1 ELSE 0 END",
        )
    ]


def _within(column: str, edges: Iterable[int]) -> str:
    """The word of a number of seconds: the first edge that it is below, or "over" (rules/edges.py)."""
    return "CASE" + "".join(f" WHEN {column} < {edge} THEN '{edge}'" for edge in edges) + f" ELSE '{OVER}' END"


@dataclass(frozen=True)
class Book:
    """A month table: its name, what tells its rows of an organisation and month apart, its sums, and where from."""

    table: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    # Rows (number, month, keys, sums) over the calls in "here".
    select: str


COUNTS = Book(
    table="monitoring_monthcount",
    keys=(),
    sums=(
        "consultations", "consultation_seconds", "consultation_instant", "consultation_long", "consultation_apps",
        "consultation_poor", "conferences", "conference_seconds", "conference_instant", "conference_long",
        "conference_apps", "conference_poor", "not_held", "not_held_apps",
    ),
    select="SELECT c.number, c.month, "  # noqa: S608  # every part of it is ours
    + ", ".join(
        [
            *_each(CONSULTATION, booked="c.booked"),
            *_each(CONFERENCE, booked="c.booked"),
            f"SUM(CASE WHEN {COUNTED} THEN 0 ELSE 1 END)",
            f"SUM(CASE WHEN {COUNTED} OR NOT c.booked THEN 0 ELSE c.app_count END)",
        ]
    )
    + " FROM here c GROUP BY 1, 2",
)  # fmt: skip
_HELD = _listed([Outcome.CARRIED_OUT.value, Outcome.SOUND_ONLY.value])
_MEASURED = f"FROM here c JOIN monitoring_devicequality q ON q.room_uuid = c.room_uuid WHERE {COUNTED}"
_WORD = f"SELECT c.number, c.month, {_KIND} AS kind"
WORDS = Book(
    table="monitoring_monthword",
    keys=("kind", "about", "word"),
    sums=("count",),
    select=(
        f"{_WORD}, 'outcome' AS about, c.outcome AS word, COUNT(*) AS count FROM here c"
        " WHERE c.outcome <> '' GROUP BY 1, 2, 3, 4, 5"
        f" UNION ALL {_WORD}, CASE WHEN c.outcome IN ({_HELD}) THEN 'poor' ELSE 'failed' END AS about,"
        f" c.cause AS word, COUNT(*) AS count FROM here c WHERE c.is_final AND c.cause <> ''"
        f" AND c.cause <> '{Cause.NONE.value}'"
        " GROUP BY 1, 2, 3, 4, 5"
        f" UNION ALL {_WORD}, 'device' AS about, d.kind AS word, COUNT(*) AS count FROM here c"
        f" JOIN monitoring_devicerecord d ON d.call_id = c.id WHERE {COUNTED} GROUP BY 1, 2, 3, 4, 5"
        f" UNION ALL {_WORD}, 'wait' AS about, {_within('d.waited_seconds', WAITS)} AS word, COUNT(*) AS count"
        f" FROM here c JOIN monitoring_devicerecord d ON d.call_id = c.id"
        f" WHERE {COUNTED} AND d.waited_seconds IS NOT NULL GROUP BY 1, 2, 3, 4, 5"
        f" UNION ALL {_WORD}, 'browser' AS about, q.browser AS word, COUNT(*) AS count {_MEASURED}"
        f" AND q.browser <> '' GROUP BY 1, 2, 3, 4, 5"
        f" UNION ALL {_WORD}, 'system' AS about, q.system AS word, COUNT(*) AS count {_MEASURED}"
        f" AND q.system <> '' GROUP BY 1, 2, 3, 4, 5"
        f" UNION ALL {_WORD}, 'picture' AS about, {_within('q.seconds_to_picture', PICTURES)} AS word,"
        f" COUNT(*) AS count {_MEASURED} AND q.seconds_to_picture IS NOT NULL GROUP BY 1, 2, 3, 4, 5"
    ),
)
_QUALITY = (
    "packets_received", "packets_lost", "jitter_ms_sum", "jitter_samples", "rtt_ms_sum", "rtt_samples", "freezes",
    "freeze_seconds", "media_seconds", "picture_seconds", "poor_seconds",
)  # fmt: skip
# Sums that are no whole numbers.
FRACTIONS = frozenset(
    {"jitter_ms_sum", "rtt_ms_sum", "freeze_seconds", "media_seconds", "picture_seconds", "poor_seconds"}
)
QUALITY = Book(
    table="monitoring_monthquality",
    keys=("kind",),
    sums=("devices", *_QUALITY),
    select=f"{_WORD}, COUNT(*), " + ", ".join(f"SUM(q.{name})" for name in _QUALITY) + f" {_MEASURED} GROUP BY 1, 2, 3",
)
BOOKS = (COUNTS, WORDS, QUALITY)


@dataclass(frozen=True)
class Piece:
    """An organisation's days from the first to the last, both included, all in one month."""

    organisation: int
    number: int
    first: date
    last: date


def from_facts(book: Book) -> str:
    """Rows (number, month, keys, sums) of pieces, by the facts alone. Parameter: :func:`pieces_rows`.

    A room to which nobody came belongs to the month that it was booked for. Test calls are left out.
    """
    taken = "piece.number, piece.month, c.* FROM piece JOIN monitoring_callrecord c ON c.organisation_id ="
    columns = {"organisation": "bigint", "number": "bigint", "month": "date"}
    return (
        f"WITH piece AS ({counting.rows_of(**columns, begins='timestamptz', ends='timestamptz')}),"
        f" here AS (SELECT {taken} piece.organisation AND c.started_at >= piece.begins AND c.started_at < piece.ends"
        " WHERE NOT c.is_test"
        f" UNION ALL SELECT {taken} piece.organisation AND c.started_at IS NULL AND c.starts_at >= piece.begins"
        f" AND c.starts_at < piece.ends WHERE NOT c.is_test) {book.select}"
    )


def pieces_rows(pieces: Iterable[Piece]) -> Any:
    """The parameter of :func:`from_facts`."""
    edges: dict[tuple[date, date], tuple[str, str]] = {}
    rows = []
    for piece in pieces:
        days = (piece.first, piece.last)
        if days not in edges:
            edges[days] = counting.bounds(*days)
        rows.append((piece.organisation, piece.number, piece.first.replace(day=1).isoformat(), *edges[days]))
    return counting.as_rows(rows)
