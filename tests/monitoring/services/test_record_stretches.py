"""When two devices were connected at the same time, and how many came through the app: kept with the call itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from monitoring.models import CallRecord, CallStretch, DeviceRecord, DeviceStay
from monitoring.services import forget_details, record_call
from rooms import services as rooms
from rooms.enums import CloseReason, DeviceKind
from tests.factories.accounts import member
from tests.factories.monitoring import CallRecordFactory, booked_meeting, guest_came, held_call, host_came, kept_alive

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def stretches() -> list[tuple[datetime, datetime]]:
    return list(CallStretch.objects.order_by("began_at").values_list("began_at", "ended_at"))


def test_a_stretch_lasts_while_two_are_there_and_is_written_once() -> None:
    meeting, _ = held_call(member(), start=START, minutes=10)
    for _ in range(2):
        record_call(room_uuid=meeting.uuid, is_final=True, now=minute(11))

    assert stretches() == [(START, minute(10))]


def test_a_patient_alone_in_the_app_is_an_app_device_without_a_stretch() -> None:
    doctor = member()
    meeting = booked_meeting(doctor, start=START)
    host, _, visit = host_came(meeting, doctor, at=START)
    kept_alive([visit], until=minute(1))
    rooms.disconnect(visit_id=visit, now=minute(1))
    _, _, guest = guest_came(meeting, at=minute(2), let_in_by=host, kind=DeviceKind.APP)
    kept_alive([guest], until=minute(5))
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=minute(6), by_seat=host.pk)

    call = record_call(room_uuid=meeting.uuid, is_final=True, now=minute(6))

    assert (call.app_count, call.seconds_together) == (1, 0)
    assert stretches() == []


def test_stretches_stay_when_devices_are_forgotten() -> None:
    meeting, _ = held_call(member(), start=START, minutes=10)
    record_call(room_uuid=meeting.uuid, is_final=True, now=minute(11))

    forget_details(now=minute(0) + timedelta(days=6 * 365))

    assert not DeviceRecord.objects.exists()
    assert stretches() == [(START, minute(10))]


def test_calls_from_before_are_filled_in() -> None:
    call = CallRecordFactory.create(app_count=0)
    for kind, stays in (("browser", [(0, 10)]), ("app", [(1, 3), (5, 12)]), ("app", [(2, 4)])):
        device = DeviceRecord.objects.create(call=call, seat_key=f"s{kind}{stays[0][0]}", kind=kind, role="guest")
        for joined, left in stays:
            DeviceStay.objects.create(device=device, joined_at=minute(joined), left_at=minute(left))

    import_module("monitoring.migrations.0007_fill_stretches_and_apps").fill(apps, None)

    assert stretches() == [(minute(1), minute(4)), (minute(5), minute(10))]
    assert CallRecord.objects.get().app_count == 2
