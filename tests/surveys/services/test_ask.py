"""A host who was a device of a call is asked about it, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from rooms import services as rooms
from rooms.enums import CloseReason
from rooms.models import Seat
from surveys import services, tasks
from surveys.models import PostcardRequest
from tests.factories.accounts import member
from tests.factories.monitoring import booked_meeting, guest_came, held_call
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def test_the_host_is_asked_and_the_guest_is_not() -> None:
    meeting, _ = held_call(member(), start=START)

    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)

    host = Seat.objects.get(room=meeting.room, role="host")
    asked = PostcardRequest.objects.get()
    assert (asked.room_uuid, asked.seat_key, asked.date, asked.answered) == (
        meeting.room.uuid,
        host.key,
        TODAY,
        False,
    )


def test_asking_again_changes_nothing() -> None:
    meeting, _ = held_call(member(), start=START)
    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)
    PostcardRequest.objects.update(answered=True)

    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY + timedelta(days=1))

    assert list(PostcardRequest.objects.values_list("date", "answered")) == [(TODAY, True)]


def test_nobody_is_asked_where_no_host_came() -> None:
    meeting = booked_meeting(member(), start=START)
    guest_came(meeting, at=START)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.EXPIRED, now=START + timedelta(minutes=30))

    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)

    assert not PostcardRequest.objects.exists()


def test_hosts_are_asked_when_the_call_has_ended(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        held_call(member(), start=START)

    assert PostcardRequest.objects.count() == 1


def test_the_daily_task_forgets_whom_we_asked() -> None:
    today = clock.local_date(clock.now())
    for days in (1, 9):
        PostcardRequest.objects.create(
            room_uuid=held_call(member(), start=START)[0].room.uuid,
            seat_key="0123456789ab",
            date=today - timedelta(days=days),
        )

    tasks.daily()
    tasks.daily()

    assert PostcardRequest.objects.get().date == today - timedelta(days=1)
