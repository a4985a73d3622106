"""From what is kept of a room to the facts that the rules judge by. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.apps import apps

from booking.enums import Cause, Outcome
from monitoring.models import CallRecord, DeviceQuality, DeviceTest, Trouble
from monitoring.rules import fault, outcome
from monitoring.rules.fault import How, Judgement, Side
from monitoring.rules.outage import Span, gaps, outages
from monitoring.rules.outcome import STOPS, Heard, Seen
from monitoring.rules.quality import is_poor
from monitoring.rules.together import merged, shared
from monitoring.rules.trouble import lasting
from monitoring.services.heard import heard
from rooms.enums import CloseReason, DeviceKind, SeatRole, SeatState
from rooms.enums import Trouble as Word
from rooms.queries import CallFacts, Presence

HOST, GUEST = SeatRole.HOST, SeatRole.GUEST
# A doctor's own test says something of the machine for so long.
TEST_STANDS = timedelta(days=14)
# A room that is closed ends everybody's connection, within this.
SAME_MOMENT = timedelta(seconds=5)
# How a pair of candidates ends (docs/protocol.md) where sound and picture cannot go by UDP.
_DETOURS = ("/tcp", "/tls")


def judgement(record: CallRecord, facts: CallFacts) -> tuple[Outcome | None, Judgement, bool]:
    """The outcome of a room that is closed (None: cancelled), the likeliest cause, and whether the call was poor."""
    troubles = list(Trouble.objects.filter(room_uuid=record.room_uuid).order_by("at", "pk"))
    quality = {row.seat_key: row for row in DeviceQuality.objects.filter(room_uuid=record.room_uuid)}
    got = heard(facts, quality, together=record.seconds_together)
    doctor = _side(HOST, record, facts, troubles, quality, got[0])
    patient = _side(GUEST, record, facts, troubles, quality, got[1])
    seen = _seen(record, facts, got, stopped=_stopped(doctor, patient))
    poor = any(
        is_poor(
            media_seconds=row.media_seconds,
            poor_seconds=row.poor_seconds,
            seconds_without_media=row.seconds_without_media,
            seconds_together=record.seconds_together,
        )
        for row in quality.values()
    )
    how = (How.POOR if poor else How.WELL) if outcome.flowed(seen) and not seen.moved else How.FAILED
    found = fault.attribute(
        fault.Facts(
            how=how,
            doctor=doctor,
            patient=patient,
            together=record.seconds_together,
            at_once=seen.at_once,
            by_server=apps.get_model("media.MediaRoom").objects.filter(room=record.room_uuid).exists(),
        )
    )
    if seen.cancelled:
        return None, Judgement(Cause.NONE, found.confidence), False
    return outcome.judge(seen, found.cause), found, poor


def _stopped(doctor: Side, patient: Side) -> bool:
    """Whether who did not come was kept at the door, by their own machine or by a hub without a free place."""
    sides = (doctor, patient)
    return any(Word.HUB_FULL.value in side.troubles or (not side.came and side.troubles & STOPS) for side in sides)


def _seen(record: CallRecord, facts: CallFacts, got: tuple[Heard | None, Heard | None], *, stopped: bool) -> Seen:
    connected = {role: _connected(facts.presences, role) for role in (HOST, GUEST)}
    start = record.starts_at or facts.starts_at
    guests = [presence for presence in facts.presences if presence.role == GUEST]
    return Seen(
        cancelled=facts.close_reason == CloseReason.CANCELLED,
        moved=facts.close_reason == CloseReason.TELEPHONE,
        host_came=facts.host_came,
        guests_came=facts.guests_waited,
        together=record.seconds_together,
        at_once=shared(connected[HOST], connected[GUEST]),
        refused=bool(guests) and all(presence.state == SeatState.REFUSED for presence in guests),
        stopped=stopped,
        doctor=got[0],
        patient=got[1],
        doctor_late=_late(connected[HOST], start),
        patient_late=_late(connected[GUEST], start),
        doctor_first=bool(connected[HOST] and connected[GUEST]) and connected[HOST][0] < connected[GUEST][0],
        patient_left_first=bool(connected[HOST] and connected[GUEST])
        and connected[HOST][-1][1] - connected[GUEST][-1][1] > SAME_MOMENT,
    )


def _side(
    role: SeatRole,
    record: CallRecord,
    facts: CallFacts,
    troubles: Iterable[Trouble],
    quality: Mapping[str, DeviceQuality],
    got: Heard | None,
) -> Side:
    other = GUEST if role == HOST else HOST
    own = [presence for presence in facts.presences if presence.role == role]
    rows = [quality[presence.seat_key] for presence in own if presence.seat_key in quality]
    told = [trouble for trouble in troubles if trouble.side == role and not _reached(trouble, own)]
    words = lasting((trouble.seat_key, trouble.what) for trouble in told)
    mine, theirs = _connected(facts.presences, role), _connected(facts.presences, other)
    alone, together = outages(_gone(facts.presences, role), _gone(facts.presences, other), theirs)
    # A socket that the page has missed, and that never came back while the room was open.
    said = [int(t.detail) for t in told if t.what == Word.SOCKET_LOST and t.detail.isdigit()]
    received, lost = sum(row.packets_received for row in rows), sum(row.packets_lost for row in rows)
    return Side(
        came=bool(own),
        late=_late(mine, record.starts_at or facts.starts_at),
        troubles=words,
        details=frozenset((trouble.what, trouble.detail) for trouble in told if trouble.detail),
        outage_alone=max(alone, max(said, default=0) if not together else 0.0),
        outage_together=together,
        gets=got.media if got is not None else 0.0,
        samples=sum(row.samples for row in rows),
        loss=lost / (received + lost) if received + lost >= 100 else None,
        rtt_ms=_mean(sum(row.rtt_ms_sum for row in rows), sum(row.rtt_samples for row in rows)),
        slow_sending=_share(sum(row.slow_line_seconds for row in rows), rows),
        slow_device=_share(sum(row.slow_device_seconds for row in rows), rows),
        detour=any(row.candidate_pair.startswith("relay/") and row.candidate_pair.endswith(_DETOURS) for row in rows),
        app=any(presence.kind == DeviceKind.APP for presence in own) or Word.IN_APP.value in words,
        test=_tested(record, facts, role),
    )


def _connected(presences: Iterable[Presence], role: SeatRole) -> list[Span]:
    return merged((c[0], c[1]) for presence in presences if presence.role == role for c in presence.connections)


def _gone(presences: Iterable[Presence], role: SeatRole) -> list[Span]:
    """When sockets of that side were gone while they took part."""
    return [
        gap
        for presence in presences
        if presence.role == role
        for gap in gaps((start, end, page) for start, end, page, took_part in presence.connections if took_part)
    ]


def _late(connected: list[Span], start: datetime | None) -> float:
    return (connected[0][0] - start).total_seconds() if connected and start is not None else 0.0


def _mean(total: float, count: int) -> float | None:
    return total / count if count else None


def _share(seconds: float, rows: Iterable[DeviceQuality]) -> float:
    whole = sum(row.samples for row in rows) * 5
    return seconds / whole if whole else 0.0


def _reached(trouble: Trouble, own: Iterable[Presence]) -> bool:
    """Whether a page that said it did not reach the hub was connected after all, if late."""
    return trouble.what == Word.SOCKET_NEVER and any(
        connection[1] > trouble.at
        for presence in own
        if trouble.seat_key in {"", presence.seat_key}
        for connection in presence.connections
    )


def _tested(record: CallRecord, facts: CallFacts, role: SeatRole) -> frozenset[str]:
    """What that side's newest device test before the end found wrong, in the words of rules/fault.py.

    A patient's is the one made for the room by somebody who was not logged in; a doctor's any of late, by the same
    person.
    """
    tests = DeviceTest.objects.filter(made_at__lte=facts.closed_at or record.recorded_at).order_by("-made_at")
    if role == GUEST:
        test = tests.filter(room_uuid=record.room_uuid, by_user=None).first()
    else:
        people = {presence.user_id for presence in facts.presences if presence.role == HOST} - {None}
        since = (facts.closed_at or record.recorded_at) - TEST_STANDS
        test = tests.filter(by_user__in=people, made_at__gte=since).first() if people else None
    if test is None:
        return frozenset()
    measures = test.measures
    found = {
        f"{name}_{measures[name]}"
        for name in ("camera", "microphone")
        if measures.get(name) in {"refused", "missing", "busy", "failed", "silent"}
    }
    found |= {"speaker"} if measures.get("speaker") == "no" else set()
    found |= {"socket"} if measures.get("socket") == "failed" else set()
    found |= {"udp"} if measures.get("udp") == "failed" else set()
    return frozenset(found | ({"slow"} if test.reason == "slow" else set()))
