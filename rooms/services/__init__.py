"""Every write of the meeting place, one verb a function.

The room's row is locked before anything of the room is changed, so that capacity, closing and "the last one has
gone" are decided one at a time. Heartbeats alone go without the lock.
"""

from __future__ import annotations

from rooms.services.close import close_expired, close_room
from rooms.services.create import RoomSettings, create_room, delete_room, rename_host, set_guest_pin
from rooms.services.let_in import admit, refuse
from rooms.services.move import offer_move, take_over
from rooms.services.schedule import extend_room, schedule_room
from rooms.services.seats import knock, leave, take_host_seat
from rooms.services.unseat import unseat_host
from rooms.services.visits import connect, disconnect, end_stale_visits, sample_quality, seen

__all__ = [
    "RoomSettings",
    "admit",
    "close_expired",
    "close_room",
    "connect",
    "create_room",
    "delete_room",
    "disconnect",
    "end_stale_visits",
    "extend_room",
    "knock",
    "leave",
    "offer_move",
    "refuse",
    "rename_host",
    "sample_quality",
    "schedule_room",
    "seen",
    "set_guest_pin",
    "take_host_seat",
    "take_over",
    "unseat_host",
]
