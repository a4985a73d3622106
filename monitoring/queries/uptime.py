"""How much of the time the hub worked, as the probe found it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import Min

from monitoring.models import ProbeDay, ProbeRun
from monitoring.probe import spool
from monitoring.probe.legs import LEGS, Run
from monitoring.rules import uptime as rules
from monitoring.rules.uptime import Standing, UptimeMonth
from vdx.lib import clock

log = logging.getLogger(__name__)

# Days that the curve of times and the list of faults go back.
RECENT_DAYS = 30
MOST_FAULTS = 200


@dataclass(frozen=True)
class ServiceState:
    """How it is now: whether the hub works, and since when it does not. ``probed_at``: when that was last tried."""

    standing: Standing
    since: datetime | None
    probed_at: datetime | None


@dataclass(frozen=True)
class Fault:
    """A run that failed, or several in a row at the same leg."""

    first: datetime
    last: datetime
    runs: int
    leg: str
    reason: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class LegLine:
    """A leg over some days: how often it failed, and what it takes: typically, and at a bad time (19 of 20 are faster).

    ``newest`` is of the newest run; None where it did not come so far.
    """

    leg: str
    failed: int
    newest: int | None
    typical: int | None
    slow: int | None


@dataclass(frozen=True)
class DayLine:
    """A day: its count, and the middle of each leg's milliseconds."""

    day: date
    expected: int
    succeeded: int
    failed: int
    missing: int
    typical: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """Per cent of the intervals that succeeded; None where there was none to expect."""
        return 100 * self.succeeded / self.expected if self.expected else None


def first_probe_day() -> date | None:
    """The day of the first interval ever probed: from then on the clock runs. None: there was none. One query."""
    first: date | None = ProbeDay.objects.aggregate(first=Min("day"))["first"]
    return first


def uptime_by_month(first: date, last: date, *, now: datetime | None = None) -> list[UptimeMonth]:
    """The Danish months from that of ``first`` to that of ``last``, each as a whole as far as it has come.

    Before the first probe ever nothing is expected; nor is what lies ahead, or after the last probe where
    ``VDX_PROBE_SECONDS`` is 0. Two queries.
    """
    begin, end = first.replace(day=1), _next_month(last)
    sums: dict[date, list[int]] = {}
    month = begin
    while month < end:
        sums[month] = [0, 0, 0]
        month = _next_month(month)
    for line in uptime_by_day(begin, end - timedelta(days=1), now=now):
        found = sums[line.day.replace(day=1)]
        for at, number in enumerate((line.expected, line.succeeded, line.failed)):
            found[at] += number
    return [
        UptimeMonth(month, expected, succeeded, failed, expected - succeeded - failed)
        for month, (expected, succeeded, failed) in sums.items()
    ]


def uptime_by_day(first: date, last: date, *, now: datetime | None = None) -> list[DayLine]:
    """The Danish days from ``first`` to ``last`` on which something was to be expected, by date. One query."""
    now = now or clock.now()
    rows = {row.day: row for row in ProbeDay.objects.all()}
    if not rows:
        return []
    oldest = rows[min(rows)]
    if not settings.VDX_PROBE_SECONDS:
        # The probe was turned off: the clock stands since its last interval.
        newest = rows[max(rows)]
        now = min(now, datetime.fromtimestamp(newest.last_slot + newest.interval, UTC))
    lines = []
    # A day without any run has the interval of the one before it.
    interval = oldest.interval
    day = oldest.day
    while day <= min(last, clock.local_date(now)):
        row = rows.get(day)
        interval = row.interval if row is not None else interval
        if day >= first:
            ran = row.succeeded + row.failed if row is not None else 0
            expected = rules.expected_on(
                clock.day_bounds(day),
                interval=interval,
                since=oldest.first_slot,
                last_slot=row.last_slot if row is not None else None,
                now=now,
            )
            expected = max(expected, ran)
            lines.append(
                DayLine(
                    day,
                    expected,
                    row.succeeded if row is not None else 0,
                    row.failed if row is not None else 0,
                    expected - ran,
                    row.typical if row is not None else {},
                )
            )
        day += timedelta(days=1)
    return lines


def service_state(*, now: datetime, folder: Path | None = None) -> ServiceState:
    """How it is now, also by what the probe has left and nobody has taken in yet. Three queries at most."""
    folder = folder or _folder()
    newest, fresh = newest_run(), spool.newest(folder)
    run = _newer(newest, fresh)
    if run is None:
        return ServiceState(Standing.NEVER, None, None)
    since = None
    if run.failed:
        since = _disturbed_since() if run is newest else _disturbed_since_in(folder, newest)
    outcome = (run.started_at, not run.failed, run.interval)
    standing, since = rules.standing(outcome, disturbed_since=since, now=now)
    return ServiceState(standing, since, run.started_at)


