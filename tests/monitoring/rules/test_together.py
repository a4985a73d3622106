"""Time with at least two devices: a table, and the sweep against counting second by second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules.together import (
    Stay,
    merged,
    seconds_together,
    span,
    stretches_together,
    whole_seconds,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def stay(joined: float, left: float) -> Stay:
    return NOON + timedelta(seconds=joined), NOON + timedelta(seconds=left)


@pytest.mark.parametrize(
    ("devices", "seconds"),
    [
        ([], 0),
        ([[]], 0),
        ([[stay(0, 60)]], 0),
        # One device, however many connections of it overlap.
        ([[stay(0, 60), stay(10, 70)]], 0),
        # One after the other.
        ([[stay(0, 60)], [stay(60, 90)]], 0),
        ([[stay(0, 60)], [stay(30, 90)]], 30),
        # One inside the other.
        ([[stay(0, 600)], [stay(100, 200)]], 100),
        # Gone and back: the gap does not count.
        ([[stay(0, 600)], [stay(100, 200), stay(300, 350)]], 150),
        # Three devices are not counted twice.
        ([[stay(0, 100)], [stay(0, 100)], [stay(0, 100)]], 100),
        # The first pair goes as the second comes.
        ([[stay(0, 100)], [stay(0, 50)], [stay(50, 100)]], 100),
        # Fractions are added before they are cut.
        ([[stay(0, 10)], [stay(1, 1.6), stay(2, 2.6)]], 1),
        ([[stay(0, 10)], [stay(1, 1.6)]], 0),
        # A stay without length.
        ([[stay(0, 10)], [stay(5, 5)]], 0),
    ],
)
def test_seconds_together(devices: list[list[Stay]], seconds: int) -> None:
    assert seconds_together(devices) == seconds


whole_stay = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: stay(min(pair), max(pair)))


@given(st.lists(st.lists(whole_stay, max_size=4), max_size=5))
def test_sweep_equals_counting_second_by_second(devices: list[list[Stay]]) -> None:
    def there(stays: list[Stay], second: int) -> bool:
        moment = NOON + timedelta(seconds=second)
        return any(joined <= moment < left for joined, left in stays)

    counted = sum(sum(there(stays, second) for stays in devices) >= 2 for second in range(60))

    assert seconds_together(devices) == counted


@given(st.lists(whole_stay, max_size=6))
def test_merged_stays_are_apart_and_cover_the_same(stays: list[Stay]) -> None:
    whole = merged(stays)

    assert all(earlier[1] < later[0] for earlier, later in pairwise(whole))
    for second in range(61):
        moment = NOON + timedelta(seconds=second)
        assert any(a <= moment < b for a, b in stays) == any(a <= moment < b for a, b in whole)


def test_a_call_over_the_change_from_summer_time_is_as_long_as_it_was() -> None:
    # 2026-10-25 02:30 summer time to 02:30 winter time: one hour, though the clock on the wall says none.
    night: Stay = (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))

    assert seconds_together([[night], [night]]) == 3600


def test_span_is_from_first_to_last() -> None:
    assert span([[stay(5, 10)], [], [stay(2, 4), stay(20, 30)]]) == stay(2, 30)
    assert span([[], []]) is None


@given(st.lists(st.lists(whole_stay, max_size=4), max_size=5))
def test_stretches_are_apart_in_order_and_as_long_as_the_time_together(devices: list[list[Stay]]) -> None:
    stretches = stretches_together(devices)

    assert all(began < ended for began, ended in stretches)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(stretches))
    assert whole_seconds(stretches) == seconds_together(devices)


def test_a_third_device_does_not_break_a_stretch_in_two() -> None:
    devices = [[stay(0, 100)], [stay(0, 50)], [stay(50, 100)], [stay(20, 30)]]

    assert stretches_together(devices) == [stay(0, 100)]
