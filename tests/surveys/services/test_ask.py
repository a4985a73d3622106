"""A host who was a device of a call is asked about it, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from rooms import services as rooms
from rooms.enums import CloseReason
from rooms.models import Seat
from surveys import services, tasks
from surveys.models import PostcardCount, PostcardRequest
from surveys.rules.postcard import ANSWER_WITHIN
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.monitoring import booked_meeting, guest_came, held_call, host_came
from vdx.accounts.enums import OrganisationKind
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = START.date()


def test_the_host_is_asked_and_the_guest_is_not() -> None:
    meeting, _ = held_call(member(), start=START)

    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)

    host = Seat.objects.get(room=meeting.room, role="host")
    asked = PostcardRequest.objects.get()
    assert (asked.room_uuid, asked.seat_key, asked.state) == (meeting.room.uuid, host.key, "offered")


def test_asking_again_changes_nothing() -> None:
    meeting, _ = held_call(member(), start=START)
    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)
    PostcardRequest.objects.update(state="complete")

    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)

    assert list(PostcardRequest.objects.values_list("state", flat=True)) == ["complete"]


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


def test_the_flag_goes_when_nobody_can_answer_any_more_and_not_before() -> None:
    meeting, _ = held_call(member(), start=START, minutes=10)
    closed = START + timedelta(minutes=10)
    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)

    assert services.forget_asked(now=closed + ANSWER_WITHIN) == 0
    assert services.forget_asked(now=closed + ANSWER_WITHIN + timedelta(seconds=1)) == 1
    assert not PostcardRequest.objects.exists()


def test_the_flag_of_an_open_room_stays() -> None:
    doctor = member()
    meeting = booked_meeting(doctor, start=START)
    host_came(meeting, doctor, at=START)
    services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)

    assert services.forget_asked(now=START + timedelta(days=30)) == 0


def test_the_flag_of_a_room_that_is_gone_goes() -> None:
    PostcardRequest.objects.create(room_uuid=uuid4(), seat_key="0123456789ab")

    assert services.forget_asked(now=START) == 1


def test_the_sweep_forgets_whom_we_asked() -> None:
    now = clock.now()
    young, old = (held_call(member(), start=now - timedelta(days=days))[0] for days in (6, 8))
    for meeting in (young, old):
        services.ask_hosts(room_uuid=meeting.room.uuid, today=TODAY)

    tasks.sweep()
    tasks.sweep()

    assert PostcardRequest.objects.get().room_uuid == young.room.uuid


def test_asked_and_answered_are_counted_by_week_and_edition_before_the_flags_go() -> None:
    region = OrganisationFactory.create(code="region-syddanmark", kind=OrganisationKind.REGION)
    south = OrganisationFactory.create(parent=region)
    calls = [held_call(member(), start=START)[0] for _ in range(3)]
    for meeting in [*calls, held_call(member(organisation=south), start=START)[0]]:
        services.ask_hosts(room_uuid=meeting.room.uuid, today=date(2026, 11, 25))
    for meeting, state in zip(calls, ("complete", "declined"), strict=False):
        PostcardRequest.objects.filter(room_uuid=meeting.room.uuid).update(state=state)

    for _ in range(2):
        services.forget_asked(now=START + ANSWER_WITHIN + timedelta(days=1))

    assert sorted(PostcardCount.objects.values_list("week", "edition", "asked", "answered", "declined")) == [
        (date(2026, 11, 23), "national", 3, 1, 1),
        (date(2026, 11, 23), "syddanmark", 1, 0, 0),
    ]
