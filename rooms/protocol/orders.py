"""What a host orders, and the handing over of a call to another device: messages of both directions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rooms.protocol.names import Wire
from rooms.protocol.outgoing import time


@dataclass(frozen=True)
class Lock:
    """Let nobody new knock, or let them again."""

    locked: bool


@dataclass(frozen=True)
class Remove:
    """Take this seat out of the call."""

    seat: str


@dataclass(frozen=True)
class Mute:
    """Have this seat's microphone switched off."""

    seat: str


@dataclass(frozen=True)
class AskHandover:
    """A code, please, by which this seat goes on at another device."""


@dataclass(frozen=True)
class AnswerHandover:
    """Whether the device that asks shall have the seat. No also takes a code back that nobody has used yet."""

    accept: bool


def removed() -> Wire:
    """You were taken out of the call."""
    return {"type": "removed"}


def muted(by: str) -> Wire:
    """Switch the microphone off. ``by`` is the host's seat."""
    return {"type": "muted", "by": by}


def handover(*, digits: str, url: str, picture: list[str], expires_at: datetime) -> Wire:
    """The code that was asked for. ``url`` is what the QR code ``picture`` says: rows of dark and light dots."""
    return {"type": "handover", "digits": digits, "url": url, "qr": picture, "expiresAt": time(expires_at)}


def handover_asked() -> Wire:
    """Another device has the code, and asks for the seat."""
    return {"type": "handover-asked"}
