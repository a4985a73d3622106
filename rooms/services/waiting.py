"""What a host does for those who wait: ring, say a ready sentence, say how late it gets.

A host does so from inside the room (``by_seat_id``), or at the desk, where booking has checked that the login may
(``actor``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction

from rooms import hosts
from rooms.enums import ReadySentence, RoomState, SeatRole, SeatState
from rooms.errors import BadDelay, HostOnly, RungJustNow, SeatGone
from rooms.models import Room, Seat
from rooms.rules.waiting import is_delay, may_ring
from rooms.services.locks import host_of, locked, require_not_closed, write_down
from rooms.signals import room_changed, room_rung, sentence_told

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def ring(
    *, room_id: int, seat_key: str, now: datetime, by_seat_id: int | None = None, actor: User | None = None
) -> Seat:
    """Ring at somebody who waits. Tells ``room_rung``.

    Raises :class:`RoomClosed`, :class:`HostOnly`, :class:`SeatGone`, and :class:`RungJustNow` within ten seconds.
    """
    room = locked(room_id)
    require_not_closed(room)
    host = _host(room, by_seat_id, actor)
    seat = _waiting(room).filter(key=seat_key).first()
    if seat is None:
        raise SeatGone
    if not may_ring(seat.rung_at, now):
        raise RungJustNow
    seat.rung_at = now
    seat.save(update_fields=["rung_at"])
    write_down("room.rung", room, seat=host, actor=actor, seat_id=seat.pk)
    room_rung.tell(room_uuid=room.uuid, seat_key=seat.key)
    return seat


@transaction.atomic
def say(
    *,
    room_id: int,
    seat_key: str | None,
    sentence: ReadySentence,
    now: datetime,
    by_seat_id: int | None = None,
    actor: User | None = None,
) -> int:
    """Say a ready sentence to one who waits, or without ``seat_key`` to all in the room. Says to how many.

    Raises :class:`RoomClosed`, :class:`HostOnly`, and :class:`SeatGone` where the one named does not wait.
    """
    room = locked(room_id)
    require_not_closed(room)
    host = _host(room, by_seat_id, actor)
    seats = _waiting(room) if seat_key is None else _waiting(room).filter(key=seat_key)
    keys = list(seats.order_by("pk").values_list("key", flat=True))
    if seat_key is not None and not keys:
        raise SeatGone
    if keys:
        seats.update(told=sentence, told_at=now)
        write_down("room.told", room, seat=host, actor=actor, sentence=sentence.value, seats=len(keys))
        sentence_told.tell(room_uuid=room.uuid, seat_keys=keys)
    return len(keys)


@transaction.atomic
def delay(
    *, room_ids: Collection[int], minutes: int, now: datetime, by_seat_id: int | None = None, actor: User | None = None
) -> int:
    """Say in these rooms that the doctor is so many minutes late; 0 takes it back. Says in how many.

    Rooms that are closed, or gone, are left as they are. Raises :class:`BadDelay` and :class:`HostOnly`.
    """
    if not is_delay(minutes):
        raise BadDelay
    # Locked in one order, so that two who do this at once do not wait for each other for ever.
    rooms = list(Room.objects.select_for_update().filter(pk__in=list(room_ids)).order_by("pk"))
    count = 0
    for room in rooms:
        if room.state == RoomState.CLOSED:
            continue
        host = _host(room, by_seat_id, actor)
        room.delay_minutes, room.delayed_at = (minutes, now) if minutes else (None, None)
        room.save(update_fields=["delay_minutes", "delayed_at"])
        write_down("room.delayed", room, seat=host, actor=actor, minutes=minutes)
        room_changed.tell(room_uuid=room.uuid)
        count += 1
    return count


def _host(room: Room, by_seat_id: int | None, actor: User | None) -> Seat | None:
    if by_seat_id is not None:
        return host_of(room, by_seat_id)
    if actor is None or not hosts.may_host(actor, room):
        raise HostOnly
    return None


def _waiting(room: Room) -> models.QuerySet[Seat]:
    return Seat.objects.filter(room=room, role=SeatRole.GUEST, state=SeatState.WAITING)
