"""Names of the channel layer's groups; nobody else makes them up.

A room's group carries what all its sockets must know, a seat's group what is for that seat's browser alone. What is
said there stands in ``live/events.py``.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

Event = dict[str, Any]

HANDLER = "room.event"


def room_group(room: UUID | str) -> str:
    """Everybody's group of a room."""
    return f"room.{UUID(str(room)).hex}"


def seat_group(room: UUID | str, seat: str) -> str:
    """One seat's own group."""
    return f"{room_group(room)}.{seat}"


def desk_group(user_id: int) -> str:
    """The desks that a login has open."""
    return f"desk.{user_id}"


def message(event: Event, room: UUID | str | None = None) -> dict[str, Any]:
    """An event as the channel layer carries it to the consumers' handler.

    ``room``: whose group it is said to, for those who listen to several.
    """
    return {"type": HANDLER, "event": event} | ({} if room is None else {"room": UUID(str(room)).hex})
