from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules.quality import NUMBERS, WORDS, clean, sums, whole_seconds

WHOLE = {
    "peer": "0123456789ab",
    "connection": "connected",
    "ice": "completed",
    "pair": "host/srflx/udp",
    "rttMs": 31.5,
    "packetsReceived": 250,
    "packetsLost": 3,
    "jitterMs": 4,
    "framesDecoded": 125,
    "framesPerSecond": 25,
    "freezeCount": 1,
    "freezeSeconds": 0.4,
    "concealedSamples": 480,
    "withoutMediaSeconds": 2.5,
    "linkToPictureSeconds": 2.4,
    "sentKbps": 900,
    "limitation": "none",
}


def test_every_documented_member_is_let_through() -> None:
    assert clean(WHOLE) == WHOLE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("address", "192.0.2.7"),
        ("candidate", "candidate:1 1 udp 2122 192.0.2.7 50000 typ host"),
        ("pair", "192.0.2.7/host/udp"),
        ("pair", "host/host/udp 192.0.2.7"),
        ("pair", "host/host"),
        ("connection", "192.0.2.7"),
        ("ice", "Mozilla/5.0"),
        ("limitation", "bandwidth "),
        ("peer", "someone@example.dk"),
        ("rttMs", "192.0.2.7"),
        ("rttMs", -1),
        ("rttMs", 60_001),
        ("rttMs", math.nan),
        ("rttMs", math.inf),
        ("rttMs", True),
        ("rttMs", None),
        ("rttMs", [1]),
        ("withoutMediaSeconds", -0.1),
        ("withoutMediaSeconds", 3_600.1),
        ("linkToPictureSeconds", 600.1),
        ("name", "Karen Jensen"),
    ],
)
def test_anything_else_is_left_out(name: str, value: object) -> None:
    rest = {other: kept for other, kept in WHOLE.items() if other != name}

    assert clean({**rest, name: value}) == rest


def test_a_negative_loss_is_none() -> None:
    assert clean({**WHOLE, "packetsLost": -2})["packetsLost"] == 0


@pytest.mark.parametrize("sent", [{}, {"peer": "0123456789ab"}, {"name": "Karen"}, {"rttMs": "x"}])
def test_a_sample_of_no_use_is_not_kept(sent: dict[str, object]) -> None:
    assert clean(sent) == {}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(WHOLE)) | st.text(), anything))
def test_whatever_is_sent_what_is_kept_is_harmless(sent: dict[str, object]) -> None:
    kept = clean(sent)

    assert set(kept) <= set(WHOLE)
    json.dumps(kept, allow_nan=False)
    for name, value in kept.items():
        if name in NUMBERS:
            assert 0 <= value <= NUMBERS[name]
        elif name in WORDS:
            assert value in WORDS[name]
    assert sums(kept).packets_received >= 0


@pytest.mark.parametrize(("total", "whole"), [(0, 0), (0.9, 0), (sum([0.1] * 10), 1), (12.94, 12), (13.0, 13)])
def test_whole_seconds_are_cut_off_and_not_lost_in_adding_up(total: float, whole: int) -> None:
    assert whole_seconds(total) == whole


def test_sums_count_only_what_was_measured() -> None:
    added = sums(clean({"jitterMs": 4, "packetsLost": 2}))

    assert (added.jitter_ms_sum, added.jitter_samples) == (4, 1)
    assert (added.rtt_ms_sum, added.rtt_samples) == (0, 0)
    assert (added.packets_lost, added.candidate_pair) == (2, "")
