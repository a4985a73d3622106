"""How a meeting ended: judged by a rule, or said by a person, whose word stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from booking.enums import CORRECTIONS, Cause, Confidence, Outcome, OutcomeBy
from booking.errors import MeetingNotOver, OutcomeNotChangeable
from booking.models import Meeting
from booking.signals import meeting_concluded
from rooms.enums import RoomState
from vdx.accounts import services as accounts

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def record_outcome(
    *, room_uuid: UUID, outcome: str, now: datetime, cause: str = "", confidence: str = ""
) -> Meeting | None:
    """Note how the meeting held in a room ended, and what was wrong. Safe to do twice; None where there is no meeting.

    A cancelled meeting stays cancelled, and what a person has said of the outcome stands; the cause is noted all the
    same. Another judgement on better facts replaces the first, and is told again.
    """
    meeting = _locked(room__uuid=room_uuid)
    if meeting is None or meeting.outcome == Outcome.CANCELLED:
        return meeting
    if cause and (meeting.cause, meeting.cause_confidence) != (cause, confidence):
        meeting.cause, meeting.cause_confidence = Cause(cause), Confidence(confidence)
        meeting.save(update_fields=["cause", "cause_confidence"])
    if meeting.outcome == outcome or (meeting.outcome and meeting.outcome_by == OutcomeBy.PERSON):
        return meeting
    conclude(meeting, Outcome(outcome), now)
    accounts.audit(
        action="meeting.concluded",
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=meeting.organisation,
        actor_kind="system",
        detail={"outcome": outcome, "cause": cause},
    )
    return meeting


@transaction.atomic
def correct_outcome(*, meeting_id: int, outcome: str, user: User, now: datetime) -> Meeting:
    """The doctor says how the meeting ended. Said twice, it is written once.

    Raises :class:`MeetingNotOver` while the room is open, and :class:`OutcomeNotChangeable` for a cancelled meeting
    and for a word that is not among those to choose from.
    """
    meeting = _locked(pk=meeting_id)
    if meeting is None or meeting.outcome == Outcome.CANCELLED or outcome not in CORRECTIONS:
        raise OutcomeNotChangeable
    room = meeting.room
    if room.state != RoomState.CLOSED and not (room.closes_at is not None and room.closes_at <= now):
        raise MeetingNotOver
    if meeting.outcome == outcome and meeting.outcome_by == OutcomeBy.PERSON:
        return meeting
    before = meeting.outcome
    conclude(meeting, Outcome(outcome), now, by=OutcomeBy.PERSON)
    accounts.audit(
        action="meeting.outcome_corrected",
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=meeting.organisation,
        actor=user,
        detail={"outcome": outcome, "before": before},
    )
    return meeting


def _locked(**which: object) -> Meeting | None:
    return (
        Meeting.objects.select_for_update(of=("self",)).select_related("room", "organisation").filter(**which).first()
    )


def conclude(meeting: Meeting, outcome: Outcome, now: datetime, *, by: OutcomeBy = OutcomeBy.RULE) -> None:
    """Write the outcome of a locked meeting, and tell it."""
    meeting.outcome, meeting.outcome_by = outcome, by
    meeting.concluded_at = now
    meeting.save(update_fields=["outcome", "outcome_by", "concluded_at"])
    meeting_concluded.tell(
        meeting_uuid=meeting.uuid,
        room_uuid=meeting.room.uuid,
        organisation_id=meeting.organisation_id,
        outcome=outcome.value,
    )
