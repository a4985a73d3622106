"""What helps when nothing else does: the consultation goes on by telephone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rooms.enums import CloseReason, RoomState
from rooms.services.close import close_locked
from rooms.services.locks import host_of, locked, write_down
from rooms.signals import moved_to_telephone


@transaction.atomic
def move_to_telephone(*, room_id: int, by_seat: int, now: datetime) -> bool:
    """The host has said so: tell it, and close the room for good. Closed already: nothing happens.

    Says whether this call did it. Raises :class:`HostOnly` unless the seat is a host's.
    """
    room = locked(room_id)
    if room.state == RoomState.CLOSED:
        return False
    seat = host_of(room, by_seat)
    write_down("room.moved_to_telephone", room, seat=seat)
    moved_to_telephone.tell(room_uuid=room.uuid)
    close_locked(room, reason=CloseReason.TELEPHONE, now=now)
    return True
