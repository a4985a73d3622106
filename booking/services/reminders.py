"""What waits to be sent of a meeting follows it: another time, or no meeting any more."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from booking.enums import DeliveryCause, DeliveryKind, DeliveryState, MessageState, WebhookKind
from booking.models import Delivery, Meeting, WebhookMessage
from booking.rules.delivery import reminder_due


def replan_reminder(meeting: Meeting) -> None:
    """Let it be due a quarter of an hour before the present start. Part of the caller's transaction."""
    waiting = _waiting(meeting).filter(kind=DeliveryKind.REMINDER)
    waiting.update(due_at=reminder_due(meeting.start_time))


def forget_waiting(meeting: Meeting, *, now: datetime) -> None:
    """Send nothing more of a meeting that is not held: addresses are erased, and no record system gets its link.

    Part of the caller's transaction.
    """
    _waiting(meeting).update(
        state=DeliveryState.FAILED, cause=DeliveryCause.OVER, address="", due_at=None, finished_at=now
    )
    links = WebhookMessage.objects.filter(meeting_uuid=meeting.uuid, kind=WebhookKind.LINK, state=MessageState.QUEUED)
    for message in list(links):
        links.filter(pk=message.pk).update(
            state=MessageState.FAILED, answer="over", finished_at=now, body={**message.body, "data": {}}
        )


def _waiting(meeting: Meeting) -> QuerySet[Delivery]:
    return Delivery.objects.filter(meeting=meeting, state=DeliveryState.QUEUED)
