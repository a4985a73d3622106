"""Numbers as the statistics write them."""

from __future__ import annotations

import pytest
from django.utils import translation

from monitoring.figures.looked import minutes, number, share


@pytest.mark.parametrize(
    ("value", "decimals", "danish"),
    [(1234567, 0, "1.234.567"), (56.73, 0, "57"), (0.5, 0, "1"), (10.76, 1, "10,8"), (2.45, 1, "2,5"), (0, 1, "0,0")],
)
def test_a_number_is_rounded_half_up(value: float, decimals: int, danish: str) -> None:
    assert number(value, decimals) == danish


def test_averages_and_shares_of_nothing_are_empty() -> None:
    assert (minutes(0, 0), share(0, 0)) == ("", "")
    # The report's: 503 calls in 6,924 minutes, 111 straks meetings of 517.
    assert (minutes(6924 * 60, 503), share(111, 517)) == ("13,8", "21 %")


def test_english_has_its_own_signs() -> None:
    with translation.override("en"):
        assert number(1234.56, 1) == "1,234.6"
