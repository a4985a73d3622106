"""Calls: written down straight away, or really held in a room at given times."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import factory

from booking import services as booking
from booking.models import Meeting
from monitoring.models import CallRecord, DeviceQuality
from rooms import services as rooms
from rooms.enums import CloseReason, DeviceKind
from rooms.models import Seat
from tests.factories.accounts import OrganisationFactory
from vdx.accounts.models import User
from vdx.lib import clock


class CallRecordFactory(factory.django.DjangoModelFactory[CallRecord]):
    """A consultation of ten minutes."""

    class Meta:
        model = CallRecord

    room_uuid = factory.LazyFunction(uuid.uuid4)
    meeting_uuid = factory.LazyFunction(uuid.uuid4)
    organisation = factory.SubFactory(OrganisationFactory)
    booked = True
    instant = False
    started_at = factory.LazyFunction(clock.now)
    ended_at = factory.LazyAttribute(lambda call: call.started_at + timedelta(minutes=10))
    seconds_together = 600
    device_count = 2
    is_final = True


def booked_meeting(doctor: User, *, start: datetime, made: datetime | None = None, minutes: int = 15) -> Meeting:
    """A meeting of the doctor's own practice, made an hour before unless said otherwise."""
    membership = doctor.memberships.select_related("organisation").get()
    return booking.book(
        organisation=membership.organisation,
        organiser_email=doctor.email,
        creator_email=doctor.email,
        subject="",
        start=start,
        end=start + timedelta(minutes=minutes),
        actor=doctor,
        now=made or start - timedelta(hours=1),
    )


def host_came(meeting: Meeting, doctor: User, *, at: datetime) -> tuple[Seat, str, int]:
    """The doctor takes the seat and connects: seat, cookie and visit."""
    seat, token = rooms.take_host_seat(room_id=meeting.room_id, user=doctor, device_kind=DeviceKind.BROWSER, now=at)
    visit = rooms.connect(seat_id=seat.pk, instance=uuid.uuid4().hex, resumed=False, now=at)
    return seat, token, visit.pk


def guest_came(
    meeting: Meeting, *, at: datetime, let_in_by: Seat | None = None, kind: DeviceKind = DeviceKind.BROWSER
) -> tuple[Seat, str, int]:
    """A guest knocks, connects and is let in at once if there is somebody to do it: seat, cookie and visit."""
    seat, token = rooms.knock(room_id=meeting.room_id, token=None, device_kind=kind, now=at)
    visit = rooms.connect(seat_id=seat.pk, instance=uuid.uuid4().hex, resumed=False, now=at)
    if let_in_by is not None:
        rooms.admit(room_id=meeting.room_id, seat_key=seat.key, by_seat_id=let_in_by.pk, now=at)
    return seat, token, visit.pk


def kept_alive(visits: Sequence[int], *, until: datetime) -> None:
    """The heartbeats of some connections."""
    for visit in visits:
        rooms.seen(visit_id=visit, now=until)


def all_was_well(meeting: Meeting, seat: Seat, *, seconds: float) -> None:
    """The sums of a device that got sound and picture for so long."""
    DeviceQuality.objects.create(
        room_uuid=meeting.uuid,
        seat_key=seat.key,
        samples=seconds // 5,
        media_seconds=seconds,
        picture_seconds=seconds,
    )


def held_call(
    doctor: User, *, start: datetime, minutes: int = 10, guests: int = 1, **booked: Any
) -> tuple[Meeting, str]:
    """A whole consultation, closed by the doctor: the meeting, and the doctor's cookie."""
    meeting = booked_meeting(doctor, start=start, **booked)
    host, token, visit = host_came(meeting, doctor, at=start)
    came = [guest_came(meeting, at=start, let_in_by=host) for _ in range(guests)]
    end = start + timedelta(minutes=minutes)
    kept_alive([visit, *(guest[2] for guest in came)], until=end)
    for seat in (host, *(guest[0] for guest in came)):
        all_was_well(meeting, seat, seconds=minutes * 60)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=end, by_seat=host.pk)
    return meeting, token
