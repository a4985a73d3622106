"""What monitoring does when others tell a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from booking.signals import meeting_concluded
from monitoring import metrics, services, tasks
from monitoring.models_capacity import CapacityLevel
from monitoring.rules.quality import LINK_TO_PICTURE
from monitoring.services.record import take_over_outcome
from rooms.signals import call_ended, call_refused, capacity_passed, quality_sampled, trouble_reported
from vdx.lib import clock


@receiver(call_ended, dispatch_uid="monitoring.record_call")
def record_call(*, room_uuid: UUID, is_final: bool, **kwargs: Any) -> None:
    """Write down what happened in the room."""
    services.record_call(room_uuid=room_uuid, is_final=is_final, now=clock.now())


@receiver(meeting_concluded, dispatch_uid="monitoring.take_over_outcome")
def take_over(*, room_uuid: UUID, **kwargs: Any) -> None:
    """What a person says of how it ended counts in every number."""
    take_over_outcome(room_uuid=room_uuid)


@receiver(quality_sampled, dispatch_uid="monitoring.add_sample")
def add_sample(*, room_uuid: UUID, seat_key: str, measures: Mapping[str, object], **kwargs: Any) -> None:
    """Keep how well it worked over the last seconds."""
    sample = services.add_sample(room_uuid=room_uuid, seat_key=seat_key, measures=measures, now=clock.now())
    if sample is not None and LINK_TO_PICTURE in sample.measures:
        metrics.note_link_to_picture(sample.measures[LINK_TO_PICTURE])


@receiver(trouble_reported, dispatch_uid="monitoring.add_trouble")
def add_trouble(*, room_uuid: UUID, seat_key: str | None, side: str, what: str, detail: str, **kwargs: Any) -> None:
    """Keep what went wrong."""
    services.add_trouble(room_uuid=room_uuid, seat_key=seat_key, side=side, what=what, detail=detail, now=clock.now())


@receiver(capacity_passed, dispatch_uid="monitoring.warn_of_grace")
def warn_of_grace(**kwargs: Any) -> None:
    """Staff hear that the hub is above its capacity."""
    _warn(CapacityLevel.GRACE)


@receiver(call_refused, dispatch_uid="monitoring.warn_of_full")
def warn_of_full(**kwargs: Any) -> None:
    """Staff hear that calls are refused."""
    _warn(CapacityLevel.FULL)


def _warn(level: CapacityLevel) -> None:
    if services.watch_capacity(now=clock.now(), passed=level):
        tasks.capacity_mails.delay()
