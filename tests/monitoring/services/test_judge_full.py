"""A call that could not begin because the hub was full: how it ended, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings

from booking.models import Meeting
from booking.wording import cause_sentence
from monitoring import services
from monitoring.models import CallRecord
from rooms import services as rooms
from rooms.enums import CloseReason, DeviceKind, SeatState
from rooms.errors import HubFull
from rooms.models import Seat
from tests.factories.accounts import MembershipFactory
from tests.factories.monitoring import booked_meeting, guest_came, host_came, kept_alive
from vdx.accounts.models import User
from vdx.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)

START = clock.now() - timedelta(minutes=5)


@pytest.fixture
def doctor(settings: LazySettings) -> User:
    """Whose hub holds one call, and is full."""
    settings.VDX_CAPACITY, settings.VDX_CAPACITY_GRACE = 1, 0
    user = MembershipFactory().user
    other = booked_meeting(user, start=START)
    host, _token, _visit = host_came(other, user, at=START)
    guest_came(other, at=START, let_in_by=host)
    return user


def ended(meeting: Meeting) -> CallRecord:
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=clock.now())
    services.record_call(room_uuid=meeting.uuid, is_final=True, now=clock.now())
    meeting.refresh_from_db()
    return CallRecord.objects.get(room_uuid=meeting.uuid)


def test_the_doctor_pressed_in_vain(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    host, _token, _visit = host_came(meeting, doctor, at=START)
    guest, _token, _visit = guest_came(meeting, at=START)
    with pytest.raises(HubFull):
        rooms.admit(room_id=meeting.room_id, seat_key=guest.key, by_seat_id=host.pk, now=START)
    record = ended(meeting)
    assert (record.outcome, record.cause, record.confidence) == ("technical_failure", "hub_full", "high")
    assert record.evidence == ["hub_full"]
    assert cause_sentence(meeting) == "Sandsynlig årsag: der var ikke plads til flere samtaler i VDX."


def test_the_doctor_never_got_in(doctor: User) -> None:
    meeting = booked_meeting(doctor, start=START)
    guest, _token, _visit = guest_came(meeting, at=START)
    with pytest.raises(HubFull):
        rooms.enter_and_admit(
            room_id=meeting.room_id, seat_key=guest.key, user=doctor, device_kind=DeviceKind.BROWSER, now=START
        )
    record = ended(meeting)
    assert (record.outcome, record.cause) == ("technical_failure", "hub_full")


def test_a_call_that_began_later_failed_by_nothing_of_the_kind(doctor: User, settings: LazySettings) -> None:
    meeting = booked_meeting(doctor, start=START)
    host, _token, visit = host_came(meeting, doctor, at=START)
    guest, _token, other = guest_came(meeting, at=START)
    with pytest.raises(HubFull):
        rooms.admit(room_id=meeting.room_id, seat_key=guest.key, by_seat_id=host.pk, now=START)
    settings.VDX_CAPACITY = 2
    rooms.admit(room_id=meeting.room_id, seat_key=guest.key, by_seat_id=host.pk, now=START)
    assert Seat.objects.get(pk=guest.pk).state == SeatState.ADMITTED
    kept_alive([visit, other], until=clock.now())
    assert ended(meeting).cause == "unknown"
