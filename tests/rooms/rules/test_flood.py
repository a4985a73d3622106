"""How fast a socket may talk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rooms.rules.flood import Flood

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def stopped_at(per_second: list[int]) -> tuple[int, int] | None:
    """The second and the message at which it is too much."""
    flood = Flood()
    for second, count in enumerate(per_second):
        for message in range(count):
            if flood.too_fast(NINE + timedelta(seconds=second, milliseconds=message)):
                return second, message + 1
    return None


@pytest.mark.parametrize(
    ("per_second", "expected"),
    [
        ([101, 101, 101], (2, 101)),
        ([500, 500, 500], (2, 101)),
        ([100] * 20, None),
        ([500, 500, 100, 500, 500, 1], None),
        ([500, 500, 0, 500, 500], None),
        ([5, 101, 101, 101], (3, 101)),
        ([500], None),
    ],
)
def test_three_busy_seconds_on_end_are_too_many(per_second: list[int], expected: tuple[int, int] | None) -> None:
    assert stopped_at(per_second) == expected


@pytest.mark.parametrize(
    ("per_second", "expected"),
    [
        ([[900_000, 200_000]] * 3, (2, 2)),
        ([[1_000_000]] * 20, None),
        ([[5_000_000], [5_000_000], [10], [5_000_000]], None),
    ],
)
def test_sizes_count_too(per_second: list[list[int]], expected: tuple[int, int] | None) -> None:
    flood = Flood()
    found = None
    for second, sizes in enumerate(per_second):
        for number, size in enumerate(sizes):
            if flood.too_fast(NINE + timedelta(seconds=second), size) and found is None:
                found = (second, number + 1)
    assert found == expected
