"""Keeping how well a device got on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from monitoring.models import CallRecord, DeviceQuality, QualitySample
from monitoring.rules.quality import clean, sums, whole_seconds
from monitoring.services.months import mark_months
from monitoring.services.record import judge_again


@transaction.atomic
def add_sample(
    *, room_uuid: UUID, seat_key: str, measures: Mapping[str, object], now: datetime
) -> QualitySample | None:
    """Keep a sample and add it to its device's aggregates; None where nothing of it may be kept.

    The adding is done by the database, so that two samples at once are both counted. The words of the newest sample
    stand for the device. Seconds without media also reach the call's record where that is written already: the last
    samples of a call and its record race each other.
    """
    kept = clean(measures)
    if not kept:
        return None
    added = sums(kept)
    sample = QualitySample.objects.create(room_uuid=room_uuid, seat_key=seat_key, at=now, measures=kept)
    row, _ = DeviceQuality.objects.get_or_create(room_uuid=room_uuid, seat_key=seat_key)
    DeviceQuality.objects.filter(pk=row.pk).update(
        samples=F("samples") + 1,
        packets_received=F("packets_received") + added.packets_received,
        packets_lost=F("packets_lost") + added.packets_lost,
        jitter_ms_sum=F("jitter_ms_sum") + added.jitter_ms_sum,
        jitter_samples=F("jitter_samples") + added.jitter_samples,
        rtt_ms_sum=F("rtt_ms_sum") + added.rtt_ms_sum,
        rtt_samples=F("rtt_samples") + added.rtt_samples,
        fps_sum=F("fps_sum") + added.fps_sum,
        fps_samples=F("fps_samples") + added.fps_samples,
        freezes=F("freezes") + added.freezes,
        freeze_seconds=F("freeze_seconds") + added.freeze_seconds,
        seconds_without_media=F("seconds_without_media") + added.seconds_without_media,
        media_seconds=F("media_seconds") + added.media_seconds,
        picture_seconds=F("picture_seconds") + added.picture_seconds,
        poor_seconds=F("poor_seconds") + added.poor_seconds,
        slow_device_seconds=F("slow_device_seconds") + added.slow_device_seconds,
        slow_line_seconds=F("slow_line_seconds") + added.slow_line_seconds,
        **{
            name: word
            for name, word in (
                ("candidate_pair", added.candidate_pair),
                ("browser", added.browser),
                ("system", added.system),
            )
            if word
        },
    )
    if added.seconds_to_picture is not None:
        # Of the first time: somebody who opens the link once more knows the way.
        first = DeviceQuality.objects.filter(pk=row.pk, seconds_to_picture=None)
        first.update(seconds_to_picture=added.seconds_to_picture)
    if added.seconds_without_media:
        row.refresh_from_db(fields=["seconds_without_media"])
        seconds = whole_seconds(row.seconds_without_media)
        # Waits for whoever writes the record just now, and only ever adds to it.
        CallRecord.objects.filter(room_uuid=room_uuid, seconds_without_media__lt=seconds).update(
            seconds_without_media=seconds
        )
    final = CallRecord.objects.filter(room_uuid=room_uuid, is_final=True)
    place = final.values_list("organisation", "started_at", "starts_at").first()
    if place is not None:
        organisation, started, booked_for = place
        mark_months([(organisation, started or booked_for)])
        judge_again(room_uuid=room_uuid, now=now)
    return sample
