"""Whether meetings of one doctor stand in each other's way. Allowed, with a warning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def overlaps(start: datetime, end: datetime, other: Span) -> bool:
    """Whether the two share time. One that begins when the other ends does not."""
    return start < other[1] and other[0] < end


def overlapping(start: datetime, end: datetime, others: Iterable[Span]) -> list[Span]:
    """Those of ``others`` that share time with start–end, earliest first."""
    return sorted(other for other in others if overlaps(start, end, other))
