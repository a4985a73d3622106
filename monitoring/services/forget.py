"""Deleting what has been kept long enough (docs/data.md)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from monitoring.models import CallRecord, DeviceQuality, DeviceRecord, QualitySample, Trouble
from monitoring.rules import retention


@transaction.atomic
def forget_samples(*, now: datetime) -> int:
    """Delete raw quality samples and troubles that are too old; aggregates and judgements stay. Says how many went."""
    before = retention.samples_before(now)
    samples, _ = QualitySample.objects.filter(at__lt=before).delete()
    troubles, _ = Trouble.objects.filter(at__lt=before).delete()
    return samples + troubles


@transaction.atomic
def forget_details(*, now: datetime) -> int:
    """Delete devices, stays and quality of calls that are too old; the counts stay. Says how many rows went."""
    old = CallRecord.objects.filter(recorded_at__lt=retention.details_before(now))
    quality, _ = DeviceQuality.objects.filter(room_uuid__in=old.values("room_uuid")).delete()
    devices, _ = DeviceRecord.objects.filter(call__in=old).delete()
    return quality + devices
