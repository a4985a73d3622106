"""Who may answer the postcard: the host of the room, known by the seat's cookie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from rooms import access as rooms_access
from rooms.enums import SeatRole
from surveys.rules.postcard import may_answer
from vdx.lib.errors import NotFound


@dataclass(frozen=True)
class HostSeat:
    """A host's seat in a room: what the postcard needs of it, and no more."""

    room_uuid: UUID
    seat_key: str
    organisation_id: int
    closed_at: datetime | None


def host_seat(request: HttpRequest, code: str, *, now: datetime) -> HostSeat:
    """The host's seat of this browser in the room. Raises NotFound for everybody else, and when it is too late."""
    room = rooms_access.room_for_short_id(
        code,
        cookie=request.COOKIES.get(rooms_access.VISITOR_COOKIE, ""),
        address=request.client_address,  # type: ignore[attr-defined]
    )
    seat = rooms_access.seat_for(room, request.COOKIES.get(rooms_access.SEAT_COOKIE))
    if seat is None or seat.role != SeatRole.HOST or not may_answer(closed_at=room.closed_at, now=now):
        raise NotFound
    return HostSeat(room.uuid, seat.key, room.organisation_id, room.closed_at)
