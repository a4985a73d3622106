"""How many calls the hub holds at the same time: its capacity, and the grace above it (VDX_CAPACITY, _GRACE)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

# A call whose devices have lost their connections keeps its place for so long, as its devices keep theirs.
CALL_KEPT = timedelta(seconds=60)


class Level(StrEnum):
    """How far the hub is used: within its capacity, in the grace above it, or full."""

    WITHIN = "within"
    GRACE = "grace"
    FULL = "full"


def limit(*, capacity: int, grace_percent: int) -> int:
    """Calls at most: the capacity and the grace, cut to whole calls."""
    return capacity + capacity * grace_percent // 100


def may_begin(*, others: int, limit: int) -> bool:
    """Whether one more call may begin beside so many others."""
    return others < limit


def level(*, calls: int, capacity: int, grace_percent: int) -> Level:
    """Where so many calls leave the hub. Full: one more would not be let in."""
    if calls >= limit(capacity=capacity, grace_percent=grace_percent):
        return Level.FULL
    return Level.GRACE if calls > capacity else Level.WITHIN
