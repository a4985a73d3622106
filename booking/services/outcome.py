"""How a meeting ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.enums import Outcome
from booking.models import Meeting
from booking.signals import meeting_concluded
from vdx.accounts import services as accounts


@transaction.atomic
def record_outcome(*, room_uuid: UUID, outcome: str, now: datetime) -> Meeting | None:
    """Note how the meeting held in a room ended. Safe to do twice; None where the room has no meeting.

    A cancelled meeting stays cancelled. Another judgement on better facts replaces the first, and is told again.
    """
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("room", "organisation")
        .filter(room__uuid=room_uuid)
        .first()
    )
    if meeting is None or meeting.outcome in {outcome, Outcome.CANCELLED}:
        return meeting
    conclude(meeting, Outcome(outcome), now)
    accounts.audit(
        action="meeting.concluded",
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=meeting.organisation,
        actor_kind="system",
        detail={"outcome": outcome},
    )
    return meeting


def conclude(meeting: Meeting, outcome: Outcome, now: datetime) -> None:
    """Write the outcome of a locked meeting, and tell it."""
    meeting.outcome = outcome
    meeting.concluded_at = now
    meeting.save(update_fields=["outcome", "concluded_at"])
    meeting_concluded.tell(
        meeting_uuid=meeting.uuid,
        room_uuid=meeting.room.uuid,
        organisation_id=meeting.organisation_id,
        outcome=outcome.value,
    )
