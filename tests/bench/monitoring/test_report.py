"""Ratios, percentile and verdict of the monitoring benchmark."""

from __future__ import annotations

from typing import Any

import pytest

from bench.monitoring.report import verdict

FAIR: dict[str, Any] = {
    "tables": [3.0, 2.0, 2.5],
    "by_hand": [1.0, 1.0, 9.0],
    "pages": {"usual": [0.2] * 19 + [5.0], "year": [0.9] * 20},
    "import_seconds": 40.0,
    "copy_seconds": 10.0,
}


def test_what_is_aimed_at_is_met() -> None:
    found = verdict(**FAIR)

    assert found["passed"]
    assert (found["tables_ratio"], found["import_speed"]) == (2.5, 0.25)
    # The slowest of twenty is not among the ninety-five per cent.
    assert found["page_p95_seconds"] == {"usual": 0.2, "year": 0.9}


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"tables": [3.01] * 3}, "tables"),
        ({"differing": ["table3_consultations"]}, "tables"),
        ({"pages": {"usual": [0.1], "year": [1.0]}}, "page"),
        ({"import_seconds": 40.1}, "import"),
    ],
)
def test_one_that_is_missed_is_named(change: dict[str, Any], missed: str) -> None:
    found = verdict(**FAIR | change)

    assert not found["passed"]
    assert [name for name, met in found["met"].items() if not met] == [missed]
