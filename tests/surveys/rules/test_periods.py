"""Two exports never differ by a few answers."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.periods import blocks, cut, last_day

K = 5
YEAR = [date(2026, month, 1) for month in range(1, 13)]


def test_months_with_few_answers_go_together_and_the_last_wait() -> None:
    counts = [(YEAR[0], 5), (YEAR[1], 3), (YEAR[3], 2), (YEAR[4], 40), (YEAR[5], 4)]

    assert blocks(counts, K) == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 4, 30)),
        (date(2026, 5, 1), date(2026, 5, 31)),
    ]


@given(st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_any_two_periods_differ_by_k_answers_or_by_none(counts: list[int]) -> None:
    months = [(month, count) for month, count in zip(YEAR, counts, strict=True) if count]
    whole = blocks(months, K)
    taken = set()
    for first, last in product([None, *YEAR], [None, *map(last_day, YEAR)]):
        begin, end = cut(first, last, whole)
        taken.add(frozenset(month for month, _n in months if (not begin or month >= begin) and month <= end))

    size = dict(months)
    for one, other in product(taken, taken):
        assert sum(size[month] for month in one - other) not in range(1, K)


@given(st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_a_month_more_moves_no_end_that_was_there(counts: list[int]) -> None:
    months = list(zip(YEAR, counts, strict=True))
    grown = [blocks(months[:number], K) for number in range(13)]

    assert all(after[: len(before)] == before for before, after in pairwise(grown))
