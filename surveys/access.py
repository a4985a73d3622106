"""Who may answer the postcard: the host of the room, known by the seat's cookie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from booking import queries as booking_queries
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
    # Nobody is asked about a call that a practice made to try the service out.
    is_test: bool


def host_seat(code: str, *, token: str | None, cookie: str, address: str, now: datetime) -> HostSeat:
    """The host's seat in the room that the browser's token opens.

    ``cookie`` and ``address`` say who guesses at codes. Raises ``Throttled``, and NotFound for everybody else, and
    when it is too late.
    """
    room = rooms_access.room_for_short_id(code, cookie=cookie, address=address)
    seat = rooms_access.seat_for(room, token)
    if seat is None or seat.role != SeatRole.HOST or not may_answer(closed_at=room.closed_at, now=now):
        raise NotFound
    is_test = booking_queries.is_test_call(room.uuid)
    return HostSeat(room.uuid, seat.key, room.organisation_id, room.closed_at, is_test)
