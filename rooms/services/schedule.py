"""Moving a room's window."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from rooms.enums import CloseReason, RoomState
from rooms.errors import BadMinutes, NoEnd
from rooms.models import Room
from rooms.rules import window
from rooms.services.close import close_locked, never_was_open
from rooms.services.create import draw_code, place_window
from rooms.services.locks import host_of, locked, require_not_closed, write_down
from rooms.signals import room_changed, room_extended

if TYPE_CHECKING:
    from vdx.accounts.models import User

SHORTEST, LONGEST = 5, 60

_TIMES = ["starts_at", "ends_at", "opens_at", "closes_at", "short_id"]


@transaction.atomic
def schedule_room(
    *,
    room_id: int,
    starts_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
    actor: User | None = None,
) -> Room:
    """Move the room's times. An end that is now or past closes it at once. Raises :class:`RoomClosed`.

    A room that was made for a time already past never was open, and so may still be moved: to a coming time it is
    planned again.
    """
    room = locked(room_id)
    returns = room.state == RoomState.CLOSED and never_was_open(room)
    if not returns:
        require_not_closed(room)
    room.starts_at, room.ends_at = starts_at, ends_at
    place_window(room)
    draw_code(room)
    if returns and (ends_at is None or ends_at > now):
        room.state, room.closed_at, room.close_reason = RoomState.PLANNED, None, ""
    room.save(update_fields=[*_TIMES, "state", "closed_at", "close_reason"])
    write_down("room.moved", room, actor=actor)
    if room.state == RoomState.CLOSED:
        return room
    if ends_at is not None and ends_at <= now:
        write_down("room.closed", room, actor=actor, reason=CloseReason.EXPIRED.value)
        close_locked(room, reason=CloseReason.EXPIRED, now=now)
    else:
        room_changed.tell(room_uuid=room.uuid)
    return room


@transaction.atomic
def extend_room(
    *, room_id: int, minutes: int, now: datetime, actor: User | None = None, by_seat: int | None = None
) -> Room:
    """Let the meeting end 5 to 60 minutes later; the window's end moves along. Tells ``room_extended``.

    ``by_seat`` is the id of the seat that asks from inside the room, which must be a host's.
    Raises :class:`RoomClosed`, :class:`HostOnly`, :class:`BadMinutes` and :class:`NoEnd`.
    """
    room = locked(room_id)
    require_not_closed(room)
    seat = None if by_seat is None else host_of(room, by_seat)
    if not SHORTEST <= minutes <= LONGEST:
        raise BadMinutes
    if room.ends_at is None:
        raise NoEnd
    room.ends_at = window.extended(ends_at=room.ends_at, minutes=minutes)
    place_window(room)
    room.save(update_fields=["ends_at", "closes_at", "opens_at"])
    write_down("room.extended", room, actor=actor, seat=seat, minutes=minutes)
    room_extended.tell(room_uuid=room.uuid, ends_at=room.ends_at)
    room_changed.tell(room_uuid=room.uuid)
    return room
