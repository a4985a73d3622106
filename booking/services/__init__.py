"""Every write of booking, one verb a function."""

from booking.services.book import book, book_instant
from booking.services.change import MeetingChanges, cancel, extend, follow_room, follow_rooms, move, update
from booking.services.delete import delete
from booking.services.look import note_look
from booking.services.once import book_instant_once, book_once
from booking.services.outcome import record_outcome
from booking.services.retention import erase_texts, forget_meetings
from booking.services.templates import delete_template, save_template, template_for

__all__ = [
    "MeetingChanges",
    "book",
    "book_instant",
    "book_instant_once",
    "book_once",
    "cancel",
    "delete",
    "delete_template",
    "erase_texts",
    "extend",
    "follow_room",
    "follow_rooms",
    "forget_meetings",
    "move",
    "note_look",
    "record_outcome",
    "save_template",
    "template_for",
    "update",
]
