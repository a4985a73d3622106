"""Background work of rooms. What is due stands in the database; these only go and look, and may run twice."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import Task, shared_task

from rooms import queries, services
from rooms.services import fixed
from vdx.lib import clock
from vdx.lib.webpush import Answer

log = logging.getLogger(__name__)

SCHEDULE = {
    "rooms.sweep": {"task": "rooms.sweep", "schedule": 5.0},
    "rooms.daily": {"task": "rooms.daily", "schedule": 24 * 3600},
}


@shared_task(name="rooms.sweep")
def sweep() -> None:
    """Have rooms closed whose time is up, and end the visits of processes that died; forget whom nobody rings.

    Places of calls that do not go on are given back.
    """
    now = clock.now()
    services.end_stale_visits(now=now)
    services.release_places(now=now)
    services.forget_needless_addresses()
    for room_id in queries.due_to_close(now):
        close_room.delay(room_id)
    fixed.close_empty_calls(now=now)
    fixed.renew_spent_pins(now=now)


@shared_task(name="rooms.daily")
def daily() -> None:
    """Forget the rooms of fixed rooms' calls that are long over."""
    gone = fixed.forget_calls(now=clock.now())
    if gone:
        log.info("forgot %d calls of fixed rooms", gone)


@shared_task(name="rooms.push", expires=60, bind=True, max_retries=2, default_retry_delay=3)
def push(self: Task, room_uuid: str, seat_key: str) -> None:
    """Ring at a waiting patient's browser. A ring that comes twice shows one notification."""
    if services.push_ring(room_uuid=UUID(room_uuid), seat_key=seat_key) is Answer.LATER:
        # The doctor may ring again: after two more attempts nobody is woken too late.
        log.warning("a push service did not take a ring (attempt %d)", self.request.retries + 1)
        if self.request.retries < self.max_retries:
            raise self.retry()


@shared_task(name="rooms.close_room", expires=60)
def close_room(room_id: int) -> None:
    """Close one room, if it is still due."""
    services.close_expired(room_id=room_id, now=clock.now())
