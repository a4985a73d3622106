"""The reminder that waits follows its meeting's start."""

from __future__ import annotations

from booking.enums import DeliveryKind, DeliveryState
from booking.models import Delivery, Meeting
from booking.rules.delivery import reminder_due


def replan_reminder(meeting: Meeting) -> None:
    """Let it be due a quarter of an hour before the present start. Part of the caller's transaction."""
    waiting = Delivery.objects.filter(meeting=meeting, kind=DeliveryKind.REMINDER, state=DeliveryState.QUEUED)
    waiting.update(due_at=reminder_due(meeting.start_time))
