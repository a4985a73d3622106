"""Background work of booking. Every task may run twice."""

from __future__ import annotations

from celery import shared_task

from booking import services
from vdx.lib import clock

SCHEDULE = {
    "booking.follow": {"task": "booking.follow", "schedule": 300.0},
    "booking.sweep": {"task": "booking.sweep", "schedule": 3600.0},
}


@shared_task(name="booking.follow")
def follow() -> None:
    """Give meetings the end of their rooms where the word of it was lost."""
    services.follow_rooms()


@shared_task(name="booking.sweep")
def sweep() -> None:
    """Erase the texts of meetings that have been over for 30 days, and forget meetings after five years."""
    now = clock.now()
    services.erase_texts(now=now)
    services.forget_meetings(now=now)
