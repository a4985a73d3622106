"""How much may be used up at once and over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rooms.rules.allowance import Allowance

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ([(0, 4)], [True]),
        ([(0, 5)], [False]),
        ([(0, 3), (0, 2), (0, 1)], [True, False, True]),
        ([(0, 4), (1, 2), (1, 1)], [True, True, False]),
        # No more is saved up than the bucket holds.
        ([(100, 10), (100, 1)], [True, False]),
        ([(100, 11)], [False]),
        # A clock that goes back gives nothing twice.
        ([(3, 10), (1, 1), (3, 1), (4, 2)], [True, False, False, True]),
    ],
)
def test_what_is_left(asked: list[tuple[int, int]], granted: list[bool]) -> None:
    allowance = Allowance(NINE, start=4, most=10, per_second=2)
    assert [allowance.take(amount, NINE + timedelta(seconds=second)) for second, amount in asked] == granted
