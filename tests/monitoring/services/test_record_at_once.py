"""Two messages about one room at the same time give one whole record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from booking.models import Meeting
from monitoring import services
from monitoring.models import CallRecord, DeviceQuality, DeviceRecord, DeviceStay
from tests.factories.accounts import member
from tests.factories.monitoring import held_call

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_one_record_and_one_outcome() -> None:
    meeting, _ = held_call(member(), start=START)
    CallRecord.objects.all().delete()
    Meeting.objects.update(outcome="")

    def write(is_final: bool) -> UUID:
        try:
            return services.record_call(room_uuid=meeting.room.uuid, is_final=is_final, now=START).room_uuid
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(write, [True, False] * 3)) == {meeting.room.uuid}

    call = CallRecord.objects.get()
    assert (call.is_final, call.seconds_together, call.device_count) == (True, 600, 2)
    assert (DeviceRecord.objects.count(), DeviceStay.objects.count()) == (2, 2)
    meeting.refresh_from_db()
    assert meeting.outcome == "carried_out"


def test_samples_at_once_are_all_counted() -> None:
    room = UUID(int=1)

    def add(number: int) -> None:
        try:
            services.add_sample(
                room_uuid=room, seat_key="0123456789ab", measures={"packetsReceived": number}, now=START
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(1, 13)))

    quality = DeviceQuality.objects.get(room_uuid=room)
    assert (quality.samples, quality.packets_received) == (12, 78)


def test_seconds_without_media_and_the_record_at_once() -> None:
    meeting, _ = held_call(member(), start=START)

    def both(number: int) -> None:
        try:
            services.add_sample(
                room_uuid=meeting.room.uuid,
                seat_key=f"seat0000000{number % 2}",
                measures={"withoutMediaSeconds": 1.5},
                now=START,
            )
            services.record_call(room_uuid=meeting.room.uuid, is_final=True, now=START)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(both, range(12)))

    assert sorted(
        DeviceQuality.objects.filter(seat_key__startswith="seat").values_list("seconds_without_media", flat=True)
    ) == [9, 9]
    assert CallRecord.objects.get().seconds_without_media == 9
