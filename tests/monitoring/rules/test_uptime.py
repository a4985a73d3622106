"""Uptime as a share of the probe's intervals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitoring.rules.uptime import Found, Standing, UptimeMonth, count_day, expected_on, standing
from vdx.lib.clock import day_bounds

DAY = date(2026, 3, 2)
BEGIN = day_bounds(DAY)[0]
FIRST = int(BEGIN.timestamp())


def found(minute: int, *, failed: str = "", interval: int = 60, second: int = 3, took: int = 10) -> Found:
    slot = (FIRST + minute * 60) // interval * interval
    return Found(slot, interval, BEGIN + timedelta(minutes=minute, seconds=second), failed, {"token": took})


def test_each_interval_counts_once_by_the_run_that_began_first() -> None:
    counted = count_day(
        [found(0), found(1, failed="ice"), found(1, second=20), found(2), found(2, second=9, failed="end")]
    )

    assert (counted.succeeded, counted.failed, counted.failed_legs) == (2, 1, {"ice": 1})
    assert (counted.first_slot, counted.last_slot) == (FIRST, FIRST + 120)


def test_where_the_interval_was_changed_the_longest_is_the_measure() -> None:
    counted = count_day([found(minute) for minute in range(5)] + [found(5, interval=300), found(10, interval=300)])
    assert (counted.interval, counted.succeeded, counted.failed) == (300, 3, 0)

    counted = count_day(
        [found(minute, failed="end" if minute == 3 else "") for minute in range(5)] + [found(5, interval=300)]
    )
    assert (counted.succeeded, counted.failed, counted.failed_legs) == (1, 1, {"end": 1})


def test_the_middle_of_the_times_is_typical() -> None:
    assert count_day([found(0, took=10), found(1, took=900), found(2, took=30)]).typical == {"token": 30}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 2), 1440),
        # To and from summer time.
        (date(2026, 3, 29), 1380),
        (date(2026, 10, 25), 1500),
    ],
)
def test_a_whole_day_expects_a_run_in_each_interval(day: date, expected: int) -> None:
    bounds = day_bounds(day)
    later = bounds[1] + timedelta(days=2)
    assert expected_on(bounds, interval=60, since=0, last_slot=None, now=later) == expected
    assert expected_on(bounds, interval=300, since=0, last_slot=None, now=later) == expected // 5


def test_the_clock_runs_from_the_first_probe_until_a_little_ago() -> None:
    bounds = day_bounds(DAY)
    since = FIRST + 600

    def expected(minutes: int, last: int | None = None) -> int:
        return expected_on(bounds, interval=60, since=since, last_slot=last, now=BEGIN + timedelta(minutes=minutes))

    assert expected(5) == 0
    # The first run has come: its interval is expected, and no later one yet.
    assert expected(11, last=since) == 1
    assert expected(20, last=since + 9 * 60) == 10
    # None came any more: after five minutes of patience they are missing.
    assert expected(30, last=since + 9 * 60) == 15


def test_a_month_is_the_share_of_what_there_ought_to_have_been() -> None:
    month = UptimeMonth(date(2026, 3, 1), expected=1000, succeeded=995, failed=3, missing=2)
    assert (month.share, month.percent) == (99.5, 100)
    assert UptimeMonth(date(2026, 3, 1), 1000, 994, 6, 0).percent == 99
    nothing = UptimeMonth(date(2026, 3, 1), 0, 0, 0, 0)
    assert (nothing.share, nothing.percent) == (None, None)


NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("newest", "since", "is_now"),
    [
        (None, None, (Standing.NEVER, None)),
        ((NOW - timedelta(minutes=1), True, 60), None, (Standing.WORKS, None)),
        (
            (NOW - timedelta(minutes=1), False, 60),
            NOW - timedelta(hours=1),
            (Standing.DISTURBED, NOW - timedelta(hours=1)),
        ),
        ((NOW - timedelta(minutes=6), True, 60), None, (Standing.UNKNOWN, NOW - timedelta(minutes=6))),
        ((NOW - timedelta(minutes=6), True, 300), None, (Standing.WORKS, None)),
    ],
)
def test_how_it_is_now(
    newest: tuple[datetime, bool, int] | None,
    since: datetime | None,
    is_now: tuple[Standing, datetime | None],
) -> None:
    assert standing(newest, disturbed_since=since, now=NOW) == is_now
