"""Taking in what the probe found, counting the days from it, and keeping the probe's own place in order."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from booking import services as booking
from monitoring.models import CallRecord, DeviceQuality, ProbeDay, ProbeRun, QualitySample, Trouble
from monitoring.probe import spool
from monitoring.probe.legs import Run
from monitoring.rules import retention, uptime
from vdx.accounts import services as accounts
from vdx.lib import clock, probe

log = logging.getLogger(__name__)

# Of a long absence no more than this is held in memory at a time.
_AT_ONCE = 2000


def probe_folder() -> Path:
    """Where the probe leaves what it found."""
    return Path(settings.VAR_DIR) / "probe"


@transaction.atomic
def prepare_probe(*, now: datetime) -> bool:
    """Have the probe's organisation, client, template and webhook there. Safe to do again; tells whether it was new."""
    organisation, changed = accounts.keep_probe_client(now=now)
    booking.keep_probe_desk(organisation=organisation, renew=changed, now=now)
    return changed


def take_in_probes(*, now: datetime, folder: Path | None = None) -> int:
    """Keep what the probe has left, and count its days anew. Says how many runs were new.

    A file is deleted only when all of it is kept; whoever is killed before that leaves it to the next, who finds the
    same runs and adds nothing.
    """
    new = 0
    for path in spool.take(folder or probe_folder()):
        batch: list[Run] = []
        for run in spool.runs_in(path):
            batch.append(run)
            if len(batch) == _AT_ONCE:
                new += keep_runs(runs=batch, now=now)
                batch = []
        new += keep_runs(runs=batch, now=now)
        spool.done(path)
    return new


@transaction.atomic
def keep_runs(*, runs: list[Run], now: datetime) -> int:
    """Keep runs, each once, and count the days that they lie in. Says how many were new."""
    # What a clock that was wrong says of the future, or of long ago, is no measurement.
    sane = [
        run
        for run in runs
        if retention.probe_runs_taken_from(now) <= run.started_at <= now + uptime.PATIENCE
        and abs(run.started_at.timestamp() - run.slot) <= 2 * run.interval
    ]
    if len(sane) < len(runs):
        log.warning("%d runs of the probe bear an impossible time and are left out", len(runs) - len(sane))
    known = set(ProbeRun.objects.filter(key__in=[run.key for run in sane]).values_list("key", flat=True))
    fresh = {run.key: run for run in sane if run.key not in known}
    if not fresh:
        return 0
    # Two who take in the same at once: the second finds the rows there.
    ProbeRun.objects.bulk_create(
        [
            ProbeRun(
                key=run.key,
                slot=run.slot,
                interval=run.interval,
                started_at=run.started_at,
                failed=run.failed,
                reason=run.reason,
                missing=list(run.missing),
                legs=dict(run.legs),
            )
            for run in fresh.values()
        ],
        ignore_conflicts=True,
    )
    for day in sorted({_day_of(run.slot) for run in fresh.values()}):
        _count_day(day)
    return len(fresh)


def forget_probe(*, now: datetime) -> int:
    """Delete the probe's calls of an hour ago, with all that was written of them, and its runs of long ago.

    What each day came to stays. Says how many rows of ours and how many meetings went.
    """
    before = retention.probe_calls_before(now)
    gone = booking.forget_probe_meetings(before=before)
    gone += accounts.forget_probe_trail(before=before)
    return gone + _forget_rows(now)


@transaction.atomic
def _forget_rows(now: datetime) -> int:
    before = retention.probe_calls_before(now)
    calls = CallRecord.objects.filter(organisation__code=probe.ORGANISATION, recorded_at__lt=before)
    rooms = list(calls.values_list("room_uuid", flat=True)[:_AT_ONCE])
    for table in (DeviceQuality, QualitySample, Trouble):
        table.objects.filter(room_uuid__in=rooms).delete()
    gone, _ = CallRecord.objects.filter(room_uuid__in=rooms).delete()
    runs, _ = ProbeRun.objects.filter(slot__lt=int(retention.probe_runs_before(now).timestamp())).delete()
    return gone + runs


def _count_day(day: date) -> None:
    """Count a day from its runs, with its row locked: of two who count, the later one sees what both have kept."""
    begin, end = (int(moment.timestamp()) for moment in clock.day_bounds(day))
    empty = {"interval": 1, "first_slot": begin, "last_slot": begin, "succeeded": 0, "failed": 0}
    ProbeDay.objects.get_or_create(day=day, defaults=empty)
    row = ProbeDay.objects.select_for_update().get(day=day)
    runs = ProbeRun.objects.filter(slot__gte=begin, slot__lt=end)
    counted = uptime.count_day(
        [
            uptime.Found(slot, interval, started, failed, legs)
            for slot, interval, started, failed, legs in runs.values_list(
                "slot", "interval", "started_at", "failed", "legs"
            )
        ]
    )
    row.interval, row.first_slot, row.last_slot = counted.interval, counted.first_slot, counted.last_slot
    row.succeeded, row.failed = counted.succeeded, counted.failed
    row.failed_legs, row.typical = dict(counted.failed_legs), dict(counted.typical)
    row.save()


def _day_of(slot: int) -> date:
    return clock.local_date(datetime.fromtimestamp(slot, UTC))
