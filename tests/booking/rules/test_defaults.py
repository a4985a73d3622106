"""The next quarter in which the doctor is free."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking.rules.defaults import next_free_quarter, next_quarter


def at(hour: int, minute: int, second: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "quarter"),
    [
        (at(9, 0), at(9, 0)),
        (at(9, 0, 1), at(9, 15)),
        (at(9, 14, 59), at(9, 15)),
        (at(9, 59), at(10, 0)),
        (at(23, 50), at(0, 0, day=24)),
    ],
)
def test_rounds_up_to_a_quarter(moment, quarter):
    assert next_quarter(moment) == quarter


@pytest.mark.parametrize(
    ("busy", "minutes", "expected"),
    [
        ([], 15, at(9, 15)),
        ([(at(9, 15), at(9, 30))], 15, at(9, 30)),
        ([(at(9, 0), at(9, 15))], 15, at(9, 15)),
        ([(at(9, 30), at(10, 0))], 30, at(10, 0)),
        ([(at(9, 20), at(9, 25)), (at(9, 40), at(9, 50))], 15, at(10, 0)),
        ([(at(9, 15), at(9, 30)), (at(9, 45), at(10, 0))], 15, at(9, 30)),
    ],
)
def test_finds_the_first_quarter_with_room_for_the_usual_length(busy, minutes, expected):
    assert next_free_quarter(at(9, 1), minutes, busy) == expected


def test_gives_up_after_more_than_a_full_day():
    assert next_free_quarter(at(9, 1), 15, [(at(0, 0), at(0, 0) + timedelta(days=9))]) == at(9, 15)
