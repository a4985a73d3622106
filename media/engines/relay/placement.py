"""Which worker has which room: one record that all web processes share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from media.models import RelayRoom

#: A room that no device has come to for this long is forgotten.
FORGOTTEN_AFTER = timedelta(days=1)


def place(room: UUID, *, choose: Callable[[], str], now: datetime) -> str:
    """The room's worker; chosen now if it has none. Of two who choose at the same time, one is right for both."""
    kept, created = RelayRoom.objects.get_or_create(room=room, defaults={"worker": choose(), "used_at": now})
    if not created:
        RelayRoom.objects.filter(room=room).update(used_at=now)
    return kept.worker


def move(room: UUID, *, away_from: str, to: str, now: datetime) -> str:
    """Give the room to another worker, unless somebody else was first. Returns the worker that has it."""
    RelayRoom.objects.filter(room=room, worker=away_from).update(worker=to, used_at=now)
    kept = RelayRoom.objects.filter(room=room).values_list("worker", flat=True).first()
    return kept or place(room, choose=lambda: to, now=now)


def forget_old(*, now: datetime) -> int:
    """Sweep: forget rooms that nobody has come to for a day."""
    return RelayRoom.objects.filter(used_at__lt=now - FORGOTTEN_AFTER).delete()[0]
