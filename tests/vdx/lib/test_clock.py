"""Danish days and months, as moments in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from vdx.lib import clock


def test_now_is_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("day", "start", "hours"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 14, 23, tzinfo=UTC), 24),
        (date(2026, 7, 15), datetime(2026, 7, 14, 22, tzinfo=UTC), 24),
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
    ids=["winter", "summer", "to summer time", "to winter time"],
)
def test_a_danish_day_begins_at_danish_midnight(day: date, start: datetime, hours: int) -> None:
    assert clock.day_bounds(day) == (start, start + timedelta(hours=hours))


def test_a_day_ends_where_the_next_begins() -> None:
    for offset in range(400):
        day = date(2026, 1, 1) + timedelta(days=offset)
        assert clock.day_bounds(day)[1] == clock.day_bounds(day + timedelta(days=1))[0]


def test_december_ends_where_january_begins() -> None:
    assert clock.month_bounds(2019, 12) == (
        datetime(2019, 11, 30, 23, tzinfo=UTC),
        datetime(2019, 12, 31, 23, tzinfo=UTC),
    )


def test_a_month_over_the_change_of_time() -> None:
    assert clock.month_bounds(2026, 3) == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )


def test_the_date_on_a_danish_wall_is_ahead_of_utc_at_night() -> None:
    assert clock.local_date(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert clock.local(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)).hour == 0
