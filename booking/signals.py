"""Facts that booking tells (docs/events.md)."""

from __future__ import annotations

from vdx.lib.events import Fact

# How a meeting ended has been judged, or judged anew. ``outcome`` is one of booking.enums.Outcome. Listeners may
# hear the same meeting more than once.
meeting_concluded = Fact("meeting_concluded", provides=("meeting_uuid", "room_uuid", "organisation_id", "outcome"))

# The hub shall send a patient's link or reminder; the row says where and when.
delivery_requested = Fact("delivery_requested", provides=("delivery_id", "way"))
# It was given up. ``way`` is one of booking.enums.DeliveryWay, ``cause`` of DeliveryCause; the address is erased.
delivery_failed = Fact("delivery_failed", provides=("delivery_id", "meeting_uuid", "way", "cause"))
# Something was written down for a record system.
webhook_queued = Fact("webhook_queued", provides=("target_id",))
