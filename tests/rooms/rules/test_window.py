"""When a room is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.rules.window import (
    FIRST,
    LAST,
    WindowState,
    closes_at,
    extended,
    opens_at,
    shifted,
    window_state,
)

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
END = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("starts_at", "before", "expected"),
    [
        (START, 15, START - 15 * MINUTE),
        (START, 0, START),
        (START, -5, START),
        (None, 15, None),
        (FIRST, 15, FIRST),
    ],
)
def test_it_opens_so_many_minutes_before(starts_at: datetime | None, before: int, expected: datetime | None) -> None:
    assert opens_at(starts_at=starts_at, before_minutes=before) == expected


@pytest.mark.parametrize(
    ("ends_at", "after", "on_time", "expected"),
    [
        (END, 15, False, END + 15 * MINUTE),
        (END, 0, False, END),
        (END, 15, True, END),
        (None, 15, False, None),
        (None, 15, True, None),
        (LAST, 15, False, LAST),
    ],
)
def test_it_closes_so_many_minutes_after_unless_it_ends_on_time(
    ends_at: datetime | None, after: int, on_time: bool, expected: datetime | None
) -> None:
    assert closes_at(ends_at=ends_at, after_minutes=after, ends_on_time=on_time) == expected


@pytest.mark.parametrize(
    ("now", "opens", "closes", "expected"),
    [
        (START - MINUTE, START, END, WindowState.BEFORE),
        (START - timedelta(microseconds=1), START, END, WindowState.BEFORE),
        (START, START, END, WindowState.OPEN),
        (END - timedelta(microseconds=1), START, END, WindowState.OPEN),
        (END, START, END, WindowState.CLOSED),
        (END + MINUTE, START, END, WindowState.CLOSED),
        (START, None, None, WindowState.OPEN),
        (START, None, END, WindowState.OPEN),
        (END, None, END, WindowState.CLOSED),
        (END, START, None, WindowState.OPEN),
        # An end before the start: record systems send such meetings, and they are over.
        (START + MINUTE, END, START, WindowState.CLOSED),
    ],
)
def test_where_now_lies(now: datetime, opens: datetime | None, closes: datetime | None, expected: WindowState) -> None:
    assert window_state(now=now, opens=opens, closes=closes) is expected


def test_extending_moves_the_end() -> None:
    assert extended(ends_at=END, minutes=10) == END + 10 * MINUTE


moments = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))


@given(moments, moments, moments, st.integers(-100, 1000), st.integers(0, 1000), st.booleans())
def test_a_room_opens_once_and_closes_once(
    start: datetime, end: datetime, now: datetime, before: int, after: int, on_time: bool
) -> None:
    opens = opens_at(starts_at=start, before_minutes=before)
    closes = closes_at(ends_at=end, after_minutes=after, ends_on_time=on_time)
    order = [WindowState.BEFORE, WindowState.OPEN, WindowState.CLOSED]
    earlier, later = (
        window_state(now=moment, opens=opens, closes=closes) for moment in (now, now + timedelta(hours=1))
    )
    assert order.index(earlier) <= order.index(later)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-(2**31), 2**31))
def test_no_number_of_minutes_leads_out_of_the_calendar(moment: datetime, minutes: int) -> None:
    there = shifted(moment, minutes)
    assert FIRST <= there <= LAST
    assert (there >= moment) is (minutes >= 0) or there == moment
