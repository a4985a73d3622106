"""The desk's own messages, both ways: docs/protocol.md, "The desk"."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rooms.protocol.incoming import Heartbeat
from rooms.protocol.names import ProtocolError, Wire

DESK_SUBPROTOCOL = "vdx.desk.1"
_TICKET = 16 * 1024


@dataclass(frozen=True)
class Watch:
    """Show who is in the rooms of this ticket."""

    ticket: str


def parse_desk(text: str) -> Watch | Heartbeat:
    """The message that a desk's page sent. Raises :class:`ProtocolError`."""
    if len(text) > 2 * _TICKET:
        raise ProtocolError("invalid")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolError("invalid") from None
    if not isinstance(raw, dict):
        raise ProtocolError("invalid")
    match raw.get("type"):
        case "heartbeat":
            return Heartbeat()
        case "watch":
            ticket = raw.get("ticket")
            if not isinstance(ticket, str) or not 1 <= len(ticket) <= _TICKET:
                raise ProtocolError("invalid")
            return Watch(ticket)
    raise ProtocolError("unknown_message")


def watching(rooms: Sequence[str]) -> Wire:
    """These rooms are listened to now."""
    return {"type": "watching", "rooms": list(rooms)}


def of_room(room: str, message: Wire) -> Wire:
    """``participant`` or ``gone``, with the room that it is about."""
    return {**message, "room": room}
