"""Numbers as Danes write them, in what the business case is worked out for."""

from __future__ import annotations

import pytest

from monitoring.money_forms import WishForm
from monitoring.rules.business_case import Wish

START = Wish(volume=10, share=100, fee=16000)


@pytest.mark.parametrize(
    ("typed", "volume"),
    [("1000", 1000), ("1.000", 1000), ("2.500", 2500), ("1 000", 1000), ("1\N{NO-BREAK SPACE}000", 1000),
     ("1.234.567", 1_234_567), ("5.0", 5)],
)  # fmt: skip
def test_thousands_are_told_apart_as_people_do(typed: str, volume: int) -> None:
    form = WishForm({"antal": typed}, start=START)

    assert form.is_valid()
    assert form.wish().volume == volume


@pytest.mark.parametrize(
    ("typed", "fee"), [("160", 16000), ("160,5", 16050), ("160.50", 16050), ("1.234,50", 123450), ("1.000", 100_000)]
)
def test_an_amount_has_a_comma_or_a_point(typed: str, fee: int) -> None:
    form = WishForm({"honorar": typed}, start=START)

    assert form.is_valid()
    assert form.wish().fee == fee


@pytest.mark.parametrize(
    "wrong", [{"antal": "1.00.000"}, {"antal": "0.500"}, {"antal": "1.5"}, {"honorar": "1E+2"}, {"honorar": "1e2"}]
)
def test_what_is_no_number_of_people_is_refused(wrong: dict[str, str]) -> None:
    form = WishForm(wrong, start=START)

    assert not form.is_valid()
    assert form.wish() == START
