"""How far the hub is used just now: calls, the places they have, and the most that there may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from rooms.models import CallPlace
from rooms.number_queries import present
from rooms.rules import lines
from rooms.rules.lines import Level


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
class RunningCall:
    """A call that runs: in which room, whose, and since when."""

    room_uuid: UUID
    organisation_id: int
    since: datetime


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


def running_calls() -> list[RunningCall]:
    """The calls that run, the longest first. One query."""
    rows = CallPlace.objects.filter(kept_until=None).order_by("taken_at", "pk")
    return [RunningCall(*row) for row in rows.values_list("room__uuid", "room__organisation_id", "taken_at")]


def _taken(now: datetime) -> int:
    return CallPlace.objects.filter(Q(kept_until=None) | Q(kept_until__gt=now)).count()
