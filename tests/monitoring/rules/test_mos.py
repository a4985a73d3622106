"""The calculated MOS: worked by hand from the formulas of the recommendation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules.mos import VERSION, mos, one_way_ms, r_factor


@pytest.mark.parametrize(
    ("loss", "rtt_ms", "jitter_ms", "r", "score"),
    [
        # 40 ms: 93.2 - 0.96.
        (0, 0, 0, 92.24, 4.39),
        # 75 ms: 93.2 - 1.8.
        (0, 50, 5, 91.40, 4.37),
        # The same with a hundredth lost: 95 / 26.1 = 3.64.
        (0.01, 50, 5, 87.76, 4.28),
        # 110 ms and a twentieth: 2.64 and 475 / 30.1 = 15.78.
        (0.05, 100, 10, 74.78, 3.81),
        # 340 ms: 8.16, and 0.11 of the 162.7 above the bend.
        (0, 600, 0, 67.14, 3.46),
        (0.1, 200, 30, 58.84, 3.04),
        # Nothing is left: as bad as it gets, and no worse.
        (0.2, 800, 100, 0, 1),
        (1, 60_000, 60_000, 0, 1),
    ],
)
def test_the_score_of_a_line(loss: float, rtt_ms: float, jitter_ms: float, r: float, score: float) -> None:
    assert r_factor(loss=loss, rtt_ms=rtt_ms, jitter_ms=jitter_ms) == pytest.approx(r, abs=0.01)
    assert mos(loss=loss, rtt_ms=rtt_ms, jitter_ms=jitter_ms) == pytest.approx(score, abs=0.01)


def test_the_way_from_mouth_to_ear() -> None:
    assert one_way_ms(rtt_ms=80, jitter_ms=10) == 100


@pytest.mark.parametrize(("loss", "rtt_ms", "jitter_ms"), [(-0.1, 0, 0), (1.1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_what_cannot_be_has_no_score(loss: float, rtt_ms: float, jitter_ms: float) -> None:
    with pytest.raises(ValueError, match="a share"):
        mos(loss=loss, rtt_ms=rtt_ms, jitter_ms=jitter_ms)


@given(loss=st.floats(0, 1), more=st.floats(0, 1), rtt_ms=st.floats(0, 5000), jitter_ms=st.floats(0, 1000))
def test_it_lies_on_the_scale_and_gets_no_better_by_loss(
    loss: float, more: float, rtt_ms: float, jitter_ms: float
) -> None:
    less, worse = sorted((loss, more))
    best = mos(loss=less, rtt_ms=rtt_ms, jitter_ms=jitter_ms)
    assert 1 <= mos(loss=worse, rtt_ms=rtt_ms, jitter_ms=jitter_ms) <= best + 1e-9 <= 4.5


def test_the_version_names_the_source() -> None:
    assert "G.107" in VERSION
