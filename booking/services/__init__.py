"""Every write of booking, one verb a function."""

from booking.services.amend import RoomChanges, amend, withdraw
from booking.services.book import book, book_instant, refuse_cpr
from booking.services.change import MeetingChanges, cancel, extend, follow_room, follow_rooms, move, update
from booking.services.delete import delete
from booking.services.deliver import Sending, due_ways, send_link, send_next, ways
from booking.services.feeds import close_feed, open_feed
from booking.services.look import note_look
from booking.services.once import book_instant_once, book_once
from booking.services.outbox import note_outcome, note_room
from booking.services.outcome import correct_outcome, record_outcome
from booking.services.place import PoolUse
from booking.services.pools import add_pool_room, fill_pools, note_pools, overflow_organisation, pool_organisation
from booking.services.probe import forget_probe_meetings, keep_probe_desk
from booking.services.receipts import note_receipt
from booking.services.retention import erase_texts, forget_meetings, forget_pool_history
from booking.services.templates import delete_template, save_template, template_for
from booking.services.webhooks import (
    change_webhook,
    check_webhook_url,
    close_webhook,
    due_webhooks,
    forget_messages,
    open_webhook,
    post_webhooks,
    renew_webhook_secret,
    resend_message,
)

__all__ = [
    "MeetingChanges",
    "PoolUse",
    "RoomChanges",
    "Sending",
    "add_pool_room",
    "amend",
    "book",
    "book_instant",
    "book_instant_once",
    "book_once",
    "cancel",
    "change_webhook",
    "check_webhook_url",
    "close_feed",
    "close_webhook",
    "correct_outcome",
    "delete",
    "delete_template",
    "due_ways",
    "due_webhooks",
    "erase_texts",
    "extend",
    "fill_pools",
    "follow_room",
    "follow_rooms",
    "forget_meetings",
    "forget_messages",
    "forget_pool_history",
    "forget_probe_meetings",
    "keep_probe_desk",
    "move",
    "note_look",
    "note_outcome",
    "note_pools",
    "note_receipt",
    "note_room",
    "open_feed",
    "open_webhook",
    "overflow_organisation",
    "pool_organisation",
    "post_webhooks",
    "record_outcome",
    "refuse_cpr",
    "renew_webhook_secret",
    "resend_message",
    "save_template",
    "send_link",
    "send_next",
    "template_for",
    "update",
    "ways",
    "withdraw",
]
