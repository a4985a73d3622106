"""What is made of the runs: median, 95th percentile and the ratio."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

#: What is aimed at: the hub's median is at most this many times the bare page's.
MOST = 1.5
#: Taps from the link to the picture, where the permissions are given.
MOST_TAPS = 2


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the least value that at least this share of the values does not pass."""
    return sorted(values)[max(1, math.ceil(share * len(values))) - 1]


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Median and p95 of the runs, seconds."""
    return {
        "runs": len(seconds),
        "median": round(statistics.median(seconds), 3),
        "p95": round(percentile(seconds, 0.95), 3),
    }


def verdict(ours: Sequence[float], bare: Sequence[float], taps: Sequence[int]) -> dict[str, Any]:
    """Everything that is printed and kept; ``passed`` says whether what was aimed at was met."""
    mine, theirs = summary(ours), summary(bare)
    ratio = mine["median"] / theirs["median"]
    return {
        "vdx": mine,
        "bare": theirs,
        "ratio_median": round(ratio, 2),
        "ratio_p95": round(mine["p95"] / theirs["p95"], 2),
        "most_taps": max(taps),
        "passed": ratio <= MOST and max(taps) <= MOST_TAPS,
    }
