"""A call in a fixed room is not booked: a conference, whole and once, and nobody is asked about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking.api.organisations.queries import owners_json
from monitoring import services
from monitoring.models import CallRecord
from monitoring.rules.kind import CallKind, kind_of
from rooms import queries
from rooms import services as rooms
from rooms.enums import CloseReason, DeviceKind
from rooms.models import Room, Seat
from rooms.models_fixed import FixedRoom
from rooms.services import fixed
from surveys import services as surveys
from surveys.models import Invitation, PostcardRequest
from tests.factories.accounts import member
from tests.factories.fixed import FixedRoomFactory
from tests.factories.rooms import instance
from vdx.accounts.models import User

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def colleague() -> User:
    return member()


@pytest.fixture
def room(colleague: User) -> FixedRoom:
    return FixedRoomFactory(
        organisation=colleague.memberships.get().organisation, users=[colleague], address="onsdag", now=START
    )


def held(room: FixedRoom, colleague: User, start: datetime, *, guests: int = 1) -> Room:
    """A host and guests in a call of ten minutes, which then ends."""
    call, _ = fixed.enter_as_host(fixed_room_id=room.pk, user=colleague, device_kind=DeviceKind.BROWSER, now=start)
    host = Seat.objects.get(room=call)
    visits = [rooms.connect(seat_id=host.pk, instance=instance(), resumed=False, now=start)]
    for _ in range(guests):
        seat, _ = rooms.knock(room_id=call.pk, token=None, device_kind=DeviceKind.BROWSER, now=start)
        visits.append(rooms.connect(seat_id=seat.pk, instance=instance(), resumed=False, now=start))
        rooms.admit(room_id=call.pk, seat_key=seat.key, by_seat_id=host.pk, now=start)
    over = start + timedelta(minutes=10)
    for visit in visits:
        rooms.seen(visit_id=visit.pk, now=over)
    rooms.close_room(room_id=call.pk, reason=CloseReason.ENDED, now=over)
    return call


def kind(call: CallRecord) -> CallKind | None:
    return kind_of(booked=call.booked, device_count=call.device_count, seconds_together=call.seconds_together)


@pytest.mark.parametrize("guests", [1, 2])
def test_it_is_a_conference_and_no_straks_meeting(room: FixedRoom, colleague: User, guests: int) -> None:
    call = held(room, colleague, START, guests=guests)

    record = services.record_call(room_uuid=call.uuid, is_final=True, now=START + timedelta(hours=1))

    assert (record.booked, record.instant, record.is_test, record.meeting_uuid) == (False, False, False, None)
    assert (record.device_count, record.seconds_together, record.is_final) == (guests + 1, 600, True)
    assert (kind(record), record.organisation_id) == (CallKind.CONFERENCE, room.organisation_id)


def test_alone_it_is_no_call(room: FixedRoom, colleague: User) -> None:
    call = held(room, colleague, START, guests=0)
    record = services.record_call(room_uuid=call.uuid, is_final=True, now=START + timedelta(hours=1))
    assert kind(record) is None


def test_today_and_tomorrow_are_two(room: FixedRoom, colleague: User) -> None:
    for day in range(2):
        call = held(room, colleague, START + timedelta(days=day))
        services.record_call(room_uuid=call.uuid, is_final=True, now=START + timedelta(days=day, hours=1))
    records = list(CallRecord.objects.order_by("started_at"))
    assert [record.started_at for record in records] == [START, START + timedelta(days=1)]


def test_a_lost_record_is_found_by_the_sweep(room: FixedRoom, colleague: User) -> None:
    held(room, colleague, START)
    CallRecord.objects.all().delete()
    assert services.record_missing(since=START, now=START + timedelta(hours=1)) == 1
    assert kind(CallRecord.objects.get()) == CallKind.CONFERENCE


def test_the_record_outlives_its_room(room: FixedRoom, colleague: User) -> None:
    call = held(room, colleague, START)
    services.record_call(room_uuid=call.uuid, is_final=True, now=START + timedelta(hours=1))
    assert fixed.forget_calls(now=START + timedelta(days=91)) == 1
    assert (Room.objects.count(), CallRecord.objects.count()) == (0, 1)


def test_nobody_is_asked_about_it(room: FixedRoom, colleague: User) -> None:
    call = held(room, colleague, START)
    today = START.date()
    surveys.ask_hosts(room_uuid=call.uuid, today=today)
    surveys.invite_guests(room_uuids=[call.uuid], today=today)
    assert (PostcardRequest.objects.count(), Invitation.objects.count()) == (0, 0)
    assert queries.hosted_since(colleague.pk, START) == []


def test_the_organisation_service_knows_whose_the_address_is(room: FixedRoom, settings: object) -> None:
    settings.VDX_PUBLIC_URL = "https://vdx.example"  # type: ignore[attr-defined]
    mine, other = "Onsdag@vdx.example", "onsdag@anden.example"
    found = owners_json([mine, other, "torsdag@vdx.example"], START)
    code = room.organisation.code
    assert [(each["uri"], each["code"], each["booked"]) for each in found] == [(mine, code, False)]

    fixed.turn_off(fixed_room_id=room.pk, actor=None, now=START)
    assert owners_json([mine], START) == []


def test_no_booking_gets_a_fixed_rooms_address(room: FixedRoom, settings: object) -> None:
    settings.VDX_PUBLIC_URL = "https://vdx.example"  # type: ignore[attr-defined]
    assert queries.addresses_taken("vdx.example", ["onsdag", "fri"]) == {"onsdag"}
    assert queries.addresses_taken("anden.example", ["onsdag"]) == set()
