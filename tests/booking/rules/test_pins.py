"""Ranges that a pin can be drawn from."""

from __future__ import annotations

import pytest

from booking.rules.pins import pin_range


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1000, 9999, (1000, 9999)),
        (1, 5000, (1000, 5000)),
        (1000, 10**12, (1000, 1_000_000_000)),
        (None, 9999, None),
        (1000, None, None),
        (5000, 5000, None),
        (9000, 1000, None),
        (1, 900, None),
    ],
)
def test_a_range_is_usable_where_low_lies_below_high_and_both_are_pins(low, high, expected):
    assert pin_range(low, high) == expected
