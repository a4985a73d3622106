"""Days as whole months and the rest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules.months import cut, end_of

DAY = date.fromisoformat


@pytest.mark.parametrize(
    ("first", "last", "months", "rest"),
    [
        ("2024-02-01", "2024-02-29", ["2024-02-01"], []),
        ("2023-12-01", "2024-01-31", ["2023-12-01", "2024-01-01"], []),
        ("2024-02-01", "2024-02-28", [], [("2024-02-01", "2024-02-28")]),
        ("2024-02-02", "2024-02-29", [], [("2024-02-02", "2024-02-29")]),
        ("2024-02-10", "2024-02-10", [], [("2024-02-10", "2024-02-10")]),
        (
            "2024-01-31",
            "2024-03-01",
            ["2024-02-01"],
            [("2024-01-31", "2024-01-31"), ("2024-03-01", "2024-03-01")],
        ),
        ("2024-03-02", "2024-03-01", [], []),
    ],
)
def test_cut(first: str, last: str, months: list[str], rest: list[tuple[str, str]]) -> None:
    found = cut(DAY(first), DAY(last))

    assert found.months == tuple(map(DAY, months))
    assert found.rest == tuple((DAY(begin), DAY(end)) for begin, end in rest)


@given(st.dates(date(2000, 1, 1), date(2002, 12, 31)), st.integers(0, 400))
def test_every_day_is_in_one_part(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    found = cut(first, last)

    parts = [*((month, end_of(month)) for month in found.months), *found.rest]
    seen = [begin + timedelta(days=n) for begin, end in sorted(parts) for n in range((end - begin).days + 1)]
    assert seen == [first + timedelta(days=n) for n in range(days + 1)]
