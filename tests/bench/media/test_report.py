"""What the media benchmark makes of its rows."""

from __future__ import annotations

from typing import Any

import pytest

from bench.media.hour import verdict
from bench.media.report import reasons, summary

FAIR = {"generator_share": 0.8, "generator_late_ms": 5.0, "foreign_share": 0.01}


def row(server: str, cpu: float, *, calls: int = 80, rejected: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "server": server,
        "calls": calls,
        "cpu_us_per_packet": cpu,
        "core_us_per_packet": cpu * 2,
        "rejected": list(rejected),
    }


def test_a_fair_row_has_no_reason_against_it() -> None:
    assert reasons(FAIR) == []


@pytest.mark.parametrize(
    ("name", "value"), [("generator_share", 0.9), ("generator_late_ms", 21), ("foreign_share", 0.06)]
)
def test_an_unfair_row_says_why(name: str, value: float) -> None:
    assert len(reasons({**FAIR, name: value})) == 1


def test_the_ratio_is_that_of_the_medians_of_fair_rows() -> None:
    rows = [row("relay", cpu) for cpu in (20.0, 22.0, 90.0)] + [row("janus", cpu) for cpu in (40.0, 44.0, 50.0)]
    rows.append(row("relay", 1.0, rejected=("late",)))
    found = summary(rows)
    assert found["ratio_median_80_calls"] == 22.0 / 44.0
    assert found["relay_us_80_calls"] == 22.0


def test_the_ratio_stands_there_also_when_it_was_not_measured() -> None:
    assert summary([row("relay", 20.0, calls=140)])["ratio_median_80_calls"] is None
    assert summary([])["all_calls"] is None


def test_the_whole_load_is_said_to_be_calculated() -> None:
    whole = summary([row("relay", 10.0), row("relay", 8.0, calls=140)])["all_calls"]
    assert whole["cores"] == pytest.approx(75_000 * 16.0 / 1e6)
    assert whole["is"].startswith("calculated, not measured")
    assert "140 calls" in whole["is"]


@pytest.mark.parametrize(
    ("memory", "is_bounded"),
    [
        ([90.0] * 9 + [100.0] * 50, True),
        ([90.0] * 9 + [100.0] * 25 + [105.0] * 25, False),
        ([100.0, 100.0, 104.0], True),
    ],
)
def test_memory_may_grow_at_first_and_then_hardly(memory: list[float], is_bounded: bool) -> None:
    assert verdict(memory)["is_bounded"] is is_bounded


def test_a_run_that_was_too_short_is_no_proof() -> None:
    assert verdict([100.0]) == {"settled_after_minutes": 1, "growth": None, "is_bounded": False}
