"""How far the hub is used just now: calls, the places they have, and the most that there may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from rooms.models import CallPlace, Visit
from rooms.number_queries import present
from rooms.rules import lines
from rooms.rules.lines import Level
from rooms.rules.stays import Stay, VisitSpan, stays


@dataclass(frozen=True)
class Load:
    """``calls``: rooms with two devices or more. ``places``: those, and the ones kept for calls that may go on.

    ``capacity``, and with the grace above it ``limit``, are calls at the same time.
    """

    calls: int
    places: int
    capacity: int
    limit: int
    level: Level


@dataclass(frozen=True)
class OpenCall:
    """A room that somebody is in: whose it is, and the stays of each device that was let in, so far."""

    room_uuid: UUID
    organisation_id: int
    devices: tuple[tuple[Stay, ...], ...]


def load(now: datetime) -> Load:
    """Two queries."""
    capacity, grace = settings.VDX_CAPACITY, settings.VDX_CAPACITY_GRACE
    places = _taken(now)
    return Load(
        calls=present(now).calls,
        places=places,
        capacity=capacity,
        limit=lines.limit(capacity=capacity, grace_percent=grace),
        level=lines.level(calls=places, capacity=capacity, grace_percent=grace),
    )


def open_calls(now: datetime) -> list[OpenCall]:
    """The rooms in which a device is now, with all that was held there before as well. One query.

    Who is connected stays until ``now``. Nothing of it needs to be on record yet.
    """
    here = Visit.objects.filter(ended_at=None, admitted_at__isnull=False).values("seat__room")
    visits = Visit.objects.filter(seat__room__in=here, admitted_at__isnull=False).order_by("seat__room", "seat", "pk")
    rows = visits.values_list(
        "seat__room__uuid", "seat__room__organisation_id", "seat", "admitted_at", "ended_at", "resumed"
    )
    found: dict[tuple[UUID, int], dict[int, list[VisitSpan]]] = {}
    for room_uuid, organisation, seat, admitted_at, ended_at, resumed in rows:
        seats = found.setdefault((room_uuid, organisation), {})
        seats.setdefault(seat, []).append(VisitSpan(admitted_at, ended_at or now, resumed))
    return [
        OpenCall(room_uuid, organisation, tuple(stays(spans) for spans in seats.values()))
        for (room_uuid, organisation), seats in found.items()
    ]


def _taken(now: datetime) -> int:
    return CallPlace.objects.filter(Q(kept_until=None) | Q(kept_until__gt=now)).count()
