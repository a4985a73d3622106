"""A device test: one table for the hub and the page (tests/js/test/verdict.test.js reads the same)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from monitoring.rules.browsers import browser_and_system
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


_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {_CHROME} Chrome/128.0.0.0 Safari/537.36", "Chrome, Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_CHROME} Chrome/128.0.0.0 Safari/537.36 Edg/128.0", "Edge, Windows"),
        (
            f"Mozilla/5.0 (Linux; Android 14) {_CHROME} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Samsung Internet, Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {_SAFARI} Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari, iOS",
        ),
        (f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {_SAFARI} CriOS/126.0 Mobile Safari/604.1", "Chrome, iOS"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Version/17.5 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        ("", "andet, andet"),
    ],
)
def test_the_browser_is_told_in_coarse_words(agent: str, said: str) -> None:
    assert browser_and_system(agent) == said
