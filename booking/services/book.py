"""Booking: a meeting and the room it is held in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from booking.enums import GuestMicrophone, WebhookKind
from booking.errors import (
    AdditionalInformationTwice,
    AddressTaken,
    CprRefused,
    ExternalIdTaken,
    UuidTaken,
    YearOutOfRange,
)
from booking.models import Meeting, MeetingAdditionalInformation, MeetingLabel
from booking.rules.instant import AT_ONCE
from booking.services import outbox
from booking.services.place import Occasion, PoolUse, Wish, check, host_shown, room_for
from rooms import queries as rooms_queries
from vdx.accounts import services as accounts
from vdx.accounts.enums import Language
from vdx.lib.cpr import contains_cpr

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User

# A room's window reaches beyond its meeting, and must be a time that can be written down as well.
_EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=366)
_LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=366)
# How often two who book at the same moment may draw the same address.
_TRIES = 5


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
    call_type: str | None = None,
    own_address: str | None = None,
    pool: PoolUse = PoolUse.NEVER,
    reservation_id: UUID | None = None,
    language: str = Language.DANISH,
    is_test: bool = False,
) -> Meeting:
    """Book a meeting, with a room of its own.

    Times may be past, and the end before the start: record systems send such meetings. ``max_participants`` above 0,
    ``end_meeting_on_end_time``, ``call_type`` and ``layout`` (members of ``RoomSettings`` by name) go before the
    template's values. ``guest_pin_required`` draws a guest pin where none is given. ``pool`` and ``reservation_id``
    let the room be one that lies ready (:mod:`booking.services.place`). ``is_test`` keeps it out of every number.
    ``language`` is the patient's.

    Raises :class:`YearOutOfRange`, :class:`ExternalIdTaken`, :class:`UuidTaken`, :class:`AdditionalInformationTwice`,
    :class:`CprRefused`, and what finding a room raises.
    """
    start, end = keepable(start), keepable(end)
    refuse_cpr(
        subject=subject,
        description=description,
        project_code=project_code,
        external_id=external_id,
        call_type=call_type,
        organized_by_email=named(organiser_email),
    )
    refuse_cpr_in_lists(labels, additional_information)
    wish = Wish(
        template_id=template_id,
        max_participants=max_participants,
        end_meeting_on_end_time=end_meeting_on_end_time,
        call_type=call_type,
        layout=layout or {},
        own_address=own_address,
        host_pin=host_pin,
        guest_pin=guest_pin,
        guest_pin_required=guest_pin_required,
        pool=pool,
        reservation_id=reservation_id,
    )
    check(wish, organisation)
    # One drawn here has nobody else.
    _refuse_taken(organisation, external_id, uuid)
    uuid = uuid or uuid4()
    _refuse_twice(additional_information)
    label, phone = host_shown(organisation, organiser_email)

    def attempt(*, again: bool) -> Meeting:
        creator, organiser = accounts.meeting_users(organisation=organisation, emails=[creator_email, organiser_email])
        occasion = Occasion(uuid, organisation, start, end, label, phone, creator, actor, now, again)
        meeting = Meeting(
            uuid=uuid,
            organisation=organisation,
            room=room_for(wish, occasion, at_once=AT_ONCE),
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
            language=language,
            is_test=is_test,
        )
        meeting.save(force_insert=True)
        set_labels(meeting, labels)
        set_additional_information(meeting, additional_information)
        outbox.note(meeting, WebhookKind.CREATED)
        accounts.audit(
            action="meeting.booked",
            target_type="booking.Meeting",
            target_id=str(meeting.pk),
            organisation=organisation,
            actor=actor,
            actor_kind=actor_kind,
            detail={"meeting_user": creator.pk} if actor is None else None,
        )
        return meeting

    for tried in range(_TRIES):
        try:
            # The whole is tried again, not the rooms alone: so a booking by itself needs no savepoint.
            with transaction.atomic():
                return attempt(again=tried > 0)
        except IntegrityError:
            _refuse_taken(organisation, external_id, uuid)
            if own_address is not None:
                raise AddressTaken from None
    # Nobody has what was asked for, and still the database says no.
    raise UuidTaken


def book_instant(
    *,
    organisation: Organisation,
    organiser: User,
    actor: User,
    now: datetime,
    uuid: UUID | None = None,
    subject: str = "",
    is_test: bool = False,
) -> Meeting:
    """Book a straks-møde: it begins now and lasts as long as the organiser's meetings usually do."""
    start = now.replace(microsecond=0)
    return book(
        organisation=organisation,
        organiser_email=organiser.email,
        creator_email=actor.email,
        subject=subject,
        start=start,
        end=start + timedelta(minutes=organiser.usual_minutes),
        actor=actor,
        now=now,
        uuid=uuid,
        is_test=is_test,
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


def named(organiser_email: str | None) -> str | None:
    """The organiser, where that is a name as record systems may write one. An address has digits of its own."""
    return organiser_email if organiser_email and "@" not in organiser_email else None


def refuse_cpr_in_lists(labels: Iterable[str], additional_information: Iterable[tuple[str, str]]) -> None:
    """The same for what record systems put on a meeting."""
    for label in labels:
        refuse_cpr(labels=label)
    for key, value in additional_information:
        refuse_cpr(additional_information=f"{key}\n{value}")


def set_labels(meeting: Meeting, labels: Iterable[str]) -> None:
    """Give a meeting without labels these."""
    if labels:
        MeetingLabel.objects.bulk_create([MeetingLabel(meeting=meeting, label=label) for label in labels])


def set_additional_information(meeting: Meeting, pairs: Sequence[tuple[str, str]]) -> None:
    """Give a meeting without further information this. Raises :class:`AdditionalInformationTwice`."""
    _refuse_twice(pairs)
    if pairs:
        MeetingAdditionalInformation.objects.bulk_create(
            [MeetingAdditionalInformation(meeting=meeting, key=key, value=value) for key, value in pairs]
        )


def _refuse_taken(organisation: Organisation, external_id: str | None, uuid: UUID | None) -> None:
    if external_id is not None and Meeting.objects.filter(organisation=organisation, external_id=external_id).exists():
        raise ExternalIdTaken
    if uuid is not None and (Meeting.objects.filter(uuid=uuid).exists() or rooms_queries.uuid_taken(uuid)):
        raise UuidTaken


def _refuse_twice(pairs: Sequence[tuple[str, str]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise AdditionalInformationTwice
