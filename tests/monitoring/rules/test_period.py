from __future__ import annotations

from datetime import date

import pytest

from monitoring.rules.period import month_of, months_between, plus, usual


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
