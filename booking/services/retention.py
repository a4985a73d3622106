"""Forgetting: what people wrote about meetings that are over, and in the end the meetings (docs/data.md)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from booking.models import Meeting, MeetingAdditionalInformation, MeetingLabel, MeetingTombstone, PoolHistory
from rooms import services as rooms
from vdx.accounts import services as accounts

log = logging.getLogger(__name__)

# How long after its end a meeting keeps its texts (docs/data.md).
TEXTS_KEPT = timedelta(days=30)
# How long a meeting stays, with its room, after its end and after it was booked: record systems book past ones
# too. The count has copied what it needs long before.
MEETINGS_KEPT = timedelta(days=5 * 365)
POOL_HISTORY_KEPT = timedelta(days=90)
_BATCH = 500


def erase_texts(*, now: datetime) -> int:
    """Erase subject, description, project code, external id, labels and further information 30 days after the end.

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
    Meeting.objects.filter(pk__in=due).update(
        subject="", description=None, project_code=None, external_id=None, texts_erased_at=now
    )
    accounts.audit(
        action="meeting.texts_erased", target_type="booking.Meeting", actor_kind="system", detail={"meetings": len(due)}
    )
    return len(due)


def forget_meetings(*, now: datetime) -> int:
    """Delete meetings with their rooms, and tombstones, after five years. Returns how many meetings.

    Each meeting is a transaction of its own, and one that fails stops no other. Safe to run twice.
    """
    MeetingTombstone.objects.filter(_old(now)).delete()
    old = Meeting.objects.filter(_old(now)).order_by("pk")
    forgotten = 0
    for pk in list(old.values_list("pk", flat=True)):
        try:
            forgotten += _forget(pk, now)
        except Exception:
            log.exception("meeting %d could not be forgotten", pk)
    return forgotten


def _old(now: datetime) -> Q:
    return Q(end_time__lte=now - MEETINGS_KEPT, created_time__lte=now - MEETINGS_KEPT)


@transaction.atomic
def _forget(meeting_id: int, now: datetime) -> int:
    # Looked at again with the row locked: it may have been moved meanwhile.
    meeting = Meeting.objects.select_for_update().filter(_old(now), pk=meeting_id).first()
    if meeting is None:
        return 0
    room_id = meeting.room_id
    meeting.delete()
    rooms.delete_room(room_id=room_id)
    return 1


def forget_pool_history(*, now: datetime) -> int:
    """Delete what was written of the pools 90 days ago. Safe to run twice."""
    gone, _ = PoolHistory.objects.filter(at__lt=now - POOL_HISTORY_KEPT).delete()
    return gone
