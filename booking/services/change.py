"""Changing a meeting that is booked: its time, its end, and everything that a record system may write."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import F

from booking.enums import Outcome, WebhookKind
from booking.errors import Absent, MeetingOver
from booking.models import Meeting
from booking.services import outbox
from booking.services.book import (
    keepable,
    named,
    refuse_cpr,
    refuse_cpr_in_lists,
    set_additional_information,
    set_labels,
)
from booking.services.make import draw_guest_pin
from booking.services.outcome import conclude
from booking.services.place import host_shown
from booking.services.reminders import forget_waiting, replan_reminder
from booking.services.templates import template_for
from rooms import services as rooms
from rooms.enums import CloseReason, RoomState
from vdx.accounts import services as accounts

if TYPE_CHECKING:
    from vdx.accounts.models import User


log = logging.getLogger(__name__)


class MeetingChanges(TypedDict, total=False):
    """What may be changed. A member that is absent stays as it is; None clears it."""

    subject: str
    description: str | None
    project_code: str | None
    start: datetime
    end: datetime
    organiser_email: str
    labels: Sequence[str]
    additional_information: Sequence[tuple[str, str]]
    guest_microphone: str | None
    guest_pin_required: bool
    language: str


@transaction.atomic
def update(
    *,
    meeting_id: int,
    changes: MeetingChanges,
    editor_email: str,
    actor: User | None,
    now: datetime,
    actor_kind: str = "user",
    action: str = "meeting.changed",
    keep_pins: bool = False,
) -> Meeting:
    """Change a meeting. An end at or before ``now`` closes the room at once.

    Raises :class:`MeetingOver` when the time of a meeting shall change whose room is closed, and what booking raises.
    A room that was made for a time already past never was open, and may be moved.
    """
    meeting = locked(meeting_id)
    start = keepable(changes.get("start", meeting.start_time))
    end = keepable(changes.get("end", meeting.end_time))
    labels = changes.get("labels")
    information = changes.get("additional_information")
    refuse_cpr(
        subject=changes.get("subject"),
        description=changes.get("description"),
        project_code=changes.get("project_code"),
        organized_by_email=named(changes.get("organiser_email")),
    )
    refuse_cpr_in_lists(labels or (), information or ())

    meeting.subject = changes.get("subject", meeting.subject)
    meeting.description = changes.get("description", meeting.description)
    meeting.project_code = changes.get("project_code", meeting.project_code)
    meeting.guest_microphone = changes.get("guest_microphone", meeting.guest_microphone)
    meeting.language = changes.get("language", meeting.language)
    if changes.get("guest_pin_required", meeting.guest_pin_required) != meeting.guest_pin_required:
        meeting.guest_pin_required = changes["guest_pin_required"]
        if not keep_pins:
            _set_guest_pin(meeting, actor=actor, now=now)
    moved = (start, end) != (meeting.start_time, meeting.end_time)
    if moved:
        if meeting.room.state == RoomState.CLOSED and not rooms.never_was_open(meeting.room):
            raise MeetingOver
        meeting.start_time, meeting.end_time = start, end
    email = changes.get("organiser_email", editor_email)
    editor, organiser = accounts.meeting_users(organisation=meeting.organisation, emails=[editor_email, email])
    if "organiser_email" in changes:
        meeting.organized_by = organiser
        label, phone = host_shown(meeting.organisation, email)
        rooms.rename_host(room_id=meeting.room_id, host_label=label, host_phone=phone, actor=actor)
    if labels is not None:
        meeting.labels.all().delete()
        set_labels(meeting, labels)
    if information is not None:
        meeting.additional_information.all().delete()
        set_additional_information(meeting, information)
    meeting.updated_by = editor
    meeting.updated_time = now
    # Whatever was written now is erased 30 days after the end like everything else.
    meeting.texts_erased_at = None
    meeting.sequence += moved
    meeting.save()
    outbox.note(meeting, WebhookKind.UPDATED)
    if moved:
        replan_reminder(meeting)
        room = rooms.schedule_room(room_id=meeting.room_id, starts_at=start, ends_at=end, now=now, actor=actor)
        if room.state == RoomState.CLOSED:
            forget_waiting(meeting, now=now)
        if room.state != RoomState.CLOSED and meeting.outcome:
            # It was booked for a time past, judged as such, and is to be held after all.
            meeting.outcome, meeting.outcome_by, meeting.concluded_at = "", "", None
            meeting.cause, meeting.cause_confidence = "", ""
            meeting.save(update_fields=["outcome", "outcome_by", "concluded_at", "cause", "cause_confidence"])
    accounts.audit(
        action=action,
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=meeting.organisation,
        actor=actor,
        actor_kind=actor_kind,
        detail={"meeting_user": editor.pk} if actor is None else None,
    )
    return meeting


def move(*, meeting_id: int, start: datetime, end: datetime, actor: User, now: datetime) -> Meeting:
    """Give a meeting another time; the link stays the same. Raises :class:`MeetingOver`."""
    return update(
        meeting_id=meeting_id,
        changes={"start": start, "end": end},
        editor_email=actor.email,
        actor=actor,
        now=now,
        action="meeting.moved",
    )


@transaction.atomic
def extend(*, meeting_id: int, minutes: int, actor: User, now: datetime) -> Meeting:
    """Let a meeting last ``minutes`` longer. The room tells its new end, and the meeting follows.

    Raises :class:`MeetingOver` when the room is closed.
    """
    meeting = locked(meeting_id)
    if meeting.room.state == RoomState.CLOSED:
        raise MeetingOver
    rooms.extend_room(room_id=meeting.room_id, minutes=minutes, actor=actor, now=now)
    accounts.audit(
        action="meeting.extended",
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=meeting.organisation,
        actor=actor,
        detail={"minutes": minutes},
    )
    return meeting


@transaction.atomic
def follow_room(*, room_uuid: UUID) -> bool:
    """Give the meeting the end that its room has now, and say whether it had another.

    The room is read with the meeting locked, for whoever told of it may have been overtaken by a later change.
    A room without a meeting, or without an end, concerns nobody here.
    """
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(room__uuid=room_uuid)
        .first()
    )
    if meeting is None:
        return False
    # A query of its own: a joined row may be older than the lock.
    ends_at = Meeting.objects.filter(pk=meeting.pk).values_list("room__ends_at", flat=True).get()
    if ends_at is None or ends_at == meeting.end_time:
        return False
    meeting.end_time = ends_at
    meeting.sequence += 1
    meeting.save(update_fields=["end_time", "sequence"])
    outbox.note(meeting, WebhookKind.UPDATED)
    accounts.audit(
        action="meeting.end_followed",
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=meeting.organisation,
        actor_kind="system",
    )
    return True


def follow_rooms() -> int:
    """Give every meeting of late the end that its room has, and say how many had another. Safe to run twice.

    Catches what a lost message left out. Each meeting is a transaction of its own, and one that fails stops no other.
    """
    # Of late is whatever still keeps its texts: thirty days, much longer than a hub is down, and there is an index.
    apart = Meeting.objects.filter(texts_erased_at__isnull=True, room__ends_at__isnull=False)
    followed = 0
    for pk, room_uuid in list(apart.exclude(end_time=F("room__ends_at")).values_list("pk", "room__uuid")):
        try:
            followed += follow_room(room_uuid=room_uuid)
        except Exception:
            log.exception("meeting %d could not follow its room", pk)
    return followed


@transaction.atomic
def cancel(*, meeting_id: int, actor: User, now: datetime) -> Meeting:
    """Call a meeting off. The room is closed for good, and the page behind the link says so.

    Safe to do twice. Raises :class:`MeetingOver` for a meeting that has ended otherwise.
    """
    meeting = locked(meeting_id)
    if meeting.outcome == Outcome.CANCELLED:
        return meeting
    # The room's own word, given with its row locked: a consultation that was held meanwhile is not called off.
    if not rooms.close_room(room_id=meeting.room_id, reason=CloseReason.CANCELLED, now=now, actor=actor):
        raise MeetingOver
    meeting.sequence += 1
    meeting.save(update_fields=["sequence"])
    conclude(meeting, Outcome.CANCELLED, now)
    forget_waiting(meeting, now=now)
    accounts.audit(
        action="meeting.cancelled",
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=meeting.organisation,
        actor=actor,
    )
    return meeting


def _set_guest_pin(meeting: Meeting, *, actor: User | None, now: datetime) -> None:
    """Let the room ask for a pin, or no longer; one that it has already, or that the template asks for, stays."""
    template = template_for(organisation=meeting.organisation, template_id=None, now=now)
    pin = draw_guest_pin(template, meeting.guest_pin_required)
    if (pin is None) != (meeting.room.guest_pin is None):
        rooms.set_guest_pin(room_id=meeting.room_id, guest_pin=pin, actor=actor)


def locked(meeting_id: int) -> Meeting:
    """The meeting, locked until the end of the transaction, with room and organisation at hand.

    Raises :class:`Absent` for one that was deleted since it was looked up.
    """
    held = Meeting.objects.select_for_update(of=("self",)).select_related("room", "organisation")
    found = held.filter(pk=meeting_id).first()
    if found is None:
        raise Absent("meeting", "uuid")
    return found
