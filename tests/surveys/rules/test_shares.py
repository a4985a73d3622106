"""Per cent in whole numbers, halves up, as the report says them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.shares import per_cent


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        # The pilot's: postcards carried out; postcards for calls; questionnaires answered.
        (140, 166, 84),
        (166, 517, 32),
        (21, 517, 4),
        (111, 517, 21),
        # Halves up, where Python's own rounding goes to the even number.
        (1, 200, 1),
        (5, 200, 3),
        (1, 8, 13),
        (3, 8, 38),
        (0, 5, 0),
        (5, 5, 100),
        (199, 200, 100),
        (0, 0, None),
    ],
)
def test_per_cent(part: int, whole: int, expected: int | None) -> None:
    assert per_cent(part, whole) == expected


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_halves_are_rounded_up_and_nothing_is_lost_to_floating_point(part: int, whole: int) -> None:
    exact = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP)
    assert per_cent(part, whole) == int(exact)