def service_state_without_database(*, now: datetime, folder: Path | None = None) -> ServiceState:
    """The same where the database does not answer: by the file alone, and never better than disturbed."""
    folder = folder or _folder()
    fresh = spool.newest(folder)
    if fresh is None:
        return ServiceState(Standing.DISTURBED, None, None)
    first, _ = spool.failing_since(folder)
    return ServiceState(Standing.DISTURBED, None if first is None else first.started_at, fresh.started_at)


def faults(*, since: datetime) -> tuple[list[Fault], bool]:
    """What failed since a moment, the newest first; runs that follow each other at the same leg in one.

    No more than ``MOST_FAULTS`` of them, each as long as it lasted, and whether older ones are left out. One query.
    """
    runs = ProbeRun.objects.filter(slot__gte=int(since.timestamp())).exclude(failed="")
    found: list[Fault] = []
    last_slot = 0
    for run in runs.order_by("-slot", "-started_at").iterator(chunk_size=2000):
        before = found[-1] if found else None
        goes_on = before is not None and last_slot - run.slot <= run.interval
        if before is not None and goes_on and (before.leg, before.reason) == (run.failed, run.reason):
            missing = tuple(sorted({*before.missing, *run.missing}))
            found[-1] = Fault(run.started_at, before.last, before.runs + 1, before.leg, before.reason, missing)
        elif len(found) == MOST_FAULTS:
            return found, True
        else:
            found.append(Fault(run.started_at, run.started_at, 1, run.failed, run.reason, tuple(run.missing)))
        last_slot = run.slot
    return found, False


def legs(*, since: datetime) -> list[LegLine]:
    """The legs in their order, over the runs since a moment. One query."""
    runs = ProbeRun.objects.filter(slot__gte=int(since.timestamp())).order_by("slot", "started_at")
    failed = dict.fromkeys(LEGS, 0)
    times: dict[str, list[int]] = {leg: [] for leg in LEGS}
    newest: Mapping[str, int] = {}
    for failed_leg, taken in runs.values_list("failed", "legs").iterator(chunk_size=2000):
        if failed_leg in failed:
            failed[failed_leg] += 1
        for leg, milliseconds in taken.items():
            times[leg].append(milliseconds)
        newest = taken
    lines = []
    for leg in LEGS:
        found = sorted(times[leg])
        typical = found[(len(found) - 1) // 2] if found else None
        slow = found[(len(found) * 19 - 1) // 20] if found else None
        lines.append(LegLine(leg, failed[leg], newest.get(leg), typical, slow))
    return lines


def newest_run() -> ProbeRun | None:
    """The run that began last. One query."""
    return ProbeRun.objects.order_by("-slot", "-started_at").first()


def newest_found(*, now: datetime, folder: Path | None = None) -> ProbeRun | Run | None:
    """The run that began last, also where nobody has taken it in yet. The database is asked only if none is fresh.

    One query at most. Where the database does not answer, what waits to be taken in has to do.
    """
    fresh = spool.newest(folder or _folder())
    if fresh is not None and now - fresh.started_at < rules.PATIENCE:
        return fresh
    try:
        return _newer(newest_run(), fresh)
    except (DatabaseError, InterfaceError) as error:
        log.warning("the newest run of the probe is read without the database: %s", type(error).__name__)
        return fresh


def _newer(kept: ProbeRun | None, waiting: Run | None) -> ProbeRun | Run | None:
    if kept is None or waiting is None:
        return kept or waiting
    return waiting if waiting.started_at > kept.started_at else kept


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "probe"


def _disturbed_since_in(folder: Path, newest: ProbeRun | None) -> datetime | None:
    """The same by what waits to be taken in, and by what was taken in before the fault kept the rest waiting."""
    first, good_before = spool.failing_since(folder)
    since = None if first is None else first.started_at
    if good_before or newest is None or not newest.failed:
        return since
    return min(filter(None, (_disturbed_since(), since)), default=None)


def _disturbed_since() -> datetime | None:
    """The first of the failing runs that have gone on until now."""
    runs = ProbeRun.objects.order_by("-slot", "-started_at")
    last_good = runs.filter(failed="").first()
    bad = ProbeRun.objects.exclude(failed="")
    if last_good is not None:
        bad = bad.filter(slot__gt=last_good.slot)
    first_bad = bad.order_by("slot", "started_at").first()
    return None if first_bad is None else first_bad.started_at


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
