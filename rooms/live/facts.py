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
    # How late the doctor runs, in minutes.
    delay_minutes: int | None = None
    guests_can_present: bool = True


@dataclass(frozen=True)
class Called:
    """What a host has last done for somebody who waits. ``told`` is a word of ``ReadySentence``, or empty."""

    rung_at: datetime | None = None
    told: str = ""
    told_at: datetime | None = None


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
    # Would rather go on by telephone.
    telephone: bool = False
    # Families of its browser and system (vdx.lib.browsers); empty where the hub was not told.
    browser: str = ""
    system: str = ""

    @property
    def machine(self) -> dict[str, int | float | str]:
        """What the hub itself knows of the machine: it goes along with what the page measures."""
        return {name: word for name, word in (("browser", self.browser), ("system", self.system)) if word}


@dataclass(frozen=True)
class Standing:
    """How the connection, its seat and its room stand. ``visit_open``: nobody has ended the connection's visit.

    ``called``, ``doctor_elsewhere`` (the meeting's doctor is connected as host in another room) and ``rings`` (the seat
    has asked to be rung) are looked up for who waits.
    """

    visit: int
    visit_open: bool
    state: SeatState
    role: SeatRole
    room: RoomFacts
    called: Called = Called()
    doctor_elsewhere: bool = False
    rings: bool = False
    # What came of the device test that was made in this room by now; empty where none was made.
    test: str = ""


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
    rings: bool = False
    telephone: bool = False
