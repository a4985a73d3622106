"""How much goes on in the meeting place just now, in two queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from rooms.enums import DeviceKind, RoomState, SeatRole, SeatState
from rooms.models import Room, Visit
from rooms.rules.stays import STALE_AFTER


@dataclass(frozen=True)
class Present:
    """Who is connected in all rooms together. A call is a room in which two devices or more take part."""

    calls: int
    devices: dict[DeviceKind, int]
    waiting: int


def rooms_by_state() -> dict[RoomState, int]:
    """How many rooms are planned and how many open; those that are closed are left out. One query."""
    live = Room.objects.exclude(state=RoomState.CLOSED).order_by()
    found = dict(live.values_list("state").annotate(number=Count("pk")))
    return {state: found.get(state, 0) for state in RoomState if state != RoomState.CLOSED}


def present(now: datetime) -> Present:
    """One query, as long as what goes on."""
    rows = (
        Visit.objects.filter(ended_at__isnull=True, seen_at__gte=now - STALE_AFTER)
        .order_by()
        .values_list("seat__room_id", "seat__state", "seat__role", "seat__device_kind")
        .annotate(number=Count("seat", distinct=True))
    )
    devices: Counter[DeviceKind] = Counter()
    by_room: dict[int, int] = defaultdict(int)
    waiting = 0
    for room, state, role, kind, number in rows:
        if state == SeatState.ADMITTED:
            devices[DeviceKind(kind)] += number
            by_room[room] += number
        elif state == SeatState.WAITING and role == SeatRole.GUEST:
            waiting += number
    return Present(
        calls=sum(number >= 2 for number in by_room.values()),
        devices={kind: devices[kind] for kind in DeviceKind},
        waiting=waiting,
    )
