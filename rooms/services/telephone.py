"""What helps when nothing else does: the consultation goes on by telephone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rooms.enums import CloseReason, RoomState, SeatRole, SeatState
from rooms.errors import SeatGone
from rooms.models import Seat
from rooms.services.close import close_locked
from rooms.services.locks import host_of, locked, require_not_closed, write_down
from rooms.signals import moved_to_telephone, telephone_asked


@transaction.atomic
def ask_for_telephone(*, room_id: int, seat_id: int, now: datetime) -> None:
    """A guest who waits or takes part would rather go on by telephone: kept, and shown to every host who comes.

    Asked again, the first time stands, and it is told again. Raises :class:`RoomClosed`, and :class:`SeatGone` for
    who is not there, or hosts.
    """
    room = locked(room_id)
    require_not_closed(room)
    there = Seat.objects.filter(role=SeatRole.GUEST, state__in=(SeatState.WAITING, SeatState.ADMITTED))
    seat = there.filter(room=room, pk=seat_id).first()
    if seat is None:
        raise SeatGone
    if seat.telephone_asked_at is None:
        seat.telephone_asked_at = now
        seat.save(update_fields=["telephone_asked_at"])
        write_down("room.telephone_asked", room, seat=seat)
    telephone_asked.tell(room_uuid=room.uuid, seat_key=seat.key)


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
