"""How many calls the hub holds."""

from __future__ import annotations

import pytest

from rooms.rules.lines import Level, level, limit, may_begin


@pytest.mark.parametrize(
    ("capacity", "grace", "most"), [(250, 25, 312), (250, 0, 250), (1, 0, 1), (1, 99, 1), (3, 50, 4), (4, 25, 5)]
)
def test_capacity_and_grace_in_whole_calls(capacity: int, grace: int, most: int) -> None:
    assert limit(capacity=capacity, grace_percent=grace) == most
    assert may_begin(others=most - 1, limit=most)
    assert not may_begin(others=most, limit=most)


@pytest.mark.parametrize(
    ("calls", "where"),
    [(0, Level.WITHIN), (250, Level.WITHIN), (251, Level.GRACE), (311, Level.GRACE), (312, Level.FULL)],
)
def test_where_so_many_calls_leave_the_hub(calls: int, where: Level) -> None:
    assert level(calls=calls, capacity=250, grace_percent=25) is where


def test_without_a_grace_it_is_full_at_its_capacity() -> None:
    assert [level(calls=calls, capacity=2, grace_percent=0) for calls in (1, 2)] == [Level.WITHIN, Level.FULL]
