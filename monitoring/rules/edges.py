"""How long somebody waited, in a few steps: from those it is told how many waited no longer than so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Seconds in the waiting room, and seconds from the link to the first picture. A step is named by the edge below which
#: it lies, the last one by :data:`OVER`. Other edges: `manage.py count_months` counts anew.
WAITS = (60, 120, 300, 600, 900)
PICTURES = (2, 3, 5, 10, 20)
OVER = "over"


def words(edges: Sequence[int]) -> list[str]:
    """The names of the steps, the shortest first."""
    return [*(str(edge) for edge in edges), OVER]


def half_within(counts: Mapping[str, int], edges: Sequence[int]) -> int | None:
    """The lowest edge below which at least half of them lie; None where that is none, or nobody was counted."""
    whole = sum(counts.values())
    reached = 0
    for edge in edges:
        reached += counts.get(str(edge), 0)
        if whole and 2 * reached >= whole:
            return edge
    return None
