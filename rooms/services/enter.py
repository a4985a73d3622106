"""From the desk into a room: the host's place there, the one who waits let in, and any other call left."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from rooms.enums import DeviceKind, RoomState, SeatRole
from rooms.models import Seat
from rooms.rules import states
from rooms.services.let_in import admit_now
from rooms.services.lines import require_line, telling_when_full
from rooms.services.locks import devices_here, locked_by_seat, write_down
from rooms.services.seats import give_up, take_host_seat
from rooms.signals import host_moved_on
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User


def enter_and_admit(*, room_id: int, seat_key: str, user: User, device_kind: DeviceKind, now: datetime) -> str:
    """Take the host's place and let somebody in, or neither; the token of the host's seat.

    Raises what :func:`take_host_seat` and :func:`rooms.services.admit` raise.
    """
    with telling_when_full(now=now, room=room_id, key=seat_key), transaction.atomic():
        seat, token = take_host_seat(room_id=room_id, user=user, device_kind=device_kind, now=now)
        admitted = admit_now(room_id=room_id, seat_key=seat_key, by_seat_id=seat.pk, now=now)
        if devices_here(admitted.room).exists():
            # The call begins with the host's connection. Before anybody goes in, it is better known here.
            require_line(admitted.room, now=now, by=seat.role)
    return token


def leave_other_rooms(*, user_id: int, room_id: int, now: datetime) -> int:
    """Give up the login's places as host in other rooms than this one. Says how many there were.

    The others stay there, and the login may come back. Each room is a transaction of its own. Tells
    ``host_moved_on``.
    """
    seats = Seat.objects.filter(user=user_id, role=SeatRole.HOST, state__in=states.SEATED)
    seats = seats.exclude(room=room_id).exclude(room__state=RoomState.CLOSED)
    return sum(_leave(seat_id, now) for seat_id in list(seats.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _leave(seat_id: int, now: datetime) -> bool:
    try:
        room, seat = locked_by_seat(seat_id)
    except NotFound:
        # Deleted meanwhile.
        return False
    if seat.state not in states.SEATED or room.state == RoomState.CLOSED:
        return False
    give_up(room, seat, now)
    write_down("room.left", room, seat=seat, seat_id=seat.pk)
    host_moved_on.tell(room_uuid=room.uuid, seat_key=seat.key)
    return True
