"""Keeping a device test: judged here, once a key, under a code that can be read aloud, and not for long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from monitoring import queries, services
from monitoring.models import DevicePass, DeviceTest
from tests.factories.accounts import member
from tests.factories.rooms import RoomFactory
from vdx.accounts.models import User
from vdx.lib import clock, ids
from vdx.lib.errors import Conflict

pytestmark = [pytest.mark.django_db, pytest.mark.service]

GOOD = {
    "secure": True, "webrtc": True, "camera": "ok", "microphone": "ok", "socket": "ok", "udp": "ok", "loop": "ok",
    "way": "udp", "lossPercent": 0, "rttMs": 20, "receivedKbps": 900, "framesPerSecond": 25,
}  # fmt: skip


def record(
    key: UUID | None = None,
    *,
    room: UUID | None = None,
    user: User | None = None,
    ago: timedelta = timedelta(),
    **measures: object,
) -> DeviceTest:
    return services.record_device_test(
        key=key or uuid4(),
        measures={**GOOD, **measures},
        room_uuid=room,
        user=user,
        browser="Chrome, Android",
        now=clock.now() - ago,
    )


def test_the_hub_judges_what_the_page_measured() -> None:
    test = record(camera="refused", verdict="ok")

    test.refresh_from_db()
    assert (test.verdict, test.reason) == ("sound_only", "camera_refused")
    assert "verdict" not in test.measures
    assert len(test.code) == 6
    assert set(test.code) <= set(ids.ALPHABET)


def test_the_same_key_is_the_same_test_of_which_more_is_known() -> None:
    key = uuid4()
    first = record(key)
    second = record(key, speaker="no")

    assert DeviceTest.objects.get() == first
    assert second.code == first.code
    assert (second.verdict, second.reason) == ("poor", "speaker")


def test_an_old_key_is_not_written_over() -> None:
    key = uuid4()
    record(key, ago=timedelta(hours=2))

    with pytest.raises(Conflict):
        record(key, camera="refused")

    assert DeviceTest.objects.get().verdict == "ok"


def test_a_key_cannot_be_moved_to_another_meeting_or_person() -> None:
    key = uuid4()
    record(key)

    with pytest.raises(Conflict):
        record(key, room=uuid4())
    with pytest.raises(Conflict):
        record(key, user=member())


def test_the_newest_test_of_a_meeting_is_its_line() -> None:
    room = uuid4()
    assert queries.device_test_of(room) is None
    record(room=room, ago=timedelta(minutes=5))
    newest = record(room=room, camera="missing")
    record(room=uuid4())

    line = queries.device_test_of(room)

    made = clock.local(newest.made_at)
    assert line is not None
    assert (line.code, line.verdict) == (newest.code, "sound_only")
    assert line.line == f"Testet {made.day}.{made.month}. kl. {made.hour}.{made.minute:02d}: kun lyden virker"


def test_a_person_at_work_is_known_with_organisation_and_has_passed_for_good() -> None:
    doctor, other = member(), member()
    test = record(user=doctor, ago=timedelta(days=20))
    record(user=other, camera="refused")

    assert test.organisation == doctor.memberships.get().organisation
    assert queries.user_has_passed(doctor)
    assert not queries.user_has_passed(other)
    services.forget_device_tests(now=clock.now())
    assert queries.user_has_passed(doctor)
    assert queries.passes_of([doctor.pk, other.pk]) == {doctor.pk: DevicePass.objects.get().last_at}


def test_a_later_pass_moves_the_last_one_only() -> None:
    doctor = member()
    record(user=doctor, ago=timedelta(days=2))
    record(user=doctor)

    passed = DevicePass.objects.get()
    assert passed.last_at - passed.first_at > timedelta(days=1)


def test_tests_are_forgotten_fourteen_days_after_themselves_and_their_meeting() -> None:
    now = clock.now()
    ahead = RoomFactory.create(starts_at=now + timedelta(days=3))
    past = RoomFactory.create(starts_at=now - timedelta(days=15))
    long_past = RoomFactory.create(starts_at=now - timedelta(days=16))
    kept = [
        record(ago=timedelta(days=13)),
        record(room=ahead.uuid, ago=timedelta(days=40)),
        record(room=long_past.uuid),
    ]
    record(ago=timedelta(days=15))
    record(room=past.uuid, ago=timedelta(days=30))
    record(room=uuid4(), ago=timedelta(days=15))

    gone = services.forget_device_tests(now=now)

    assert gone == 3
    assert list(DeviceTest.objects.order_by("pk")) == kept


def test_many_meetings_are_one_query(django_assert_num_queries) -> None:
    rooms = [uuid4() for _ in range(3)]
    for room in rooms:
        record(room=room)

    with django_assert_num_queries(1):
        assert set(queries.device_tests_of(rooms)) == set(rooms)
