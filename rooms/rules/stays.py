"""From visits, which are sockets, to stays, which are people: when a device really took part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

# A socket that comes back later than this is a new visit, whatever the page says of its call.
RESUME_WITHIN = timedelta(seconds=60)
# A visit without a heartbeat for so long has lost its process.
STALE_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class VisitSpan:
    """One connection: from when it took part (None: it only waited), until when, and whether it resumed a call."""

    admitted_at: datetime | None
    until: datetime
    resumed: bool


Stay = tuple[datetime, datetime]


def stays(visits: Iterable[VisitSpan]) -> tuple[Stay, ...]:
    """The stretches in which one device took part, in order and apart.

    A visit counts from the moment it was let in. One that resumed a call takes the gap before it along, since sound
    and picture went on meanwhile. A stretch without length is left out.
    """
    spans = sorted(
        (visit.admitted_at, visit.until, visit.resumed)
        for visit in visits
        if visit.admitted_at is not None and visit.until >= visit.admitted_at
    )
    found: list[Stay] = []
    for start, end, resumed in spans:
        if found and (resumed or start <= found[-1][1]):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple((start, end) for start, end in found if end > start)


def overlap(some: Iterable[Stay], others: Iterable[Stay]) -> bool:
    """Whether one of these stretches and one of those lasted at the same time; touching is not enough."""
    held = list(others)
    return any(start < until and since < end for start, end in some for since, until in held)


class Connection(Protocol):
    """A visit, as far as waiting goes."""

    @property
    def started_at(self) -> datetime:
        """When it began."""

    @property
    def admitted_at(self) -> datetime | None:
        """From when it took part; None: it only waited."""

    def last_known(self) -> datetime:
        """When it was certainly still there."""


def waited(visits: Iterable[Connection]) -> int | None:
    """For how many whole seconds a seat was connected before it was let in for the first time; None: it never was.

    Time away does not count.
    """
    total = timedelta()
    for visit in sorted(visits, key=lambda visit: visit.started_at):
        total += max(timedelta(), (visit.admitted_at or visit.last_known()) - visit.started_at)
        if visit.admitted_at is not None:
            return int(total.total_seconds())
    return None


def resumes(
    *, claimed: bool, instance: str, last_instance: str | None, last_known: datetime | None, now: datetime
) -> bool:
    """Whether a new connection goes on with the call of the last one: the same page says so, and soon enough."""
    if not claimed or last_known is None or instance != last_instance:
        return False
    return now - last_known <= RESUME_WITHIN


def end_of(*, seen_at: datetime, now: datetime) -> datetime:
    """When a visit that is ended at ``now`` really ended: where it was last seen, if that is too long ago."""
    return seen_at if now - seen_at > STALE_AFTER else now
