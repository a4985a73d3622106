"""Letting in and turning away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rooms.enums import SeatRole, SeatState
from rooms.errors import HubFull, RoomClosed, RoomFull, SeatGone
from rooms.models import Room, Seat, Visit
from rooms.rules import states
from rooms.rules.fixed import comes_straight_in
from rooms.services.lines import begin_call, telling_when_full
from rooms.services.locks import (
    host_of,
    locked,
    locked_by_seat,
    require_not_closed,
    require_open,
    require_place,
    write_down,
)
from rooms.services.push import forget_addresses
from rooms.signals import participant_admitted, participant_refused
from vdx.lib.errors import NotFound


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
    let_in(room, seat, host=host, now=now)
    return seat


def let_in(room: Room, seat: Seat, *, host: Seat | None, now: datetime) -> None:
    """The waiting seat takes part from now on; without ``host`` it comes in by itself. Room locked.

    Raises :class:`SeatGone`, :class:`RoomFull` and :class:`HubFull`.
    """
    _require_move(seat, SeatState.ADMITTED)
    require_place(room, beside=seat, now=now)
    seat.state = SeatState.ADMITTED
    seat.admitted_at = seat.admitted_at or now
    seat.save(update_fields=["state", "admitted_at"])
    Visit.objects.filter(seat=seat, ended_at__isnull=True).update(admitted_at=now)
    forget_addresses([seat.pk])
    write_down("room.admitted", room, seat=host or seat, seat_id=seat.pk)
    participant_admitted.tell(room_uuid=room.uuid, seat_key=seat.key)
    begin_call(room, seat, now=now, by=(host or seat).role)


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
    open_only_by_hand(room)
    seat.state, seat.left_at = SeatState.REFUSED, now
    seat.save(update_fields=["state", "left_at"])
    Visit.objects.filter(seat=seat, ended_at__isnull=True).update(ended_at=now)
    forget_addresses([seat.pk])
    write_down("room.refused", room, seat=host, seat_id=seat.pk)
    participant_refused.tell(room_uuid=room.uuid, seat_key=seat.key)
    return seat


def let_in_guests(*, room_id: int, now: datetime) -> int:
    """Let those in who are connected and wait where there is no waiting room. Says how many.

    Each in a transaction of its own; for whom there is no place, or who has gone meanwhile, waits on.
    """
    waiting = Seat.objects.filter(room=room_id, role=SeatRole.GUEST, state=SeatState.WAITING, room__waiting_room=False)
    here = waiting.filter(visits__ended_at__isnull=True, visits__isnull=False)
    return sum(_come_in(room_id, seat_id, now) for seat_id in list(here.order_by("pk").values_list("pk", flat=True)))


def open_only_by_hand(room: Room) -> None:
    """Somebody was turned away or taken out: from now on nobody comes in unseen, until the room closes. Room locked."""
    if not room.waiting_room:
        room.waiting_room = True
        room.save(update_fields=["waiting_room"])


def _come_in(room_id: int, seat_id: int, now: datetime) -> bool:
    try:
        with telling_when_full(now=now, pk=seat_id), transaction.atomic():
            room, seat = locked_by_seat(seat_id)
            require_open(room, now)
            hosts = Visit.objects.filter(seat__room=room, ended_at__isnull=True, admitted_at__isnull=False)
            straight = comes_straight_in(
                waiting_room=room.waiting_room,
                is_locked=room.is_locked,
                host_is_there=hosts.filter(seat__role=SeatRole.HOST).exists(),
            )
            if not straight or seat.state != SeatState.WAITING:
                return False
            let_in(room, seat, host=None, now=now)
    except (RoomClosed, RoomFull, HubFull, NotFound):
        # Waits on, or the room is over; a host who sees them may let them in when there is a place.
        return False
    return True


def _seat(room: Room, seat_key: str) -> Seat:
    seat = Seat.objects.filter(room=room, key=seat_key, role=SeatRole.GUEST).first()
    if seat is None:
        raise SeatGone
    return seat


def _require_move(seat: Seat, new: SeatState) -> None:
    if not states.seat_may_move(old=SeatState(seat.state), new=new, is_host=False):
        raise SeatGone
