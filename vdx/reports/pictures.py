"""The charts of the report, made from its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vdx.lib import charts
from vdx.lib.charts import Bar, Lines, Series
from vdx.reports.document import Picture
from vdx.reports.words import number


def months(
    name: str,
    title: str,
    labels: Sequence[str],
    lines: Mapping[str, Sequence[float | None]],
    *,
    unit: str = "",
    most: float | None = None,
    least: float = 0,
) -> Picture:
    """Numbers month by month, a line for each name."""
    series = [Series(each, list(values)) for each, values in lines.items()]
    return Picture(name, title, Lines(labels, series, title=title, unit=unit, most=most, least=least))


def compared(name: str, title: str, counts: Sequence[tuple[str, int]], *, note: str = "") -> Picture:
    """Numbers beside each other, the highest of them a full bar."""
    most = max((count for _label, count in counts), default=0)
    bars = [Bar(label, float(count) if most else None, number(count)) for label, count in counts]
    return Picture(name, title, charts.bars(bars, title=title, note=note, most=float(most or 1)))
