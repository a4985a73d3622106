"""Background work of booking. Every task may run twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.core.cache import cache

from booking import services
from vdx.lib import clock

log = logging.getLogger(__name__)

SCHEDULE = {
    "booking.follow": {"task": "booking.follow", "schedule": 300.0},
    "booking.sweep": {"task": "booking.sweep", "schedule": 3600.0},
    "booking.fill_pools": {"task": "booking.fill_pools", "schedule": float(settings.VDX_POOL_FILL_SECONDS)},
    "booking.note_pools": {"task": "booking.note_pools", "schedule": 60.0},
    "booking.deliver_due": {"task": "booking.deliver_due", "schedule": 15.0},
    "booking.post_due_webhooks": {"task": "booking.post_due_webhooks", "schedule": 5.0},
}


# Work that was not begun by then is found by the sweep anyhow.
OF_USE_SECONDS = 60
# One after the other in each way: a gateway that does not answer keeps one worker busy, and never all of them.
_TURN_SECONDS = 20
_KEPT_SECONDS = 60


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
    services.forget_messages(now=now)


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


@shared_task(name="booking.deliver")
def deliver(way: str) -> None:
    """Send the links and reminders that are due in a way."""
    if not cache.add(f"booking.deliver:{way}", 1, _KEPT_SECONDS):
        # Whoever is at it will come to these too.
        return
    begun = clock.now()
    try:
        while services.send_next(way=way, now=clock.now()):
            if (clock.now() - begun).total_seconds() > _TURN_SECONDS:
                break
    finally:
        cache.delete(f"booking.deliver:{way}")


@shared_task(name="booking.deliver_due")
def deliver_due() -> None:
    """Catch what a lost message left out, and what is to be tried again."""
    for way in services.due_ways(now=clock.now()):
        deliver.apply_async((way,), expires=OF_USE_SECONDS)


@shared_task(name="booking.post_webhooks")
def post_webhooks(target_id: int) -> None:
    """Tell a record system what waits for it."""
    if services.post_webhooks(target_id=target_id, now=clock.now()):
        post_webhooks.apply_async((target_id,), expires=OF_USE_SECONDS)


@shared_task(name="booking.post_due_webhooks")
def post_due_webhooks() -> None:
    """Catch what a lost message left out, and what is to be tried again."""
    for target_id in services.due_webhooks(now=clock.now()):
        post_webhooks.apply_async((target_id,), expires=OF_USE_SECONDS)
