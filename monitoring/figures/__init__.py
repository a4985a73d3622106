"""The statistics as figures: a sentence, a chart, a table and a file of the same tally, by the word in the address."""

from __future__ import annotations

from collections.abc import Callable

from monitoring.figures import calls, course, quality
from monitoring.figures.looked import Looked
from vdx.lib.figures import Figure

#: In the order of the page. Each reads only what it shows, so that a picture costs no more than its own numbers.
FIGURES: dict[str, Callable[[Looked], Figure]] = {
    "samtaler": calls.by_month,
    "varighed": calls.lengths,
    "andele": calls.shares,
    "regioner": calls.by_region,
    "udfald": course.outcomes,
    "aarsager": course.causes,
    "kvalitet": quality.by_month,
    "ventetid": quality.waiting,
    "billede": quality.pictures,
    "enheder": quality.devices,
    "browsere": quality.browsers,
}

__all__ = ["FIGURES", "Looked"]
