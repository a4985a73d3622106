"""Taking a host's place from a login that may not host any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rooms.enums import RoomState, SeatRole
from rooms.models import Seat
from rooms.rules import states
from rooms.services.locks import locked_by_seat, still_may_host, write_down
from rooms.services.seats import give_up
from rooms.signals import host_unseated
from vdx.lib.errors import NotFound


def unseat_host(*, user_id: int, now: datetime) -> int:
    """Give up the places that a login has as a host where it may not host any more. Says how many they were.

    Each room is a transaction of its own, and the right is looked at again with the room locked.
    """
    seats = Seat.objects.filter(user=user_id, role=SeatRole.HOST, state__in=states.SEATED)
    here = seats.exclude(room__state=RoomState.CLOSED).order_by("pk").values_list("pk", flat=True)
    return sum(_unseat(seat_id, now) for seat_id in list(here))


@transaction.atomic
def _unseat(seat_id: int, now: datetime) -> bool:
    try:
        room, seat = locked_by_seat(seat_id)
    except NotFound:
        # Deleted meanwhile.
        return False
    if seat.role != SeatRole.HOST or seat.state not in states.SEATED or still_may_host(room, seat):
        return False
    give_up(room, seat, now)
    write_down("room.host_unseated", room, seat_id=seat.pk)
    host_unseated.tell(room_uuid=room.uuid, seat_key=seat.key)
    return True
