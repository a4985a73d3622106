"""The region of an organisation by date."""

from __future__ import annotations

from datetime import date

import pytest

from vdx.accounts.rules.regions import Period, region_for

NORTH, SOUTH, PRACTICE, UNIT, ALONE = 1, 2, 10, 11, 12
PARENTS = {NORTH: None, SOUTH: None, PRACTICE: SOUTH, UNIT: PRACTICE, ALONE: None}
PERIODS = {
    PRACTICE: [
        Period(NORTH, None, date(2026, 3, 31)),
        Period(SOUTH, date(2026, 6, 1), None),
    ]
}


@pytest.mark.parametrize(
    ("organisation", "day", "region"),
    [
        (PRACTICE, date(2020, 1, 1), NORTH),
        (PRACTICE, date(2026, 3, 31), NORTH),
        (PRACTICE, date(2026, 4, 1), SOUTH),  # no period covers it: the tree
        (PRACTICE, date(2026, 6, 1), SOUTH),
        (UNIT, date(2026, 3, 31), NORTH),  # a unit follows its practice
        (SOUTH, date(2026, 3, 31), SOUTH),
        (ALONE, date(2026, 3, 31), None),
        (999, date(2026, 3, 31), None),
    ],
)
def test_region_by_date(organisation: int, day: date, region: int | None) -> None:
    assert region_for(organisation, day, parents=PARENTS, periods=PERIODS, regions={NORTH, SOUTH}) == region


def test_of_overlapping_periods_the_later_begun_wins() -> None:
    periods = {PRACTICE: [Period(SOUTH, date(2026, 1, 1), None), Period(NORTH, None, None)]}
    assert region_for(PRACTICE, date(2026, 1, 1), parents=PARENTS, periods=periods, regions={NORTH, SOUTH}) == SOUTH
    assert region_for(PRACTICE, date(2025, 12, 31), parents=PARENTS, periods=periods, regions={NORTH, SOUTH}) == NORTH


def test_a_loop_ends() -> None:
    assert region_for(1, date(2026, 1, 1), parents={1: 2, 2: 1}, periods={}, regions=set()) is None
