"""Taking a host's place from a login that has logged out, or may not host any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rooms.enums import RoomState, SeatRole
from rooms.models import Seat
from rooms.rules import states
from rooms.services.locks import locked_by_seat, still_may_host, write_down
from rooms.services.seats import give_up, token_digest
from rooms.signals import host_unseated
from vdx.lib import ids
from vdx.lib.errors import NotFound


def unseat_host(*, user_id: int, now: datetime, logged_out: bool = False) -> int:
    """Give up the places that a login has as a host: where it may not host any more, or all when it has logged out.

    Nothing opens them from then on but a new login that may host, so that a shared computer keeps no host's door
    open. Says how many were taken. Each room is a transaction of its own; the right is looked at with it locked.
    """
    seats = Seat.objects.filter(user=user_id, role=SeatRole.HOST).exclude(room__state=RoomState.CLOSED)
    here = list(seats.order_by("pk").values_list("pk", flat=True))
    return sum(_unseat(seat_id, now, logged_out=logged_out) for seat_id in here)


@transaction.atomic
def _unseat(seat_id: int, now: datetime, *, logged_out: bool) -> bool:
    try:
        room, seat = locked_by_seat(seat_id)
    except NotFound:
        # Deleted meanwhile.
        return False
    if seat.role != SeatRole.HOST or (still_may_host(room, seat) and not logged_out):
        return False
    seat.token_digest = token_digest(ids.token())
    seat.save(update_fields=["token_digest"])
    if seat.state not in states.SEATED:
        return False
    give_up(room, seat, now)
    write_down("room.host_unseated", room, seat_id=seat.pk)
    host_unseated.tell(room_uuid=room.uuid, seat_key=seat.key)
    return True
