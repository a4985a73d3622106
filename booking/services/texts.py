"""Erasing what people wrote about meetings that are long over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from booking.models import Meeting, MeetingAdditionalInformation, MeetingLabel
from vdx.accounts import services as accounts

# How long after its end a meeting keeps its texts (docs/data.md).
TEXTS_KEPT = timedelta(days=30)
_BATCH = 500


def erase_texts(*, now: datetime) -> int:
    """Erase subject, description, project code, labels and further information 30 days after the end.

    Returns the number of meetings. Safe to run twice, and at the same time as another.
    """
    erased = 0
    while batch := _erase_batch(now):
        erased += batch
    return erased


@transaction.atomic
def _erase_batch(now: datetime) -> int:
    due = list(
        Meeting.objects.select_for_update(skip_locked=True)
        .filter(texts_erased_at__isnull=True, end_time__lte=now - TEXTS_KEPT)
        .order_by("end_time")
        .values_list("pk", flat=True)[:_BATCH]
    )
    if not due:
        return 0
    MeetingLabel.objects.filter(meeting_id__in=due).delete()
    MeetingAdditionalInformation.objects.filter(meeting_id__in=due).delete()
    Meeting.objects.filter(pk__in=due).update(subject="", description=None, project_code=None, texts_erased_at=now)
    accounts.audit(
        action="meeting.texts_erased", target_type="booking.Meeting", actor_kind="system", detail={"meetings": len(due)}
    )
    return len(due)
