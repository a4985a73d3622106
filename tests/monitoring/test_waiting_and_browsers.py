"""What is kept of waiting, browsers and first pictures, and that the month tables say the same as the facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from monitoring import services
from monitoring.models import CallRecord, DeviceQuality, DeviceRecord
from monitoring.queries.months import WordSum, month_scope, month_words
from rooms import services as rooms
from rooms.enums import CloseReason
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.monitoring import CallRecordFactory, booked_meeting, guest_came, host_came, kept_alive
from vdx.accounts.enums import Role

pytestmark = [pytest.mark.django_db, pytest.mark.service]

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)


def words() -> list[WordSum]:
    scope = month_scope(organisation_ids=None, first=NOVEMBER, last=NOVEMBER)
    return [word for word in month_words(scope) if word.about in {"wait", "browser", "system", "picture"}]


def test_the_tables_say_what_the_facts_say() -> None:
    practice = OrganisationFactory.create(kind="general")
    for number in range(3):
        call = CallRecordFactory.create(organisation=practice, started_at=NINE)
        DeviceRecord.objects.create(call=call, seat_key="host", kind="browser", role="host")
        DeviceRecord.objects.create(
            call=call, seat_key="guest", kind="browser", role="guest", waited_seconds=59 + 300 * number
        )
        DeviceQuality.objects.create(
            room_uuid=call.room_uuid, seat_key="guest", browser="Safari", system="iOS", seconds_to_picture=1.9 + number
        )
        DeviceQuality.objects.create(room_uuid=call.room_uuid, seat_key="host")
    # Nobody met: no device of that call is counted.
    alone = CallRecordFactory.create(organisation=practice, started_at=NINE, device_count=1, seconds_together=0)
    DeviceRecord.objects.create(call=alone, seat_key="guest", kind="browser", role="guest", waited_seconds=9)

    from_facts = words()
    services.count_all(now=NINE)

    assert from_facts == words()
    assert {(word.about, word.word): word.total for word in from_facts} == {
        ("wait", "60"): 1,
        ("wait", "600"): 1,
        ("wait", "900"): 1,
        ("browser", "Safari"): 3,
        ("system", "iOS"): 3,
        ("picture", "2"): 1,
        ("picture", "3"): 1,
        ("picture", "5"): 1,
    }


def test_a_sample_tells_the_browser_and_the_first_picture_once() -> None:
    room = uuid4()
    for measures in (
        {"rttMs": 20, "browser": "Safari", "system": "iOS", "linkToPictureSeconds": 2.5},
        {"rttMs": 20, "browser": "Firefox", "system": "andet", "linkToPictureSeconds": 9},
        {"rttMs": 20, "browser": "Geheim 1.2.3", "system": "10.0.0.1"},
    ):
        services.add_sample(room_uuid=room, seat_key="guest", measures=measures, now=NINE)

    row = DeviceQuality.objects.get(room_uuid=room)
    assert (row.browser, row.system, row.seconds_to_picture) == ("Firefox", "andet", 2.5)


def test_what_the_hub_saw_of_the_machine_makes_no_sample_by_itself() -> None:
    assert services.add_sample(
        room_uuid=uuid4(), seat_key="guest", measures={"browser": "Safari", "system": "iOS"}, now=NINE
    ) is None  # fmt: skip


def test_the_record_keeps_how_long_a_guest_waited() -> None:
    doctor = member(Role.DOCTOR, OrganisationFactory.create())
    meeting = booked_meeting(doctor, start=NINE)
    guest, _token, waiting = guest_came(meeting, at=NINE)
    host, _token, hosting = host_came(meeting, doctor, at=NINE + timedelta(seconds=15))
    rooms.admit(room_id=meeting.room_id, seat_key=guest.key, by_seat_id=host.pk, now=NINE + timedelta(seconds=18))
    kept_alive([waiting, hosting], until=NINE + timedelta(seconds=30))
    rooms.close_room(
        room_id=meeting.room_id, reason=CloseReason.ENDED, now=NINE + timedelta(seconds=30), by_seat=host.pk
    )
    services.record_call(room_uuid=meeting.uuid, is_final=True, now=NINE + timedelta(seconds=31))

    call = CallRecord.objects.get(room_uuid=meeting.uuid)
    assert dict(call.devices.values_list("role", "waited_seconds")) == {"host": None, "guest": 18}
