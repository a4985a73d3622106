"""Every write about fixed rooms: the standing address, who may use it, and its calls, each in a room of its own.

A fixed room's row is locked before its call's, never the other way round: two who open it at once get the same call.
"""

from __future__ import annotations

from rooms.services.fixed.calls import close_empty_calls, enter_as_host, forget_calls, open_call
from rooms.services.fixed.groups import (
    add_to_group,
    create_group,
    delete_group,
    remove_from_group,
    rename_group,
)
from rooms.services.fixed.manage import (
    change_fixed_room,
    create_fixed_room,
    draw_guest_pin,
    draw_host_pin,
    remove_host_pin,
    renew_spent_pins,
    turn_off,
    turn_on,
)
from rooms.services.fixed.people import add_group, add_person, note_look, remove_group, remove_person

__all__ = [
    "add_group",
    "add_person",
    "add_to_group",
    "change_fixed_room",
    "close_empty_calls",
    "create_fixed_room",
    "create_group",
    "delete_group",
    "draw_guest_pin",
    "draw_host_pin",
    "enter_as_host",
    "forget_calls",
    "note_look",
    "open_call",
    "remove_from_group",
    "remove_group",
    "remove_host_pin",
    "remove_person",
    "rename_group",
    "renew_spent_pins",
    "turn_off",
    "turn_on",
]
