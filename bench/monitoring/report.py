"""What is made of the measurements: medians, ratios and whether the aims were met."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from bench.join.report import percentile

#: Tables at most so many times the SQL by hand, a page at most so many seconds, the import so much of COPY's speed.
MOST_TABLES, MOST_PAGE_SECONDS, LEAST_IMPORT = 3.0, 1.0, 0.25


def verdict(
    *,
    tables: Sequence[float],
    by_hand: Sequence[float],
    pages: dict[str, Sequence[float]],
    import_seconds: float,
    copy_seconds: float,
    differing: Sequence[str] = (),
) -> dict[str, Any]:
    """Seconds in, ratios and ``passed`` out. Tables that differ from the SQL by hand pass nothing."""
    ratio = statistics.median(tables) / statistics.median(by_hand)
    p95 = {name: round(percentile(seconds, 0.95), 3) for name, seconds in pages.items()}
    speed = copy_seconds / import_seconds
    met = {
        "tables": ratio <= MOST_TABLES and not differing,
        "page": max(p95.values()) < MOST_PAGE_SECONDS,
        "import": speed >= LEAST_IMPORT,
    }
    return {
        "tables_seconds": round(statistics.median(tables), 3),
        "by_hand_seconds": round(statistics.median(by_hand), 3),
        "tables_ratio": round(ratio, 3),
        "differing": list(differing),
        "page_p95_seconds": p95,
        "page_median_seconds": {name: round(statistics.median(seconds), 3) for name, seconds in pages.items()},
        "import_seconds": round(import_seconds, 2),
        "copy_seconds": round(copy_seconds, 2),
        "import_speed": round(speed, 3),
        "aims": {"tables_ratio": MOST_TABLES, "page_p95_seconds": MOST_PAGE_SECONDS, "import_speed": LEAST_IMPORT},
        "met": met,
        "passed": all(met.values()),
    }
