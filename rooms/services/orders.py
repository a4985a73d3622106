"""What a host orders while the call goes on: the room locked, a device removed, a microphone switched off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rooms.enums import SeatRole, SeatState
from rooms.errors import SeatGone
from rooms.models import Room, Seat, Visit
from rooms.rules import states
from rooms.services.let_in import open_only_by_hand
from rooms.services.locks import end_visits, host_of, locked, require_not_closed, write_down
from rooms.signals import participant_muted, participant_removed, room_changed


@transaction.atomic
def lock_room(*, room_id: int, is_locked: bool, by_seat: int, now: datetime) -> Room:
    """Let nobody new knock from now on, or let them again. As it is already: nothing happens, and nothing is told.

    Raises :class:`RoomClosed` and :class:`HostOnly`.
    """
    room = locked(room_id)
    require_not_closed(room)
    host = host_of(room, by_seat)
    if room.is_locked == is_locked:
        return room
    room.is_locked = is_locked
    room.save(update_fields=["is_locked"])
    write_down("room.locked" if is_locked else "room.unlocked", room, seat=host)
    room_changed.tell(room_uuid=room.uuid)
    return room


@transaction.atomic
def remove(*, room_id: int, seat_key: str, by_seat: int, now: datetime) -> Seat:
    """Take a guest who takes part out of the call. Removed already: nothing happens.

    The seat may knock again, unless the room is locked. Raises :class:`RoomClosed`, :class:`HostOnly`, and
    :class:`SeatGone` for a seat that takes no part, and for a host's: whoever may host comes back by logging in.
    """
    room = locked(room_id)
    require_not_closed(room)
    host = host_of(room, by_seat)
    seat = Seat.objects.filter(room=room, key=seat_key, role=SeatRole.GUEST).first()
    if seat is None or seat.state not in (SeatState.ADMITTED, SeatState.REFUSED):
        raise SeatGone
    if seat.state == SeatState.REFUSED:
        return seat
    if not states.seat_may_move(old=SeatState(seat.state), new=SeatState.REFUSED, is_host=False):
        raise SeatGone
    open_only_by_hand(room)
    seat.state, seat.left_at = SeatState.REFUSED, now
    seat.save(update_fields=["state", "left_at"])
    end_visits(room, Visit.objects.filter(seat=seat, ended_at__isnull=True), now)
    write_down("room.removed", room, seat=host, seat_id=seat.pk)
    participant_removed.tell(room_uuid=room.uuid, seat_key=seat.key)
    return seat


@transaction.atomic
def mute(*, room_id: int, seat_key: str, by_seat: int, now: datetime) -> Seat:
    """Ask somebody's page to switch its microphone off. Only the person can switch it on again.

    Raises :class:`RoomClosed`, :class:`HostOnly`, and :class:`SeatGone` for a seat that takes no part, and for one's
    own.
    """
    room = locked(room_id)
    require_not_closed(room)
    host = host_of(room, by_seat)
    seat = Seat.objects.filter(room=room, key=seat_key, state=SeatState.ADMITTED).exclude(pk=host.pk).first()
    if seat is None:
        raise SeatGone
    write_down("room.muted", room, seat=host, seat_id=seat.pk)
    participant_muted.tell(room_uuid=room.uuid, seat_key=seat.key, by_seat_key=host.key)
    return seat
