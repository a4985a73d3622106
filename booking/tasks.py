"""Background work of booking. Every task may run twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings

from booking import services
from vdx.lib import clock

log = logging.getLogger(__name__)

SCHEDULE = {
    "booking.follow": {"task": "booking.follow", "schedule": 300.0},
    "booking.sweep": {"task": "booking.sweep", "schedule": 3600.0},
    "booking.fill_pools": {"task": "booking.fill_pools", "schedule": float(settings.VDX_POOL_FILL_SECONDS)},
    "booking.note_pools": {"task": "booking.note_pools", "schedule": 60.0},
}


@shared_task(name="booking.follow")
def follow() -> None:
    """Give meetings the end of their rooms where the word of it was lost."""
    services.follow_rooms()


@shared_task(name="booking.sweep")
def sweep() -> None:
    """Erase the texts of meetings that have been over for 30 days; forget meetings and pool history in time."""
    now = clock.now()
    services.erase_texts(now=now)
    services.forget_meetings(now=now)
    services.forget_pool_history(now=now)


@shared_task(name="booking.fill_pools")
def fill_pools() -> None:
    """Bring the pools nearer to their sizes."""
    if settings.VDX_POOL_FILL_DISABLED:
        return
    made, taken = services.fill_pools(now=clock.now())
    if made or taken:
        log.info("rooms of the pools: %d made, %d taken away", made, taken)


@shared_task(name="booking.note_pools")
def note_pools() -> None:
    """Write down how full the pools are."""
    services.note_pools(now=clock.now())
