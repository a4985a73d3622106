"""How long a call lasted: the time with at least two devices connected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

# When a device came and when it went.
Stay = tuple[datetime, datetime]


def merged(stays: Iterable[Stay]) -> list[Stay]:
    """The stays of one device in order, those that overlap or touch taken as one."""
    whole: list[Stay] = []
    for joined, left in sorted(stays):
        if whole and joined <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], left))
        else:
            whole.append((joined, left))
    return whole


def seconds_together(devices: Iterable[Sequence[Stay]]) -> int:
    """Whole seconds in which at least two devices were connected; what is left of a second is cut off once.

    One device counts once, however many stays of it overlap. Zero means that no two devices met.
    """
    return whole_seconds(stretches_together(devices))


def whole_seconds(stretches: Iterable[Stay]) -> int:
    """The length of them all in whole seconds; fractions are added before they are cut."""
    return sum((left - joined for joined, left in stretches), timedelta()) // timedelta(seconds=1)


def stretches_together(devices: Iterable[Sequence[Stay]]) -> list[Stay]:
    """The stretches of time, apart and in order, in which at least two devices were connected.

    While this lasts the call is one of those that are held at the same time.
    """
    changes: list[tuple[datetime, int]] = []
    for stays in devices:
        for joined, left in merged(stays):
            changes += [(joined, 1), (left, -1)]
    # Of two changes at one moment the leaving comes first; the stretch between them has no length either way.
    changes.sort()
    found: list[Stay] = []
    present = 0
    since: datetime | None = None
    for moment, change in changes:
        if since is not None and present >= 2 and moment > since:
            found.append((since, moment))
        present += change
        since = moment
    return merged(found)


def shared(one: Iterable[Stay], other: Iterable[Stay]) -> float:
    """Seconds that lie in both."""
    others = merged(other)
    total = timedelta()
    for start, end in merged(one):
        for first, last in others:
            total += max(timedelta(), min(end, last) - max(start, first))
    return total.total_seconds()


def span(devices: Iterable[Sequence[Stay]]) -> Stay | None:
    """From the first device's coming to the last one's leaving, or None where nobody came."""
    stays = [stay for device in devices for stay in device]
    if not stays:
        return None
    return min(joined for joined, _ in stays), max(left for _, left in stays)
