"""Times as people say them, right across the change to and from summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from booking.wording import at_clock, clock, long_day, minutes_until


@pytest.mark.parametrize(
    ("moment", "day", "time"),
    [
        (datetime(2026, 11, 23, 9, 15, tzinfo=UTC), "mandag den 23. november 2026", "kl. 10.15"),
        (datetime(2026, 10, 24, 8, 15, tzinfo=UTC), "lørdag den 24. oktober 2026", "kl. 10.15"),
        (datetime(2026, 10, 25, 9, 15, tzinfo=UTC), "søndag den 25. oktober 2026", "kl. 10.15"),
        (datetime(2027, 3, 28, 8, 15, tzinfo=UTC), "søndag den 28. marts 2027", "kl. 10.15"),
        (datetime(2026, 6, 30, 22, 5, tzinfo=UTC), "onsdag den 1. juli 2026", "kl. 00.05"),
    ],
)
def test_a_moment_by_a_danish_wall_clock(moment, day, time):
    assert (long_day(moment), at_clock(moment), f"kl. {clock(moment)}") == (day, time, time)


def test_a_date_by_itself():
    assert long_day(date(2026, 11, 23)) == "mandag den 23. november 2026"


def test_length_in_whole_minutes():
    start = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
    assert minutes_until(start, start.replace(minute=34, second=59)) == 19
