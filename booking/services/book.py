"""Booking: a meeting and the room it is held in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from booking.enums import GuestMicrophone
from booking.errors import (
    AdditionalInformationTwice,
    CprRefused,
    ExternalIdTaken,
    GuestPinRangeUnusable,
    HostPinRangeUnusable,
    UuidTaken,
    YearOutOfRange,
)
from booking.models import Meeting, MeetingAdditionalInformation, MeetingLabel
from booking.rules import pins
from booking.services.templates import template_for
from rooms import services as rooms
from vdx.accounts import queries as accounts_queries
from vdx.accounts import services as accounts
from vdx.lib.cpr import contains_cpr

if TYPE_CHECKING:
    from booking.models import SchedulingTemplate
    from vdx.accounts.models import Organisation, User

# A room's window reaches beyond its meeting, and must be a time that can be written down as well.
_EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=366)
_LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=366)


@transaction.atomic
def book(
    *,
    organisation: Organisation,
    organiser_email: str,
    creator_email: str,
    subject: str,
    start: datetime,
    end: datetime,
    actor: User | None,
    now: datetime,
    actor_kind: str = "user",
    uuid: UUID | None = None,
    description: str | None = None,
    project_code: str | None = None,
    external_id: str | None = None,
    labels: Sequence[str] = (),
    additional_information: Sequence[tuple[str, str]] = (),
    guest_microphone: str | None = GuestMicrophone.ON,
    guest_pin_required: bool = False,
    guest_pin: int | None = None,
    host_pin: int | None = None,
    template_id: int | None = None,
    max_participants: int = 0,
    end_meeting_on_end_time: bool | None = None,
    layout: Mapping[str, object] | None = None,
) -> Meeting:
    """Book a meeting, with a room of its own.

    Times may be past, and the end before the start: record systems send such meetings. ``max_participants`` above 0,
    ``end_meeting_on_end_time`` and ``layout`` (members of ``RoomSettings`` by name) go before the template's values.
    ``guest_pin_required`` draws a guest pin where none is given.

    Raises :class:`YearOutOfRange`, :class:`ExternalIdTaken`, :class:`UuidTaken`, :class:`AdditionalInformationTwice`,
    :class:`CprRefused`, :class:`GuestPinRangeUnusable` and :class:`HostPinRangeUnusable`.
    """
    start, end = keepable(start), keepable(end)
    refuse_cpr(subject=subject, description=description, project_code=project_code, external_id=external_id)
    refuse_cpr_in_lists(labels, additional_information)
    if external_id is not None and Meeting.objects.filter(organisation=organisation, external_id=external_id).exists():
        raise ExternalIdTaken
    uuid = uuid or uuid4()
    if Meeting.objects.filter(uuid=uuid).exists():
        raise UuidTaken
    creator = accounts.meeting_user(organisation=organisation, email=creator_email)
    organiser = accounts.meeting_user(organisation=organisation, email=organiser_email)
    template = template_for(organisation=organisation, template_id=template_id, now=now)
    settings = _room_settings(template, max_participants, end_meeting_on_end_time, layout or {})
    label, phone = host_shown(organisation, organiser_email)
    try:
        with transaction.atomic():
            room = rooms.create_room(
                uuid=uuid,
                organisation=organisation,
                settings=settings,
                starts_at=start,
                ends_at=end,
                host_label=label,
                host_phone=phone,
                host_pin=host_pin if host_pin is not None else _host_pin(template),
                guest_pin=guest_pin if guest_pin is not None else draw_guest_pin(template, guest_pin_required),
                created_by=creator,
                now=now,
                actor=actor,
            )
            meeting = Meeting.objects.create(
                uuid=uuid,
                organisation=organisation,
                room=room,
                subject=subject,
                description=description,
                project_code=project_code,
                start_time=start,
                end_time=end,
                created_by=creator,
                organized_by=organiser,
                created_time=now,
                external_id=external_id,
                guest_microphone=guest_microphone,
                guest_pin_required=guest_pin_required,
            )
    except IntegrityError:
        # The lost race of two bookings at once gets the same answer as the polite questions above.
        if (
            external_id is not None
            and Meeting.objects.filter(organisation=organisation, external_id=external_id).exists()
        ):
            raise ExternalIdTaken from None
        raise UuidTaken from None
    set_labels(meeting, labels)
    set_additional_information(meeting, additional_information)
    accounts.audit(
        action="meeting.booked",
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=organisation,
        actor=actor,
        actor_kind=actor_kind,
    )
    return meeting


def book_instant(
    *, organisation: Organisation, organiser: User, actor: User, now: datetime, uuid: UUID | None = None
) -> Meeting:
    """Book a straks-møde: it begins now and lasts as long as the organiser's meetings usually do."""
    start = now.replace(microsecond=0)
    return book(
        organisation=organisation,
        organiser_email=organiser.email,
        creator_email=actor.email,
        subject="",
        start=start,
        end=start + timedelta(minutes=organiser.usual_minutes),
        actor=actor,
        now=now,
        uuid=uuid,
    )


