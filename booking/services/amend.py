"""What record systems may still do to a meeting, by how far its room is made ready (contract, sections 6.4 and 6.5)."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.db import transaction

from booking.errors import MeetingNotChangeable, MeetingNotDeletable
from booking.models import Meeting
from booking.services.book import refuse_cpr
from booking.services.change import MeetingChanges, locked, update
from booking.services.delete import delete
from rooms import queries as rooms_queries
from rooms import services as rooms
from rooms.enums import ProvisionStatus

# What stays as it is when the room is ready and its organisation has no pool.
_FIXED = frozenset({"subject", "description", "project_code", "start", "organiser_email"})


class RoomChanges(TypedDict, total=False):
    """What may be changed of the meeting's room before it is ready. None clears it."""

    host_pin: int | None
    guest_pin: int | None
    call_type: str | None


@transaction.atomic
def amend(
    *, meeting_id: int, changes: MeetingChanges, room_changes: RoomChanges, editor_email: str, now: datetime
) -> Meeting:
    """Change what the room's status allows; what it does not allow silently stays as it is.

    Raises :class:`MeetingNotChangeable`, and what changing a meeting raises.
    """
    refuse_cpr(call_type=room_changes.get("call_type"))
    meeting = locked(meeting_id)
    status = rooms_queries.provision_status(meeting.room, now)
    if status not in {ProvisionStatus.AWAITS_PROVISION, ProvisionStatus.PROVISIONED_OK}:
        raise MeetingNotChangeable
    ready = status == ProvisionStatus.PROVISIONED_OK
    if ready and not meeting.room.organisation.pool_size:
        changes = {name: value for name, value in changes.items() if name not in _FIXED}  # type: ignore[assignment]
    keep_pins = ready or bool({"guest_pin"} & room_changes.keys())
    meeting = update(
        meeting_id=meeting_id,
        changes=changes,
        editor_email=editor_email,
        actor=None,
        actor_kind="api",
        now=now,
        keep_pins=keep_pins,
    )
    if not ready:
        rooms.change_door(
            room_id=meeting.room_id,
            changes=dict(room_changes),  # type: ignore[arg-type]
            editor=meeting.updated_by,
            now=now,
        )
    return meeting


@transaction.atomic
def withdraw(*, meeting_id: int, now: datetime) -> None:
    """Delete a meeting whose room is not ready yet. Raises :class:`MeetingNotDeletable`."""
    meeting = locked(meeting_id)
    if rooms_queries.provision_status(meeting.room, now) != ProvisionStatus.AWAITS_PROVISION:
        raise MeetingNotDeletable
    delete(meeting_id=meeting_id, actor=None, actor_kind="api")
