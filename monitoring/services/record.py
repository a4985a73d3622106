"""Writing down what happened in a room, and judging how the meeting ended."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from booking import queries as booking_queries
from booking import services as booking_services
from monitoring.models import CallRecord, CallStretch, DeviceQuality, DeviceRecord, DeviceStay
from monitoring.rules.quality import whole_seconds
from monitoring.rules.together import Stay, merged, span, stretches_together
from monitoring.rules.together import whole_seconds as seconds_of
from monitoring.services.judge import judgement
from monitoring.services.months import mark_months
from rooms import queries as rooms_queries
from rooms.enums import DeviceKind
from rooms.queries import CallFacts, DeviceFacts
from vdx.lib.errors import NotFound

log = logging.getLogger(__name__)

# Rooms that one query is asked about: a database takes no list of any length.
_AT_ONCE = 1000
# So long after a room has closed, what belongs to it is judged with the rest: what pages kept back has come by then.
STILL_JUDGED = timedelta(hours=1)


@transaction.atomic
def record_call(*, room_uuid: UUID, is_final: bool, now: datetime) -> CallRecord:
    """Write the record of a room as it stands now, and on the final one judge the meeting's outcome.

    Safe to do again: the same facts give the same row, and devices and stays are replaced as a whole. What was
    copied of the meeting stays when the meeting is deleted afterwards. Outcome and cause are judged when the
    record becomes final; a person's word on the outcome stands above it. Raises ``vdx.lib.errors.NotFound``
    where there is no such room.
    """
    record = CallRecord.objects.select_for_update().filter(room_uuid=room_uuid).first()
    if record is None:
        facts = rooms_queries.call_facts(room_uuid)
        CallRecord.objects.get_or_create(
            room_uuid=room_uuid,
            defaults={"organisation_id": facts.organisation_id, "booked": False, "instant": False, "recorded_at": now},
        )
        record = CallRecord.objects.select_for_update().get(room_uuid=room_uuid)
    # Read again now that the row is ours: whoever held it before may have read later facts than those above.
    facts = rooms_queries.call_facts(room_uuid)
    before = _place_of(record)
    _copy_meeting(record, facts)
    # A seat whose page never connected took no part.
    came = [device for device in facts.devices if device.stays]
    devices = [device.stays for device in came]
    stretch = span(devices)
    record.organisation_id = facts.organisation_id
    record.started_at, record.ended_at = stretch or (None, None)
    stretches = stretches_together(devices)
    record.seconds_together = seconds_of(stretches)
    record.device_count = len(came)
    record.app_count = sum(device.kind == DeviceKind.APP for device in came)
    # Never less than before: a sample may have raised it, and the samples' sums are forgotten before the record.
    record.seconds_without_media = max(record.seconds_without_media, _seconds_without_media(room_uuid))
    record.close_reason = facts.close_reason
    was_final = record.is_final
    record.is_final = is_final or facts.closed_at is not None
    record.recorded_at = now
    record.save()
    _replace_devices(record, came)
    _replace_stretches(record, stretches)
    mark_months([before, _place_of(record)])
    if record.is_final and not was_final:
        _judge(record, facts, now)
    return record


@transaction.atomic
def judge_again(*, room_uuid: UUID, now: datetime) -> None:
    """Judge a room once more: something that belongs to it came after it was judged. What a person said stands.

    Only in the first hour: later on, the facts of the first judgement are going.
    """
    record = CallRecord.objects.select_for_update().filter(room_uuid=room_uuid, is_final=True).first()
    if record is None:
        return
    try:
        facts = rooms_queries.call_facts(room_uuid)
    except NotFound:
        # Deleted since: nobody asks any more.
        return
    if facts.closed_at is not None and now - facts.closed_at > STILL_JUDGED:
        return
    mark_months([_place_of(record)])
    _judge(record, facts, now)


@transaction.atomic
def take_over_outcome(*, room_uuid: UUID) -> None:
    """Let the record say what a person has said of how the meeting ended. Safe to do twice.

    A record that is not final yet hears it when it is judged.
    """
    record = CallRecord.objects.select_for_update().filter(room_uuid=room_uuid, is_final=True).first()
    said = booking_queries.said_outcome(room_uuid)
    if record is None or said is None or record.outcome == said:
        return
    record.outcome = said
    record.save(update_fields=["outcome"])
    mark_months([_place_of(record)])


def record_missing(*, since: datetime, now: datetime) -> int:
    """Write the final record of every room closed since a moment that has none, and say how many were written.

    Catches what a lost message or a killed process left out. Each room is a transaction of its own, and one that
    fails stops no other.
    """
    closed = rooms_queries.rooms_closed_since(since)
    missing = [room_uuid for start in range(0, len(closed), _AT_ONCE) for room_uuid in _without(closed, start)]
    written = 0
    for room_uuid in missing:
        try:
            record_call(room_uuid=room_uuid, is_final=True, now=now)
            written += 1
        except Exception:
            log.exception("the record of room %s could not be written", room_uuid)
    return written


def _without(closed: list[UUID], start: int) -> list[UUID]:
    """Of the next so many rooms, those that have no final record."""
    some = closed[start : start + _AT_ONCE]
    final = CallRecord.objects.filter(is_final=True, room_uuid__in=some)
    known = set(final.values_list("room_uuid", flat=True))
    return [room_uuid for room_uuid in some if room_uuid not in known]


def _seconds_without_media(room_uuid: UUID) -> int:
    """Whole seconds for which the device that fared worst missed somebody.

    The worst, not the sum: when a line breaks both ends miss each other, and the one that was cut off for good never
    says so, while its counterpart does.
    """
    worst = DeviceQuality.objects.filter(room_uuid=room_uuid).aggregate(worst=Max("seconds_without_media"))["worst"]
    return whole_seconds(worst or 0)


def _place_of(record: CallRecord) -> tuple[int, datetime | None]:
    """Whose month a call is counted in, and by which moment."""
    return record.organisation_id, record.started_at or record.starts_at


def _copy_meeting(record: CallRecord, facts: CallFacts) -> None:
    meeting = booking_queries.meeting_facts([record.room_uuid]).get(record.room_uuid)
    if meeting is not None:
        record.booked = True
        record.meeting_uuid = meeting.meeting_uuid
        record.instant = meeting.instant
        record.is_test = meeting.is_test
        record.starts_at = meeting.start_time
    elif not record.booked:
        record.starts_at = facts.starts_at


def _replace_devices(record: CallRecord, came: list[DeviceFacts]) -> None:
    DeviceRecord.objects.filter(call=record).delete()
    devices = DeviceRecord.objects.bulk_create(
        DeviceRecord(
            call=record,
            seat_key=device.seat_key,
            kind=device.kind,
            role=device.role,
            waited_seconds=device.waited,
        )
        for device in came
    )
    DeviceStay.objects.bulk_create(
        DeviceStay(device=row, joined_at=joined, left_at=left)
        for row, device in zip(devices, came, strict=True)
        for joined, left in merged(device.stays)
    )


def _replace_stretches(record: CallRecord, stretches: list[Stay]) -> None:
    CallStretch.objects.filter(call=record).delete()
    CallStretch.objects.bulk_create(
        CallStretch(call=record, began_at=began, ended_at=ended) for began, ended in stretches
    )


def _judge(record: CallRecord, facts: CallFacts, now: datetime) -> None:
    outcome, found, poor = judgement(record, facts)
    record.outcome, record.is_poor = outcome or "", poor
    record.cause, record.confidence, record.evidence = found.cause, found.confidence, list(found.evidence)
    if outcome is not None and record.booked:
        booking_services.record_outcome(
            room_uuid=record.room_uuid, outcome=outcome, now=now, cause=found.cause, confidence=found.confidence
        )
        # A person's word stands above the judgement, in the numbers as well.
        record.outcome = booking_queries.said_outcome(record.room_uuid) or outcome
    record.save(update_fields=["outcome", "is_poor", "cause", "confidence", "evidence"])
