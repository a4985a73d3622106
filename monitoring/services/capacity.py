"""Warning staff that the hub fills up, and counting what the days came to."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Min
from django.urls import reverse

from monitoring.models import CallStretch, CapacityAlarm, CapacityMail, DayPeak
from monitoring.models_capacity import CapacityLevel
from monitoring.queries.peaks import peaks_of_hub
from monitoring.rules.capacity import Step, is_news, retry_after, spans_of, step
from rooms import queries as rooms_queries
from vdx.accounts import queries as accounts_queries
from vdx.lib import mail
from vdx.lib.clock import local_date
from vdx.lib.database import wait_for_turn

log = logging.getLogger(__name__)

# Calls that began so long ago may still get their record: the days are counted anew for as long.
UNSETTLED = timedelta(days=3)
MAILS_KEPT = timedelta(days=30)
# Whoever counts does not write what it saw before a change over what the change has forgotten.
_PEAKS = "monitoring.day_peaks"


def watch_capacity(*, now: datetime, passed: CapacityLevel | None = None) -> bool:
    """Look how far the hub is used, and warn staff once where it has crossed its capacity, or is full.

    ``passed``: somebody has just met this level; it may be over before anybody looks. Safe to run twice, and at once.
    Says whether there are mails to send.
    """
    load = rooms_queries.load(now)
    above = {
        CapacityLevel.GRACE: load.places > load.capacity,
        CapacityLevel.FULL: load.places >= load.limit,
    }
    levels = list(CapacityLevel) if passed is None else [passed]
    # All of them, also after one that has something to send.
    warned = [_watch(level, above[level] or level == passed, load.places, now) for level in levels]
    return any(warned)


def send_capacity_mails(*, now: datetime) -> int:
    """Send the mails that are due; say how many went. Each is claimed first, so that none goes twice at once.

    One whose process is killed on the way is sent by the next sweep.
    """
    due = CapacityMail.objects.filter(send_after__lte=now).order_by("pk")
    return sum(_send(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def count_peaks(*, now: datetime, everything: bool = False) -> int:
    """Count the highest number of calls at once of each day that is over; say how many days were counted.

    Of the last days, which may still change, and of days since the first call that were never counted, or were
    forgotten; or of ``everything``. What an import brings meanwhile is counted with it, or afterwards.
    """
    wait_for_turn(_PEAKS)
    last = local_date(now) - timedelta(days=1)
    settled = last - UNSETTLED
    oldest = CallStretch.objects.aggregate(oldest=Min("began_at"))["oldest"]
    first = settled + timedelta(days=1) if oldest is None else min(settled + timedelta(days=1), local_date(oldest))
    days = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    if everything:
        DayPeak.objects.all().delete()
    else:
        days -= set(DayPeak.objects.filter(day__lte=settled).values_list("day", flat=True))
    peaks: dict[date, int] = {}
    for begin, end in spans_of(sorted(days)):
        peaks |= peaks_of_hub(begin, end)
    DayPeak.objects.bulk_create(
        [DayPeak(day=day, calls=calls) for day, calls in peaks.items()],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["calls"],
        batch_size=500,
    )
    return len(peaks)


def forget_peaks(*, first: date, last: date) -> None:
    """Calls of these days have come in, or have gone: they are counted when somebody asks, until the next count.

    Call it in the transaction of the change, last.
    """
    wait_for_turn(_PEAKS)
    DayPeak.objects.filter(day__gte=first, day__lte=last).delete()


def forget_capacity_mails(*, now: datetime) -> int:
    """Forget whom of the staff a warning was sent to; the warnings stay. Says how many there were."""
    return CapacityMail.objects.filter(send_after=None, alarm__began_at__lt=now - MAILS_KEPT).delete()[0]


@transaction.atomic
def _watch(level: CapacityLevel, above: bool, calls: int, now: datetime) -> bool:
    alarm = CapacityAlarm.objects.select_for_update().filter(level=level, ended_at=None).first()
    what = step(
        above=above,
        open_since=None if alarm is None else local_date(alarm.began_at),
        calm_since=None if alarm is None else alarm.calm_since,
        now=now,
        today=local_date(now),
    )
    if alarm is None:
        return what is Step.BEGIN and _begin(level, calls, now)
    if what is Step.RENEW:
        alarm.ended_at = now
        alarm.save(update_fields=["ended_at"])
        return _begin(level, calls, now)
    if what is Step.END:
        alarm.ended_at = alarm.calm_since
    elif what in {Step.CALM, Step.RESUME}:
        alarm.calm_since = now if what is Step.CALM else None
    else:
        return False
    alarm.save(update_fields=["ended_at", "calm_since"])
    return False


def _begin(level: CapacityLevel, calls: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            alarm = CapacityAlarm.objects.create(level=level, calls=calls, began_at=now)
    except IntegrityError:
        # Another process was first, and warns.
        return False
    staff = accounts_queries.medcom_staff()
    CapacityMail.objects.bulk_create(CapacityMail(alarm=alarm, user=user, send_after=now) for user in staff)
    log.warning("the hub is at its %s: %d calls", "limit" if level == CapacityLevel.FULL else "capacity", calls)
    return bool(staff)


def _send(pk: int, now: datetime) -> bool:
    row = CapacityMail.objects.select_related("alarm", "user").filter(pk=pk).first()
    if row is None or row.send_after is None or row.send_after > now:
        # Forgotten, or another process has it by now.
        return False
    if not is_news(ended_at=row.alarm.ended_at, now=now):
        # No worker was there to send it, and what it says is true no more; the page shows the days.
        CapacityMail.objects.filter(pk=pk, send_after=row.send_after).update(send_after=None)
        return False
    again = retry_after(row.attempts + 1)
    claimed = CapacityMail.objects.filter(pk=pk, send_after=row.send_after, attempts=row.attempts).update(
        send_after=None if again is None else now + again, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    load = rooms_queries.load(now)
    try:
        mail.send(
            "capacity",
            to=row.user.email,
            language=row.user.language,
            context={
                "full": row.alarm.level == CapacityLevel.FULL,
                "calls": row.alarm.calls,
                "capacity": load.capacity,
                "limit": load.limit,
                "url": settings.VDX_PUBLIC_URL.rstrip("/") + reverse("monitoring:capacity"),
            },
            headers={"Auto-Submitted": "auto-generated"},
        )
    except (OSError, SMTPException) as error:
        # The server's words may hold the address.
        log.warning("capacity mail %d: attempt %d failed with %s", pk, row.attempts + 1, type(error).__name__)
        return False
    CapacityMail.objects.filter(pk=pk, attempts=row.attempts + 1).update(send_after=None)
    return True
