"""The surveys' numbers for Prometheus."""

from __future__ import annotations

from surveys.queries.recent import WEEKS, recent_funnel
from vdx.lib import clock
from vdx.lib.metrics import Gauge

Gauge(
    "vdx_survey_funnel",
    f"Who was asked in the {WEEKS} newest weeks in which nobody can answer any more, and how far they came.",
    lambda: {
        (str(audience), str(step)): number
        for (audience, step), number in recent_funnel(clock.local_date(clock.now())).items()
    },
    ("audience", "step"),
)
