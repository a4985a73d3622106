"""Who got how much of whom in a call, from the samples of quality. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from monitoring.models import DeviceQuality, QualitySample
from monitoring.rules.outcome import Heard
from monitoring.rules.quality import SAMPLE_SECONDS
from monitoring.rules.together import shared
from rooms.enums import DeviceKind, SeatRole
from rooms.queries import CallFacts, DeviceFacts

# Who looked in for a moment is no party to the conversation: so many seconds, and this share of the time together.
STAYED, STAYED_SHARE = 60, 0.5
_UNMEASURED = frozenset({DeviceKind.ROOM_SYSTEM, DeviceKind.TELEPHONE})


@dataclass(frozen=True)
class _Got:
    media: float
    picture: float
    last: datetime | None = None


def heard(
    facts: CallFacts, quality: Mapping[str, DeviceQuality], *, together: float
) -> tuple[Heard | None, Heard | None]:
    """What the doctor's side got of the guests, and the guests of the doctor; None for a side without a device.

    Each guest who stayed counts for itself, the one who got least for the whole side: an interpreter who heard
    everything does not make up for a patient who heard nothing. Of the doctor's side the device that got most counts,
    and of whomever it got most: a guest with everything switched off is no fault.
    """
    hosts = [device for device in facts.devices if device.role == SeatRole.HOST and device.stays]
    guests = [device for device in facts.devices if device.role == SeatRole.GUEST and device.stays]
    pairs = _pairs(facts.room_uuid, {device.seat_key for device in (*hosts, *guests)})
    doctor = [_of(host, guests, pairs, quality) for host in hosts]
    patient = [_of(guest, hosts, pairs, quality) for guest in _who_stayed(guests, hosts, together)]
    return _best(doctor), _worst(patient)


def _best(side: list[Heard]) -> Heard | None:
    return max(side, key=lambda one: (one.measures, one.media), default=None)


def _worst(side: list[Heard]) -> Heard | None:
    measured = [one for one in side if one.measures]
    if not measured:
        return side[0] if side else None
    worst = min(measured, key=lambda one: one.media)
    # Who chose to do without pictures speaks for nobody else.
    return Heard(worst.media, max(one.picture for one in measured), worst.nothing_at_the_end)


def _who_stayed(guests: list[DeviceFacts], hosts: list[DeviceFacts], together: float) -> list[DeviceFacts]:
    there = [stay for host in hosts for stay in host.stays]
    long = max(STAYED, together * STAYED_SHARE)
    return [guest for guest in guests if shared(guest.stays, there) >= long] or guests


def _of(
    device: DeviceFacts,
    others: Iterable[DeviceFacts],
    pairs: Mapping[tuple[str, str], _Got],
    quality: Mapping[str, DeviceQuality],
) -> Heard:
    """What one device got of the one of the others that it got most of."""
    row = quality.get(device.seat_key)
    if row is None:
        return Heard(measures=device.kind not in _UNMEASURED)
    known = [(other, pairs[device.seat_key, other.seat_key]) for other in others
             if (device.seat_key, other.seat_key) in pairs]  # fmt: skip
    if not known:
        return Heard(row.media_seconds, row.picture_seconds)
    other, got = max(known, key=lambda one: one[1].media)
    end = min(device.stays[-1][1], other.stays[-1][1])
    rest = None if got.last is None else max(0.0, (end - got.last).total_seconds())
    return Heard(got.media, got.picture, rest)


def _pairs(room_uuid: UUID, seats: set[str]) -> dict[tuple[str, str], _Got]:
    """By (who got it, from whom). Only what names the other one, and for as long as samples are kept."""
    flowing = QualitySample.objects.filter(room_uuid=room_uuid, measures__packetsReceived__gt=0)
    rows = flowing.values_list("seat_key", "measures__peer").annotate(
        count=Count("pk"), pictures=Count("pk", filter=Q(measures__framesDecoded__gt=0)), last=Max("at")
    )
    return {
        (seat, peer): _Got(count * SAMPLE_SECONDS, pictures * SAMPLE_SECONDS, last)
        for seat, peer, count, pictures, last in rows
        if peer in seats
    }
