"""Deleting a meeting, as record systems may. People cancel instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from booking.enums import Outcome, WebhookKind
from booking.errors import MeetingHasBegun
from booking.models import Meeting, MeetingTombstone
from booking.services import outbox
from booking.services.change import locked
from booking.services.reminders import forget_waiting
from rooms import services as rooms
from vdx.accounts import services as accounts
from vdx.lib import clock

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def delete(*, meeting_id: int, actor: User | None, actor_kind: str = "user") -> MeetingTombstone:
    """Delete a meeting with its texts, labels and room: uuid, external id and address are free again.

    What stays is enough to count it, and nothing to find it by. Raises :class:`MeetingHasBegun` once a device has
    been in the room.
    """
    meeting = locked(meeting_id)
    if meeting.room.opened_at is not None:
        raise MeetingHasBegun
    tombstone = MeetingTombstone.objects.create(
        organisation=meeting.organisation,
        start_time=meeting.start_time,
        end_time=meeting.end_time,
        created_time=meeting.created_time,
        outcome=Outcome.CANCELLED,
    )
    outbox.note(meeting, WebhookKind.DELETED)
    forget_waiting(meeting, now=clock.now())
    room_id = meeting.room_id
    Meeting.objects.filter(pk=meeting.pk).delete()
    rooms.delete_room(room_id=room_id, actor=actor)
    accounts.audit(
        action="meeting.deleted",
        target_type="booking.Meeting",
        target_id=str(meeting_id),
        organisation=tombstone.organisation,
        actor=actor,
        actor_kind=actor_kind,
    )
    return tombstone
