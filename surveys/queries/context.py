"""What a response keeps of its call: the coarse facts that its version names, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from booking import queries as booking_queries
from rooms import queries as rooms_queries
from surveys.enums import ContextFact
from surveys.rules.asking import Guest, minutes_band, quality_band
from vdx.accounts import queries as accounts_queries

if TYPE_CHECKING:
    from booking.models import Meeting
    from rooms.models import Room

# Where a fact is not known: nobody has judged the call yet, or whoever answers never had a device in it.
UNKNOWN = "unknown"


def context_of(room: Room, guest: Guest, facts: Iterable[str], *, today: date) -> dict[str, str]:
    """The named facts of the guest's call as they are known today; names of surveys.enums.ContextFact.

    Asks the database for what is named, and for nothing else.
    """
    call = _Call(room, guest, today)
    return {fact: _READ[ContextFact(fact)](call) for fact in facts if fact in ContextFact.values}


class _Call:
    """A guest's call, looked up as far as it is asked about."""

    def __init__(self, room: Room, guest: Guest, today: date) -> None:
        self.room = room
        self.guest = guest
        self.today = today

    @cached_property
    def meeting(self) -> Meeting | None:
        """The room's, if it was booked."""
        return getattr(self.room, "meeting", None)

    @cached_property
    def facts(self) -> rooms_queries.CallFacts:
        """Who was there, and when."""
        return rooms_queries.call_facts(self.guest.room_uuid)

    def region(self) -> str:
        """The region's code."""
        found = accounts_queries.region_on([self.guest.organisation_id], self.today).get(self.guest.organisation_id)
        return found.code if found else UNKNOWN

    def practice_kind(self) -> str:
        """A word of vdx.accounts.enums.OrganisationKind."""
        return self.room.organisation.kind or UNKNOWN

    def month(self) -> str:
        """The month of the answer, as 2026-11."""
        return f"{self.today:%Y-%m}"

    def planned(self) -> str:
        """``planned`` or ``straks``."""
        found = booking_queries.meeting_facts([self.guest.room_uuid]).get(self.guest.room_uuid)
        return UNKNOWN if found is None else "straks" if found.instant else "planned"

    def outcome(self) -> str:
        """A word of booking.enums.Outcome."""
        return (self.meeting.outcome if self.meeting else "") or UNKNOWN

    def device_kind(self) -> str:
        """A word of rooms.enums.DeviceKind."""
        seats = self.facts.presences
        return next((seat.kind.value for seat in seats if seat.seat_key == self.guest.seat_key), UNKNOWN)

    def minutes(self) -> str:
        """A band of how long two devices were there."""
        return minutes_band(device.stays for device in self.facts.devices).value

    def quality(self) -> str:
        """A band of how well it worked."""
        meeting = self.meeting
        return quality_band(outcome=meeting.outcome if meeting else "", cause=meeting.cause if meeting else "").value


_READ: dict[ContextFact, Callable[[_Call], str]] = {
    ContextFact.REGION: _Call.region,
    ContextFact.PRACTICE_KIND: _Call.practice_kind,
    ContextFact.MONTH: _Call.month,
    ContextFact.PLANNED: _Call.planned,
    ContextFact.OUTCOME: _Call.outcome,
    ContextFact.DEVICE_KIND: _Call.device_kind,
    ContextFact.MINUTES: _Call.minutes,
    ContextFact.QUALITY: _Call.quality,
}
