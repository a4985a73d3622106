"""Every write of booking, one verb a function."""

from booking.services.amend import RoomChanges, amend, withdraw
from booking.services.book import book, book_instant
from booking.services.change import MeetingChanges, cancel, extend, follow_room, follow_rooms, move, update
from booking.services.delete import delete
from booking.services.look import note_look
from booking.services.once import book_instant_once, book_once
from booking.services.outcome import correct_outcome, record_outcome
from booking.services.place import PoolUse
from booking.services.pools import add_pool_room, fill_pools, note_pools, overflow_organisation, pool_organisation
from booking.services.retention import erase_texts, forget_meetings, forget_pool_history
from booking.services.templates import delete_template, save_template, template_for

__all__ = [
    "MeetingChanges",
    "PoolUse",
    "RoomChanges",
    "add_pool_room",
    "amend",
    "book",
    "book_instant",
    "book_instant_once",
    "book_once",
    "cancel",
    "correct_outcome",
    "delete",
    "delete_template",
    "erase_texts",
    "extend",
    "fill_pools",
    "follow_room",
    "follow_rooms",
    "forget_meetings",
    "forget_pool_history",
    "move",
    "note_look",
    "note_pools",
    "overflow_organisation",
    "pool_organisation",
    "record_outcome",
    "save_template",
    "template_for",
    "update",
    "withdraw",
]
