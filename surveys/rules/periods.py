"""Where the periods of exports begin and end, so that no two of them differ by a few answers.

Who takes an export today and another tomorrow, and takes the lines of one from the other, reads what came between. So
exports hold whole months that are over, and months with few answers go together with the next ones: two exports that
are narrowed alike differ by at least ``k`` answers, or by none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

# The first day of a month, and how many answers it has.
Month = tuple[date, int]
# The first day of a first month, and the last day of a last one.
Block = tuple[date, date]


def blocks(months: Iterable[Month], k: int) -> list[Block]:
    """The months in their order, as few together as have ``k`` answers; what is left at the end waits."""
    found: list[Block] = []
    begun: date | None = None
    answers = 0
    for month, count in sorted(months):
        begun = begun or month
        answers += count
        if answers >= k:
            found.append((begun, last_day(month)))
            begun, answers = None, 0
    return found


def cut(first: date | None, last: date | None, whole: Iterable[Block]) -> tuple[date | None, date]:
    """The part of a period (None: open) that is made of whole blocks. It ends before it begins where none is in it."""
    within = [block for block in whole if (not first or block[0] >= first) and (not last or block[1] <= last)]
    if not within:
        return date(1900, 1, 1), date(1899, 12, 31)
    return (within[0][0] if first else None), within[-1][1]


def last_day(month: date) -> date:
    """The last day of the month that a day lies in."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
