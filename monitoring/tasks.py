"""Background work of monitoring. Every task may run twice."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from monitoring import services
from vdx.lib import clock

log = logging.getLogger(__name__)

SCHEDULE = {
    "monitoring.sweep": {"task": "monitoring.sweep", "schedule": 60},
    "monitoring.months": {"task": "monitoring.months", "schedule": 60},
    "monitoring.take_in_probes": {"task": "monitoring.take_in_probes", "schedule": 20},
    "monitoring.forget_probe": {"task": "monitoring.forget_probe", "schedule": 300},
    "monitoring.capacity": {"task": "monitoring.capacity", "schedule": 30},
    "monitoring.day_peaks": {"task": "monitoring.day_peaks", "schedule": 3600},
    "monitoring.daily": {"task": "monitoring.daily", "schedule": 24 * 3600},
}


@shared_task(name="monitoring.sweep")
def sweep() -> None:
    """Write the records that a lost message left out over the last hours."""
    _record_missing(timedelta(hours=3))


@shared_task(name="monitoring.capacity")
def capacity() -> None:
    """Look how far the hub is used, and send the mails that this makes due."""
    now = clock.now()
    services.watch_capacity(now=now)
    services.send_capacity_mails(now=now)


@shared_task(name="monitoring.day_peaks")
def day_peaks() -> None:
    """Count the highest number of calls at once of the last days."""
    services.count_peaks(now=clock.now())


@shared_task(name="monitoring.capacity_mails", expires=60)
def capacity_mails() -> None:
    """Send the mails that have just become due."""
    services.send_capacity_mails(now=clock.now())


@shared_task(name="monitoring.daily")
def daily() -> None:
    """The same over a long stretch, for a hub that was down; and forget what is too old."""
    _record_missing(timedelta(days=60))
    now = clock.now()
    gone = services.forget_samples(now=now) + services.forget_details(now=now)
    gone += services.forget_device_tests(now=now)
    gone += services.forget_capacity_mails(now=now)
    if gone:
        log.info("deleted %d rows kept long enough", gone)
    services.count_peaks(now=now, everything=True)


@shared_task(name="monitoring.months")
def months() -> None:
    """Count the months anew in which calls have changed."""
    services.count_marked(now=clock.now())


@shared_task(name="monitoring.take_in_probes")
def take_in_probes() -> None:
    """Keep what the probe has found; and let it find its own place in a hub that is new, or has other secrets."""
    now = clock.now()
    if settings.VDX_PROBE_SECONDS:
        services.prepare_probe(now=now)
    services.take_in_probes(now=now)


@shared_task(name="monitoring.forget_probe")
def forget_probe() -> None:
    """Delete the probe's own calls of an hour ago."""
    services.forget_probe(now=clock.now())


def _record_missing(back: timedelta) -> None:
    now = clock.now()
    written = services.record_missing(since=now - back, now=now)
    if written:
        log.info("wrote %d call records that were missing", written)
