"""Uptime: the share of the probe's intervals that succeeded, by day and month.

The clock runs from the first interval ever probed. An interval speaks once, by the run that began first in it. One
without any run is *missing*: downtime too, of unknown cause, for whoever cannot measure cannot promise either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median_low

# What MedCom's agreement asks for, in per cent.
TARGET = 99.5
# A run takes a while, and what it found is taken in by a sweep: an interval is missed only after so long.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Found:
    """A run, as far as the count needs it."""

    slot: int
    interval: int
    started_at: datetime
    failed: str
    legs: Mapping[str, int]


@dataclass(frozen=True)
class DayCount:
    """What a day's runs came to."""

    interval: int
    first_slot: int
    last_slot: int
    succeeded: int
    failed: int
    failed_legs: Mapping[str, int]
    typical: Mapping[str, int]


@dataclass(frozen=True)
class UptimeMonth:
    """A month: how many intervals there ought to have been, how many succeeded or failed, and how many are missing."""

    month: date
    expected: int
    succeeded: int
    failed: int
    missing: int

    @property
    def share(self) -> float | None:
        """Per cent of the intervals that succeeded; None where there was none to expect."""
        return 100 * self.succeeded / self.expected if self.expected else None

    @property
    def percent(self) -> int | None:
        """The same as a whole number, rounded half up."""
        return (200 * self.succeeded + self.expected) // (2 * self.expected) if self.expected else None


class Standing(StrEnum):
    """How the service is just now, as the probe sees it."""

    WORKS = "works"
    DISTURBED = "disturbed"
    # No run has come in of late.
    UNKNOWN = "unknown"
    # There never was one.
    NEVER = "never"


def count_day(runs: Sequence[Found]) -> DayCount:
    """What the runs of one day came to, in any order; at least one.

    Where the interval was changed on that day, the longest one is the measure: one of those succeeded if all that
    spoke within it did.
    """
    interval = max(run.interval for run in runs)
    speaking: dict[tuple[int, int], Found] = {}
    for run in sorted(runs, key=lambda run: run.started_at):
        speaking.setdefault((run.slot, run.interval), run)
    slots: dict[int, list[Found]] = {}
    for run in speaking.values():
        slots.setdefault(run.slot // interval * interval, []).append(run)
    failed_legs: dict[str, int] = {}
    for within in slots.values():
        worst = next((run for run in within if run.failed), None)
        if worst is not None:
            failed_legs[worst.failed] = failed_legs.get(worst.failed, 0) + 1
    failed = sum(failed_legs.values())
    return DayCount(
        interval=interval,
        first_slot=min(slots),
        last_slot=max(slots),
        succeeded=len(slots) - failed,
        failed=failed,
        failed_legs=failed_legs,
        typical=typical(speaking.values()),
    )


def typical(runs: Iterable[Found]) -> dict[str, int]:
    """The middle one of each leg's times, in milliseconds."""
    times: dict[str, list[int]] = {}
    for run in runs:
        for leg, taken in run.legs.items():
            times.setdefault(leg, []).append(taken)
    return {leg: median_low(found) for leg, found in times.items()}


def intervals_between(begin: datetime, end: datetime, interval: int) -> int:
    """How many intervals begin from ``begin`` up to and without ``end``."""
    first, last = int(begin.timestamp()), int(end.timestamp())
    return max(0, -(-last // interval) + first // -interval)


def expected_on(
    bounds: tuple[datetime, datetime], *, interval: int, since: int, last_slot: int | None, now: datetime
) -> int:
    """How many intervals of a day there ought to be a run for by now.

    ``since``: the beginning of the first interval ever. ``last_slot``: of the last one that day with a run, which
    counts although it is fresh.
    """
    begin, end = bounds
    slack = int((now - PATIENCE).timestamp()) - interval
    known = max(slack, last_slot or 0) + 1
    stop = min(int(end.timestamp()), known)
    start = max(int(begin.timestamp()), since)
    return max(0, -(-stop // interval) + start // -interval) if stop > start else 0


def standing(
    newest: tuple[datetime, bool, int] | None, *, disturbed_since: datetime | None, now: datetime
) -> tuple[Standing, datetime | None]:
    """How it is now, and since when where it is not well. ``newest``: the last run's begin, outcome and interval."""
    if newest is None:
        return Standing.NEVER, None
    started, succeeded, interval = newest
    if now - started > max(PATIENCE, timedelta(seconds=3 * interval)):
        return Standing.UNKNOWN, started
    return (Standing.WORKS, None) if succeeded else (Standing.DISTURBED, disturbed_since or started)
