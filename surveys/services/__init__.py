"""Every write of surveys, by use case."""

from surveys.services.ask import ask_hosts, forget_asked
from surveys.services.invite import (
    ask_again,
    close_invitations,
    decline,
    forget_invited,
    invite_guests,
    note_begun,
    note_complete,
    note_offer,
    open_invitation,
    withdraw,
)
from surveys.services.postcard import Answers, send_postcard, skip_postcard
from surveys.services.respond import close_day, erase, send_page
from surveys.services.settle import settle_days

__all__ = [
    "Answers",
    "ask_again",
    "ask_hosts",
    "close_day",
    "close_invitations",
    "decline",
    "erase",
    "forget_asked",
    "forget_invited",
    "invite_guests",
    "note_begun",
    "note_complete",
    "note_offer",
    "open_invitation",
    "send_page",
    "send_postcard",
    "settle_days",
    "skip_postcard",
    "withdraw",
]
