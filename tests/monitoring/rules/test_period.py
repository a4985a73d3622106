from __future__ import annotations

from datetime import date

import pytest

from monitoring.rules.period import month_of, months_between, plus, ready_made, usual


@pytest.mark.parametrize(
    ("month", "number", "result"),
    [
        (date(2026, 11, 1), 0, date(2026, 11, 1)),
        (date(2026, 11, 1), 2, date(2027, 1, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 1, 1), -13, date(2024, 12, 1)),
    ],
)
def test_months_are_counted_over_new_year(month: date, number: int, result: date) -> None:
    assert plus(month, number) == result


def test_months_between_includes_both_ends() -> None:
    assert months_between(date(2026, 11, 1), date(2027, 1, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]
    assert months_between(date(2026, 11, 1), date(2026, 11, 1)) == [date(2026, 11, 1)]
    assert months_between(date(2026, 11, 1), date(2026, 10, 1)) == []


def test_usual_is_this_month_and_the_five_before() -> None:
    assert usual(date(2026, 3, 31)) == (date(2025, 10, 1), date(2026, 3, 1))
    assert month_of(date(2026, 3, 31)) == date(2026, 3, 1)


def test_the_ready_made_periods() -> None:
    assert ready_made(date(2027, 1, 5)) == {
        "this_month": (date(2027, 1, 1), date(2027, 1, 1)),
        "last_month": (date(2026, 12, 1), date(2026, 12, 1)),
        "last_12": (date(2026, 2, 1), date(2027, 1, 1)),
        "this_year": (date(2027, 1, 1), date(2027, 1, 1)),
    }


def test_the_pilot_is_a_period_of_its_own_no_longer_than_a_page() -> None:
    pilot = (date(2019, 6, 1), date(2020, 1, 1))

    assert ready_made(date(2027, 1, 5), pilot)["pilot"] == pilot
    assert ready_made(date(2027, 1, 5), (date(2019, 6, 1), date(2027, 1, 1)))["pilot"] == (
        date(2019, 6, 1),
        date(2022, 5, 1),
    )
