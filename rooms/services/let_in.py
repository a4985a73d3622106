"""Letting in and turning away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rooms.enums import SeatRole, SeatState
from rooms.errors import SeatGone
from rooms.models import Room, Seat, Visit
from rooms.rules import states
from rooms.services.lines import begin_call, telling_when_full
from rooms.services.locks import host_of, locked, require_not_closed, require_place, write_down
from rooms.services.push import forget_addresses
from rooms.signals import participant_admitted, participant_refused


def admit(*, room_id: int, seat_key: str, by_seat_id: int, now: datetime) -> Seat:
    """Let a waiting seat in. Who is in already stays in, and no fact is told again.

    Raises :class:`RoomClosed`, :class:`HostOnly`, :class:`SeatGone`, :class:`RoomFull`, and :class:`HubFull`, which
    both sides are told of, where this would begin one call too many for the hub.
    """
    with telling_when_full(now=now, room=room_id, key=seat_key):
        return admit_now(room_id=room_id, seat_key=seat_key, by_seat_id=by_seat_id, now=now)


@transaction.atomic
def admit_now(*, room_id: int, seat_key: str, by_seat_id: int, now: datetime) -> Seat:
    """The same inside a larger transaction, around which :func:`telling_when_full` stands."""
    room = locked(room_id)
    require_not_closed(room)
    host = host_of(room, by_seat_id)
    seat = _seat(room, seat_key)
    if seat.state == SeatState.ADMITTED:
        return seat
    _require_move(seat, SeatState.ADMITTED)
    require_place(room, beside=seat, now=now)
    seat.state = SeatState.ADMITTED
    seat.admitted_at = seat.admitted_at or now
    seat.save(update_fields=["state", "admitted_at"])
    Visit.objects.filter(seat=seat, ended_at__isnull=True).update(admitted_at=now)
    forget_addresses([seat.pk])
    write_down("room.admitted", room, seat=host, seat_id=seat.pk)
    participant_admitted.tell(room_uuid=room.uuid, seat_key=seat.key)
    begin_call(room, seat, now=now, by=host.role)
    return seat


@transaction.atomic
def refuse(*, room_id: int, seat_key: str, by_seat_id: int, now: datetime) -> Seat:
    """Turn a waiting seat away; it may knock again.

    Raises :class:`RoomClosed`, :class:`HostOnly`, and :class:`SeatGone` for a seat that does not wait.
    """
    room = locked(room_id)
    require_not_closed(room)
    host = host_of(room, by_seat_id)
    seat = _seat(room, seat_key)
    if seat.state == SeatState.ADMITTED:
        # Who takes part is removed, which ends the call for it as well: orders.remove.
        raise SeatGone
    _require_move(seat, SeatState.REFUSED)
    seat.state, seat.left_at = SeatState.REFUSED, now
    seat.save(update_fields=["state", "left_at"])
    Visit.objects.filter(seat=seat, ended_at__isnull=True).update(ended_at=now)
    forget_addresses([seat.pk])
    write_down("room.refused", room, seat=host, seat_id=seat.pk)
    participant_refused.tell(room_uuid=room.uuid, seat_key=seat.key)
    return seat


def _seat(room: Room, seat_key: str) -> Seat:
    seat = Seat.objects.filter(room=room, key=seat_key, role=SeatRole.GUEST).first()
    if seat is None:
        raise SeatGone
    return seat


def _require_move(seat: Seat, new: SeatState) -> None:
    if not states.seat_may_move(old=SeatState(seat.state), new=new, is_host=False):
        raise SeatGone