def keepable(moment: datetime) -> datetime:
    """The moment in UTC and whole seconds. Raises :class:`YearOutOfRange` at the ends of the calendar."""
    if not _EARLIEST <= moment <= _LATEST:
        raise YearOutOfRange
    return moment.astimezone(UTC).replace(microsecond=0)


def refuse_cpr(**texts: str | None) -> None:
    """Raise :class:`CprRefused` for the first text that holds a civil registration number."""
    for field, text in texts.items():
        if text and contains_cpr(text):
            raise CprRefused(field=field)


def refuse_cpr_in_lists(labels: Iterable[str], additional_information: Iterable[tuple[str, str]]) -> None:
    """The same for what record systems put on a meeting."""
    for label in labels:
        refuse_cpr(labels=label)
    for key, value in additional_information:
        refuse_cpr(additional_information=f"{key}\n{value}")


def host_shown(organisation: Organisation, email: str) -> tuple[str, str]:
    """Name and telephone that waiting patients read.

    The organiser's where the hub knows the person as a clinician there, else no name and the practice's telephone.
    """
    for user in accounts_queries.clinicians([organisation.pk]):
        if user.email.casefold() == email.casefold():
            return user.name, user.phone or organisation.phone
    return "", organisation.phone


def set_labels(meeting: Meeting, labels: Iterable[str]) -> None:
    """Give a meeting without labels these."""
    MeetingLabel.objects.bulk_create([MeetingLabel(meeting=meeting, label=label) for label in labels])


def set_additional_information(meeting: Meeting, pairs: Sequence[tuple[str, str]]) -> None:
    """Give a meeting without further information this. Raises :class:`AdditionalInformationTwice`."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise AdditionalInformationTwice
    MeetingAdditionalInformation.objects.bulk_create(
        [MeetingAdditionalInformation(meeting=meeting, key=key, value=value) for key, value in pairs]
    )


def draw_guest_pin(template: SchedulingTemplate, wanted: bool) -> int | None:
    """A guest pin where the meeting or its template asks for one. Raises :class:`GuestPinRangeUnusable`."""
    span = pins.pin_range(template.guest_pin_range_low, template.guest_pin_range_high)
    if template.guest_pin_required and span is None:
        raise GuestPinRangeUnusable
    return _draw(span or pins.USUAL) if wanted or template.guest_pin_required else None


def _room_settings(
    template: SchedulingTemplate,
    max_participants: int,
    end_meeting_on_end_time: bool | None,
    layout: Mapping[str, object],
) -> rooms.RoomSettings:
    settings = rooms.RoomSettings(**{field.name: getattr(template, field.name) for field in fields(rooms.RoomSettings)})
    changes = dict(layout)
    if max_participants > 0:
        changes["max_participants"] = max_participants
    if end_meeting_on_end_time is not None:
        changes["end_meeting_on_end_time"] = end_meeting_on_end_time
    return replace(settings, **changes)  # type: ignore[arg-type]


def _host_pin(template: SchedulingTemplate) -> int | None:
    if not template.host_pin_required:
        return None
    span = pins.pin_range(template.host_pin_range_low, template.host_pin_range_high)
    if span is None:
        raise HostPinRangeUnusable
    return _draw(span)


def _draw(span: tuple[int, int]) -> int:
    low, high = span
    return low + secrets.randbelow(high - low + 1)
