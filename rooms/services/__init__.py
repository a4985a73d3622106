"""Every write of the meeting place, one verb a function.

The room's row is locked before anything of the room is changed, so that capacity, closing and "the last one has
gone" are decided one at a time. Heartbeats alone go without the lock.
"""

from __future__ import annotations

from rooms.services.close import close_expired, close_room, never_was_open
from rooms.services.create import (
    RoomAddress,
    RoomSettings,
    change_door,
    create_room,
    delete_room,
    rename_host,
    set_guest_pin,
)
from rooms.services.enter import enter_and_admit, leave_other_rooms
from rooms.services.handover import (
    HandoverStep,
    answer_handover,
    claim_handover,
    finish_handover,
    offer_handover,
)
from rooms.services.let_in import admit, refuse
from rooms.services.lines import release_places
from rooms.services.move import offer_move, take_over
from rooms.services.orders import lock_room, mute, remove
from rooms.services.pool import attach_room, draw_room, reserve_room
from rooms.services.provision import note_provisioning
from rooms.services.push import ask_to_be_rung, do_not_ring, forget_needless_addresses, push_ring
from rooms.services.schedule import extend_room, schedule_room
from rooms.services.seats import knock, leave, take_host_seat
from rooms.services.telephone import ask_for_telephone, move_to_telephone
from rooms.services.tested import note_test
from rooms.services.trouble import report_trouble
from rooms.services.unseat import unseat_host
from rooms.services.visits import connect, disconnect, end_stale_visits, sample_quality, seen
from rooms.services.waiting import delay, ring, say

__all__ = [
    "HandoverStep",
    "RoomAddress",
    "RoomSettings",
    "admit",
    "answer_handover",
    "ask_for_telephone",
    "ask_to_be_rung",
    "attach_room",
    "change_door",
    "claim_handover",
    "close_expired",
    "close_room",
    "connect",
    "create_room",
    "delay",
    "delete_room",
    "disconnect",
    "do_not_ring",
    "draw_room",
    "end_stale_visits",
    "enter_and_admit",
    "extend_room",
    "finish_handover",
    "forget_needless_addresses",
    "knock",
    "leave",
    "leave_other_rooms",
    "lock_room",
    "move_to_telephone",
    "mute",
    "never_was_open",
    "note_provisioning",
    "note_test",
    "offer_handover",
    "offer_move",
    "push_ring",
    "refuse",
    "release_places",
    "remove",
    "rename_host",
    "report_trouble",
    "reserve_room",
    "ring",
    "sample_quality",
    "say",
    "schedule_room",
    "seen",
    "set_guest_pin",
    "take_host_seat",
    "take_over",
    "unseat_host",
]
