"""What a connection is told about the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rooms.enums import DeviceKind, RoomState, SeatRole, SeatState


@dataclass(frozen=True)
class RoomFacts:
    """The room as it stands in the database."""

    state: RoomState
    ends_at: datetime | None
    closes_at: datetime | None
    close_reason: str = ""
    is_locked: bool = False


@dataclass(frozen=True)
class Identity:
    """Whose connection this is. ``name`` is the login's for a host, and empty for a guest."""

    room: str
    seat: str
    role: SeatRole
    state: SeatState
    kind: DeviceKind
    name: str
    since: datetime
    facts: RoomFacts
    # What came of the device test; empty where none was made.
    test: str = ""


@dataclass(frozen=True)
class Standing:
    """How the connection, its seat and its room stand. ``visit_open``: nobody has ended the connection's visit."""

    visit: int
    visit_open: bool
    state: SeatState
    role: SeatRole
    room: RoomFacts


@dataclass(frozen=True)
class Companion:
    """Another seat, as the database knows it."""

    seat: str
    visit: int
    instance: str
    role: SeatRole
    state: SeatState
    kind: DeviceKind
    name: str
    since: datetime
    connected: bool
    test: str = ""
