"""Bookings from the portal: the same form sent twice books once.

Each form carries the uuid that its meeting shall have. A double click or a reload sends it again, and the database
holds that a uuid belongs to one meeting.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from booking.errors import UuidTaken
from booking.models import Meeting
from booking.rules.instant import AT_ONCE, is_instant
from booking.services.book import book, book_instant
from booking.services.deliver import Sending, send_link
from rooms.enums import RoomState

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User


@transaction.atomic
def book_once(
    *,
    key: UUID,
    organisation: Organisation,
    organiser: User,
    actor: User,
    subject: str,
    start: datetime,
    end: datetime,
    guest_pin_required: bool,
    now: datetime,
    sending: Sending | None = None,
) -> Meeting:
    """Book from the form with this key, or return what it has booked already; and let the link be sent, if wished.

    Both or neither: where the link cannot be sent, nothing is booked.

    The form found again by the back button and sent with another doctor or time is another booking.
    """

    def attempt(uuid: UUID | None) -> Meeting:
        return book(
            organisation=organisation,
            organiser_email=organiser.email,
            creator_email=actor.email,
            subject=subject,
            start=start,
            end=end,
            actor=actor,
            now=now,
            uuid=uuid,
            guest_pin_required=guest_pin_required,
        )

    try:
        meeting = attempt(key)
    except UuidTaken:
        booked = _booked(key, organisation, organiser, actor)
        same = booked is not None and (booked.start_time, booked.end_time) == (start, end)
        meeting = booked if booked is not None and same else attempt(None)
    if sending is not None:
        send_link(meeting_id=meeting.pk, sending=sending, actor=actor, now=now)
    return meeting


def book_instant_once(
    *,
    key: UUID,
    organisation: Organisation,
    organiser: User,
    actor: User,
    now: datetime,
    subject: str = "",
    is_test: bool = False,
) -> Meeting:
    """Book a straks-møde from the form with this key, or return the one that it has just booked."""

    def attempt(uuid: UUID | None) -> Meeting:
        return book_instant(
            organisation=organisation,
            organiser=organiser,
            actor=actor,
            now=now,
            uuid=uuid,
            subject=subject,
            is_test=is_test,
        )

    try:
        return attempt(key)
    except UuidTaken:
        booked = _booked(key, organisation, organiser, actor)
        if (
            booked is not None
            and booked.is_test == is_test
            and is_instant(booked.start_time, booked.created_time)
            and now - booked.created_time <= AT_ONCE
            and booked.room.state != RoomState.CLOSED
        ):
            return booked
        return attempt(None)


def _booked(key: UUID, organisation: Organisation, organiser: User, actor: User) -> Meeting | None:
    return (
        Meeting.objects.select_related("room", "organisation")
        .filter(
            uuid=key,
            organisation=organisation,
            organized_by__email__iexact=organiser.email,
            created_by__email__iexact=actor.email,
        )
        .first()
    )
