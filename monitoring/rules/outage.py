"""For how long a side's sockets were gone, and whether the other side's stood meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from monitoring.rules.together import shared

Span = tuple[datetime, datetime]
# A connection of a page: from, to, and which load of the page it was.
Connection = tuple[datetime, datetime, str]


def gaps(connections: Iterable[Connection]) -> list[Span]:
    """When a seat's socket was gone: between two connections of the same load of the page.

    Who closes the page and opens it again was not cut off: that is another load.
    """
    return [
        (before[1], after[0])
        for before, after in pairwise(sorted(connections))
        if before[2] == after[2] and after[0] > before[1]
    ]


def outages(own: Sequence[Span], other_gone: Sequence[Span], other_there: Sequence[Span]) -> tuple[float, float]:
    """Seconds that one side was gone alone, and together with the other.

    ``own``: when it was gone; ``other_gone`` and ``other_there``: when the other side was gone in the same sense, and
    when it was connected.
    """
    return shared(own, other_there), shared(own, other_gone)
