"""Median, percentile and verdict of the runs from link to picture."""

from __future__ import annotations

import pytest

from bench.join.report import percentile, summary, verdict


@pytest.mark.parametrize(
    ("count", "share", "expected"), [(30, 0.95, 29), (20, 0.95, 19), (21, 0.95, 20), (1, 0.95, 1), (4, 0.5, 2)]
)
def test_the_percentile_is_a_value_that_was_measured(count: int, share: float, expected: int) -> None:
    assert percentile(list(range(count, 0, -1)), share) == expected


def test_the_summary_says_how_many_runs_there_were() -> None:
    assert summary([3.0, 1.0, 2.0]) == {"runs": 3, "median": 2.0, "p95": 3.0}


@pytest.mark.parametrize(
    ("ours", "taps", "passed"), [(1.5, 1, True), (1.5, 2, True), (1.51, 1, False), (1.0, 3, False)]
)
def test_the_aim_is_half_as_much_again_and_two_taps(ours: float, taps: int, passed: bool) -> None:
    found = verdict([ours] * 3, [1.0] * 3, [1, taps])
    assert found["passed"] is passed
    assert found["ratio_median"] == ours
