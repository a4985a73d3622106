"""What the booking form suggests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from booking.rules.overlap import Span, overlapping

QUARTER = timedelta(minutes=15)
# More than a day of quarters: beyond that the doctor is asked to choose.
_SEARCHED = 100


def next_quarter(moment: datetime) -> datetime:
    """The first whole quarter of an hour at or after ``moment``.

    Danish time differs from UTC by whole hours, so that the quarters are the same in both.
    """
    floor = moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)
    return floor if floor == moment else floor + QUARTER


def next_free_quarter(earliest: datetime, minutes: int, busy: Collection[Span]) -> datetime:
    """The first quarter at or after ``earliest`` from which the doctor is free for ``minutes``.

    Where more than a day is full, the first quarter of all: overlapping is allowed, and said.
    """
    first = next_quarter(earliest)
    for number in range(_SEARCHED):
        start = first + number * QUARTER
        if not overlapping(start, start + timedelta(minutes=minutes), busy):
            return start
    return first
