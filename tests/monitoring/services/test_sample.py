"""Quality samples: raw for a while, sums for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from monitoring import services
from monitoring.models import CallRecord, DeviceQuality, DeviceRecord, DeviceStay, QualitySample
from rooms.enums import DeviceKind, SeatRole
from rooms.signals import quality_sampled
from tests.factories.monitoring import CallRecordFactory

pytestmark = [pytest.mark.django_db, pytest.mark.service]

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROOM = uuid4()
SEAT = "0123456789ab"


def add(**measures: object) -> QualitySample | None:
    return services.add_sample(room_uuid=ROOM, seat_key=SEAT, measures=measures, now=NOW)


def test_a_sample_is_kept_raw_and_added_to_the_sums() -> None:
    add(rttMs=30, packetsReceived=250, packetsLost=2, jitterMs=4, framesPerSecond=25, pair="host/host/udp")
    add(rttMs=50, packetsReceived=240, packetsLost=0, freezeCount=1, freezeSeconds=0.5, pair="relay/relay/udp")

    assert list(QualitySample.objects.order_by("pk").values_list("at", "measures__rttMs")) == [(NOW, 30), (NOW, 50)]
    quality = DeviceQuality.objects.get(room_uuid=ROOM, seat_key=SEAT)
    assert (quality.samples, quality.packets_received, quality.packets_lost) == (2, 490, 2)
    assert (quality.rtt_ms_sum, quality.rtt_samples) == (80, 2)
    assert (quality.jitter_ms_sum, quality.jitter_samples) == (4, 1)
    assert (quality.fps_sum, quality.fps_samples) == (25, 1)
    assert (quality.freezes, quality.freeze_seconds) == (1, 0.5)
    assert quality.candidate_pair == "relay/relay/udp"


def test_seconds_without_media_are_added_up() -> None:
    add(withoutMediaSeconds=2.5)
    add(rttMs=30)
    add(withoutMediaSeconds=0.3)

    assert DeviceQuality.objects.get().seconds_without_media == pytest.approx(2.8)


def test_a_sample_that_comes_after_the_record_is_in_it_too() -> None:
    call = CallRecordFactory.create(room_uuid=ROOM)
    other = CallRecordFactory.create()
    add(withoutMediaSeconds=2.5)
    add(withoutMediaSeconds=1.7)

    call.refresh_from_db()
    other.refresh_from_db()
    assert (call.seconds_without_media, other.seconds_without_media) == (4, 0)


def test_a_device_that_fared_better_does_not_change_the_record() -> None:
    CallRecordFactory.create(room_uuid=ROOM, seconds_without_media=9)

    add(withoutMediaSeconds=8.9)

    assert CallRecord.objects.get().seconds_without_media == 9


def test_what_no_document_names_is_not_kept() -> None:
    add(rttMs=30, address="192.0.2.7", pair="192.0.2.7/host/udp", candidate="candidate:1 1 udp 1 192.0.2.7 9 typ host")

    assert QualitySample.objects.get().measures == {"rttMs": 30}
    assert DeviceQuality.objects.get().candidate_pair == ""


def test_a_sample_of_no_use_leaves_no_trace() -> None:
    assert add(name="Karen") is None
    assert not QualitySample.objects.exists()
    assert not DeviceQuality.objects.exists()


def test_a_sample_told_by_a_room_is_kept(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        quality_sampled.tell(room_uuid=ROOM, seat_key=SEAT, measures={"rttMs": 30})

    assert QualitySample.objects.get().seat_key == SEAT


def test_raw_samples_are_deleted_after_14_days_and_the_sums_stay() -> None:
    add(rttMs=30)
    QualitySample.objects.update(at=NOW - timedelta(days=14))
    add(rttMs=50)

    assert services.forget_samples(now=NOW) == 0
    assert services.forget_samples(now=NOW + timedelta(seconds=1)) == 1
    assert QualitySample.objects.get().measures == {"rttMs": 50}
    assert DeviceQuality.objects.get().samples == 2


def test_details_are_deleted_after_five_years_and_the_counts_stay() -> None:
    old = CallRecordFactory.create(recorded_at=NOW - timedelta(days=5 * 365, seconds=1))
    new = CallRecordFactory.create(recorded_at=NOW - timedelta(days=5 * 365))
    for call in (old, new):
        device = DeviceRecord.objects.create(call=call, seat_key=SEAT, kind=DeviceKind.BROWSER, role=SeatRole.HOST)
        DeviceStay.objects.create(device=device, joined_at=call.started_at, left_at=call.ended_at)
        services.add_sample(room_uuid=call.room_uuid, seat_key=SEAT, measures={"rttMs": 30}, now=NOW)

    services.forget_details(now=NOW)

    assert not old.devices.exists()
    assert not DeviceQuality.objects.filter(room_uuid=old.room_uuid).exists()
    assert DeviceStay.objects.get().device.call == new
    assert DeviceQuality.objects.get().room_uuid == new.room_uuid
    old.refresh_from_db()
    assert old.seconds_together == 600
