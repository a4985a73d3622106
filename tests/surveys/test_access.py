"""The postcard's door: a token opens it, and no request is needed to say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from rooms.models import Seat
from surveys import access
from surveys.access import HostSeat
from tests.factories.accounts import member
from tests.factories.monitoring import booked_meeting, guest_came, held_call, host_came
from vdx.accounts.models import User
from vdx.lib.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.service]

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def seat(code: str, token: str | None, *, user: User | None = None, now: datetime = START) -> HostSeat:
    return access.host_seat(
        code, token=token, user=user or AnonymousUser(), cookie="browser", address="192.0.2.1", now=now
    )


def test_the_hosts_token_opens_the_hosts_seat() -> None:
    doctor = member()
    meeting = booked_meeting(doctor, start=START)
    host, token, _ = host_came(meeting, doctor, at=START)

    found = seat(meeting.short_id, token)

    assert found == HostSeat(meeting.room.uuid, host.key, meeting.organisation_id, None, False)


def test_neither_a_guest_nor_a_host_of_another_room_gets_in() -> None:
    doctor = member()
    meeting, elsewhere = booked_meeting(doctor, start=START), booked_meeting(doctor, start=START)
    _, others, _ = host_came(elsewhere, doctor, at=START)
    _, guests, _ = guest_came(meeting, at=START)

    for token in (None, "", "unknown", guests, others):
        with pytest.raises(NotFound):
            seat(meeting.short_id, token)


def test_the_doctor_who_was_there_gets_in_by_login_from_another_browser() -> None:
    doctor, colleague = member(), member()
    meeting, _ = held_call(doctor, start=START, minutes=10)
    key = Seat.objects.get(room=meeting.room, role="host").key

    assert seat(meeting.short_id, None, user=doctor).seat_key == key
    for other in (colleague, member(organisation=meeting.organisation)):
        with pytest.raises(NotFound):
            seat(meeting.short_id, None, user=other)


def test_a_login_that_may_host_there_no_more_finds_nothing() -> None:
    doctor = member()
    meeting, _ = held_call(doctor, start=START, minutes=10)
    doctor.memberships.update(ended_at=START)

    with pytest.raises(NotFound):
        seat(meeting.short_id, None, user=doctor)


def test_a_week_later_it_is_too_late() -> None:
    meeting, token = held_call(member(), start=START, minutes=10)
    last = START + timedelta(days=7, minutes=10)

    assert seat(meeting.short_id, token, now=last).closed_at == START + timedelta(minutes=10)
    with pytest.raises(NotFound):
        seat(meeting.short_id, token, now=last + timedelta(seconds=1))
