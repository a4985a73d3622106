"""The calls of a fixed room: each is a room of its own, with seats and a short link that nobody has had before."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from rooms.enums import CloseReason, DeviceKind, RoomKind, RoomState
from rooms.fixed_queries import empty_calls, forgotten_calls
from rooms.models import Room
from rooms.models_fixed import FixedRoom
from rooms.rules.fixed import LONGEST
from rooms.rules.window import WindowState, window_state
from rooms.services.close import close_locked
from rooms.services.create import RoomSettings, delete_room
from rooms.services.fixed.trail import live_call, locked_room
from rooms.services.locks import locked, write_down
from rooms.services.seats import take_host_seat
from vdx.lib import ids
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User

log = logging.getLogger(__name__)


@transaction.atomic
def open_call(*, fixed_room_id: int, now: datetime, actor: User | None = None, actor_kind: str = "guest") -> Room:
    """The room of the call that is on at the address, or of a new one. It stays five minutes without anybody in it.

    Right and pin have been checked before (``fixed_access``). Raises ``NotFound`` for an address that is turned off.
    """
    fixed = locked_room(fixed_room_id)
    if not fixed.is_active:
        raise NotFound
    live = live_call(fixed)
    if live is not None:
        if window_state(now=now, opens=live.opens_at, closes=live.closes_at) is WindowState.OPEN:
            live.updated_time = now
            live.save(update_fields=["updated_time"])
            return live
        # Its hours are up, and the sweep has not been here yet.
        write_down("room.closed", live, reason=CloseReason.EXPIRED.value)
        close_locked(live, reason=CloseReason.EXPIRED, now=now)
    return _begin(fixed, now, actor)


@transaction.atomic
def enter_as_host(*, fixed_room_id: int, user: User | None, device_kind: DeviceKind, now: datetime) -> tuple[Room, str]:
    """Open the call, or join the one that is on, as its host; say its room and the token of the seat.

    ``user``: the login that may; None for whoever has typed the host's pin. Raises what :func:`open_call` and
    :func:`rooms.services.take_host_seat` raise.
    """
    kind = "user" if user is not None else "host-pin"
    room = open_call(fixed_room_id=fixed_room_id, now=now, actor=user, actor_kind=kind)
    _, token = take_host_seat(room_id=room.pk, user=user, device_kind=device_kind, now=now)
    return room, token


def close_empty_calls(*, now: datetime) -> int:
    """Close the fixed rooms' calls in which nobody has been for five minutes. Says how many there were.

    Each is a transaction of its own, and one that fails stops no other: the next sweep finds it again.
    """
    closed = 0
    for room_id in empty_calls(now):
        try:
            closed += _close_if_empty(room_id, now)
        except Exception:
            log.exception("room %d of a fixed room could not be closed", room_id)
    return closed


@transaction.atomic
def _close_if_empty(room_id: int, now: datetime) -> bool:
    try:
        room = locked(room_id)
    except NotFound:
        # Deleted since it was found.
        return False
    # Somebody may have come since.
    if room.state == RoomState.CLOSED or room_id not in empty_calls(now, room_id=room_id):
        return False
    write_down("room.closed", room, reason=CloseReason.EMPTY.value)
    close_locked(room, reason=CloseReason.EMPTY, now=now)
    return True


def forget_calls(*, now: datetime) -> int:
    """Delete the rooms of calls that ended three months ago, with their seats; say how many. Their records stay.

    Each is a transaction of its own, and one that fails stops no other. Safe to run twice.
    """
    gone = 0
    for room_id in forgotten_calls(now):
        try:
            delete_room(room_id=room_id)
            gone += 1
        except NotFound:
            # Another was faster.
            continue
        except Exception:
            log.exception("room %d of a fixed room could not be forgotten", room_id)
    return gone


def _begin(fixed: FixedRoom, now: datetime, actor: User | None) -> Room:
    room = Room(
        uuid=uuid4(),
        organisation=fixed.organisation,
        kind=RoomKind.FIXED,
        fixed_room=fixed,
        waiting_room=fixed.waiting_room,
        short_id=ids.short_id(),
        host_label=fixed.name,
        # Nobody has agreed on an end: the call lasts until the last one has gone.
        starts_at=now,
        opens_at=now,
        closes_at=now + LONGEST,
        guest_pin=fixed.guest_pin,
        created_time=now,
        updated_time=now,
        **asdict(RoomSettings()),
    )
    room.save(force_insert=True)
    write_down("room.created", room, actor=actor)
    return room
