"""A device test: one table for the hub and the page (tests/js/test/verdict.test.js reads the same)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from monitoring.rules.device_test import REASONS, WORDS, Judgement, clean, judge
from rooms.enums import TestVerdict

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "device_test_cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_verdict(case: dict[str, Any]) -> None:
    assert judge(clean(case["measures"])) == Judgement(case["verdict"], case["reason"])


def test_the_table_has_every_verdict_and_every_reason() -> None:
    assert {case["verdict"] for case in CASES} == set(TestVerdict)
    assert {case["reason"] for case in CASES} == REASONS


def test_every_measure_of_the_table_is_one_that_may_be_kept() -> None:
    for case in CASES:
        assert clean(case["measures"]) == case["measures"]


@pytest.mark.parametrize(
    "sent",
    [
        {"camera": "FaceTime HD Camera"},
        {"camera": ["ok"]},
        {"way": "192.0.2.1"},
        {"label": "Grethes iPhone"},
        {"candidate": "candidate:1 1 udp 1 192.0.2.1 5000 typ host"},
        {"secure": "yes"},
        {"webrtc": 1},
        {"rttMs": True},
        {"rttMs": float("nan")},
        {"rttMs": -1},
        {"rttMs": 10**9},
        {"lossPercent": 101},
        {"lossPercent": "5"},
        {"speaker": {"ok": "ok"}},
    ],
)
def test_nothing_else_is_kept(sent: dict[str, object]) -> None:
    assert clean({**sent, "socket": "ok"}) == {"socket": "ok"}


def test_numbers_are_kept_to_one_decimal() -> None:
    assert clean({"lossPercent": 1.23456}) == {"lossPercent": 1.2}


def test_every_problem_of_a_device_has_its_reason() -> None:
    for problem in WORDS["microphone"] - {"ok", "quiet"}:
        judged = judge({"camera": "ok", "microphone": problem, "loop": "ok"})
        assert judged.reason in REASONS
        assert judged.verdict != "ok"
    for problem in WORDS["camera"] - {"ok", "insecure"}:
        assert judge({"camera": problem, "microphone": "ok", "loop": "ok"}).reason == f"camera_{problem}"
