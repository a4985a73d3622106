"""Background work of rooms. What is due stands in the database; these only go and look, and may run twice."""

from __future__ import annotations

from celery import shared_task

from rooms import queries, services
from vdx.lib import clock

SCHEDULE = {"rooms.sweep": {"task": "rooms.sweep", "schedule": 5.0}}


@shared_task(name="rooms.sweep")
def sweep() -> None:
    """Have rooms closed whose time is up, and end the visits of processes that died."""
    now = clock.now()
    services.end_stale_visits(now=now)
    for room_id in queries.due_to_close(now):
        close_room.delay(room_id)


@shared_task(name="rooms.close_room", expires=60)
def close_room(room_id: int) -> None:
    """Close one room, if it is still due."""
    services.close_expired(room_id=room_id, now=clock.now())
