"""Facts that booking tells (docs/events.md)."""

from __future__ import annotations

from vdx.lib.events import Fact

# How a meeting ended has been judged, or judged anew. ``outcome`` is one of booking.enums.Outcome. Listeners may
# hear the same meeting more than once.
meeting_concluded = Fact("meeting_concluded", provides=("meeting_uuid", "room_uuid", "organisation_id", "outcome"))
