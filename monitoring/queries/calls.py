"""Calls one by one, as anonymous as they are: for those who look into a month, or into what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from booking.enums import Cause, Confidence, Outcome
from monitoring.models import CallRecord, CallStretch, DeviceQuality, DeviceRecord
from monitoring.queries import counting
from monitoring.queries.months import MonthScope
from monitoring.rules.kind import CallKind, kind_of
from monitoring.rules.mos import mos
from rooms.enums import DeviceKind, SeatRole

#: Calls on one page.
PAGE = 50


@dataclass(frozen=True)
class CallLine:
    """A call in a list. ``moment``: when the first device came, or what it was booked for where nobody did."""

    pk: int
    moment: datetime
    came: bool
    kind: CallKind | None
    devices: int
    seconds: int
    outcome: Outcome | None
    cause: Cause | None


@dataclass(frozen=True)
class CallPage:
    """Some calls of a list, the newest first, and how many there are on all pages."""

    lines: list[CallLine]
    count: int
    page: int
    pages: int


def calls(scope: MonthScope, *, kind: CallKind | None = None, page: int = 1) -> CallPage:
    """The calls that the sums of a scope are made of, test ones left out; of one kind, those held. Two queries.

    ``page`` counts from 1; one that is not there is the nearest that is.
    """
    found = CallRecord.objects.filter(pk__in=_within(scope), is_test=False)
    if kind is not None:
        consultation = Q(booked=True, device_count=2)
        found = found.filter(
            consultation if kind == CallKind.CONSULTATION else ~consultation,
            device_count__gte=2,
            seconds_together__gte=1,
        )
    count = found.count()
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    ordered = found.annotate(moment=Coalesce("started_at", "starts_at")).order_by("-moment", "-pk")
    return CallPage([_line(call) for call in ordered[(page - 1) * PAGE : page * PAGE]], count, page, pages)


def _within(scope: MonthScope) -> RawSQL:
    """The ids of the calls that lie in the scope's stretches, by the moment that each is counted by."""
    rows = counting.stretch_rows(scope.stretches)
    select = "SELECT c.id FROM stretch JOIN monitoring_callrecord c ON c.organisation_id = stretch.organisation"
    return RawSQL(  # noqa: S611  # every part of it is ours
        f"WITH stretch AS ({counting.stretch_table()}) {select}"
        " AND c.started_at >= stretch.begins AND c.started_at < stretch.ends"
        f" UNION ALL {select} AND c.started_at IS NULL"
        " AND c.starts_at >= stretch.begins AND c.starts_at < stretch.ends",
        [rows],
    )


@dataclass(frozen=True)
class DeviceLine:
    """A device of a call. ``role``: None where nobody knows. ``minutes`` are whole; ``mos`` is calculated.

    Where nothing was measured the numbers are None: telephones and video systems tell nothing.
    """

    role: SeatRole | None
    kind: DeviceKind
    browser: str
    system: str
    seconds: int
    times: int
    waited: int | None
    to_picture: float | None
    mos: float | None
    loss: float | None
    rtt_ms: float | None
    jitter_ms: float | None
    freezes: int | None
    way: str


@dataclass(frozen=True)
class CallDetail:
    """One call. ``stretches``: from when to when at least two devices were there."""

    line: CallLine
    organisation_id: int
    is_poor: bool
    confidence: Confidence | None
    evidence: list[str]
    stretches: list[tuple[datetime, datetime]]
    devices: list[DeviceLine]


def call_detail(call: CallRecord) -> CallDetail:
    """Everything that is kept of a call, by which nobody can be told. Four queries."""
    quality = {row.seat_key: row for row in DeviceQuality.objects.filter(room_uuid=call.room_uuid)}
    rows = DeviceRecord.objects.filter(call=call).prefetch_related("stays").order_by("pk")
    stretches = CallStretch.objects.filter(call=call).order_by("began_at")
    return CallDetail(
        line=_line(call),
        organisation_id=call.organisation_id,
        is_poor=call.is_poor,
        confidence=Confidence(call.confidence) if call.confidence else None,
        evidence=list(call.evidence),
        stretches=list(stretches.values_list("began_at", "ended_at")),
        devices=[_device(row, quality.get(row.seat_key)) for row in rows],
    )


def _line(call: CallRecord) -> CallLine:
    moment = call.started_at or call.starts_at
    if moment is None:
        raise ValueError("a call without a moment lies in no month")
    return CallLine(
        pk=call.pk,
        moment=moment,
        came=call.started_at is not None,
        kind=kind_of(booked=call.booked, device_count=call.device_count, seconds_together=call.seconds_together),
        devices=call.device_count,
        seconds=call.seconds_together,
        outcome=Outcome(call.outcome) if call.outcome else None,
        cause=Cause(call.cause) if call.cause and call.cause != Cause.NONE else None,
    )


def _device(row: DeviceRecord, measured: DeviceQuality | None) -> DeviceLine:
    stays = list(row.stays.all())
    seconds = int(sum((stay.left_at - stay.joined_at).total_seconds() for stay in stays))
    loss = rtt = jitter = None
    if measured is not None:
        packets = measured.packets_received + measured.packets_lost
        loss = measured.packets_lost / packets if packets else None
        rtt = measured.rtt_ms_sum / measured.rtt_samples if measured.rtt_samples else None
        jitter = measured.jitter_ms_sum / measured.jitter_samples if measured.jitter_samples else None
    known = loss is not None and rtt is not None and jitter is not None
    return DeviceLine(
        role=SeatRole(row.role) if row.role else None,
        kind=DeviceKind(row.kind),
        browser=measured.browser if measured else "",
        system=measured.system if measured else "",
        seconds=seconds,
        times=len(stays),
        waited=row.waited_seconds,
        to_picture=measured.seconds_to_picture if measured else None,
        mos=mos(loss=loss or 0, rtt_ms=rtt or 0, jitter_ms=jitter or 0) if known else None,
        loss=loss,
        rtt_ms=rtt,
        jitter_ms=jitter,
        freezes=measured.freezes if measured else None,
        way=measured.candidate_pair if measured else "",
    )
