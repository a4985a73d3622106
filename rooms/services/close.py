"""Closing a room for good."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from rooms.enums import CloseReason, RoomState
from rooms.models import CallPlace, Handover, Room, Visit
from rooms.rules import states
from rooms.rules.provision import over_when_made
from rooms.rules.window import WindowState, window_state
from rooms.services.locks import end_visits, host_of, locked, write_down
from rooms.services.push import forget_addresses
from rooms.signals import call_ended, room_closed

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def close_room(
    *, room_id: int, reason: CloseReason, now: datetime, actor: User | None = None, by_seat: int | None = None
) -> bool:
    """Close the room for good: everybody's connection ends. Closed already: nothing happens.

    Says whether this call did it: who has more to write about a closing looks at that, not at a state read before.

    ``by_seat`` is the id of the seat that asks from inside the room. Raises :class:`HostOnly` unless it is a host's.
    """
    room = locked(room_id)
    if room.state == RoomState.CLOSED:
        return False
    seat = None if by_seat is None else host_of(room, by_seat)
    write_down("room.closed", room, actor=actor, seat=seat, reason=str(reason))
    close_locked(room, reason=reason, now=now)
    return True


@transaction.atomic
def close_expired(*, room_id: int, now: datetime) -> bool:
    """Close the room if its time is up; say whether this call did it.

    Looks again with the room locked: it may have been extended, or closed by another, since it was found due.
    """
    if not Room.objects.filter(pk=room_id).exists():
        # Deleted since it was found due.
        return False
    room = locked(room_id)
    over = window_state(now=now, opens=room.opens_at, closes=room.closes_at) is WindowState.CLOSED
    if room.state == RoomState.CLOSED or not over:
        return False
    write_down("room.closed", room, reason=CloseReason.EXPIRED.value)
    close_locked(room, reason=CloseReason.EXPIRED, now=now)
    return True


def never_was_open(room: Room) -> bool:
    """Whether the room was made for a time that was past by then, so that nobody ever could be in it."""
    by_itself = room.close_reason in {"", CloseReason.EXPIRED}
    return by_itself and room.opened_at is None and over_when_made(closes=room.closes_at, created=room.created_time)


def close_locked(room: Room, *, reason: CloseReason, now: datetime) -> Room:
    """Close a locked room that is not closed, end its visits and tell the facts.

    The state is claimed by a conditional UPDATE, so that also without row locks only one caller gets to tell.
    """
    if not states.room_may_move(old=RoomState(room.state), new=RoomState.CLOSED):
        return room
    claimed = Room.objects.filter(pk=room.pk).exclude(state=RoomState.CLOSED)
    if not claimed.update(state=RoomState.CLOSED, closed_at=now, close_reason=reason):
        return room
    room.state, room.closed_at, room.close_reason = RoomState.CLOSED, now, reason
    if not room.outside_provisioner and not never_was_open(room):
        # Nobody dials it any more: the number may be drawn again.
        room.uri_without_domain = room.uri_domain = None
        Room.objects.filter(pk=room.pk).update(uri_without_domain=None, uri_domain=None)
    end_visits(room, Visit.objects.filter(seat__room=room, ended_at__isnull=True), now)
    CallPlace.objects.filter(room=room).delete()
    Handover.objects.filter(seat__room=room).delete()
    forget_addresses(room.seats.values_list("pk", flat=True))
    room_closed.tell(room_uuid=room.uuid, reason=str(reason))
    call_ended.tell(room_uuid=room.uuid, is_final=True)
    return room
