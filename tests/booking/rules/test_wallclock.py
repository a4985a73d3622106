"""What a Danish wall clock shows, also on the two odd Sundays of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from booking.rules.wallclock import NoSuchTime, moment


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        (date(2026, 10, 24), time(10, 15), datetime(2026, 10, 24, 8, 15, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 45), datetime(2026, 10, 24, 23, 45, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(3, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(10, 15), datetime(2026, 10, 25, 9, 15, tzinfo=UTC)),
        (date(2027, 3, 27), time(10, 15), datetime(2027, 3, 27, 9, 15, tzinfo=UTC)),
        (date(2027, 3, 28), time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(3, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(10, 15), datetime(2027, 3, 28, 8, 15, tzinfo=UTC)),
    ],
)
def test_keeps_the_wall_clock_time(day, clock, utc):
    assert moment(day, clock) == utc


@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59)])
def test_refuses_a_time_that_the_clock_skips(clock):
    with pytest.raises(NoSuchTime):
        moment(date(2027, 3, 28), clock)
