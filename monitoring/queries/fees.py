"""What the period's calls are paid with, and what else it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from booking.enums import Outcome
from monitoring.models import Cost, Fee
from monitoring.queries import counting
from monitoring.rules import fees
from monitoring.rules.fees import FeeCalls, Paid, Rate
from monitoring.rules.regions import order
from vdx.lib.clock import day_bounds

# A booked consultation that came to nothing, through nobody's choice or the patient's.
_NOT_CARRIED_OUT = (Outcome.TECHNICAL_FAILURE, Outcome.NO_SHOW_PATIENT)


@dataclass(frozen=True)
class CostLine:
    """What was entered for the period. ``region`` is empty for the whole country; the amount is whole øre."""

    region: str
    item: str
    quantity: Decimal
    unit: str
    amount_ore: int


def rates() -> list[Rate]:
    """Every fee, in the report's order. One query."""
    rows = Fee.objects.order_by("practice_kind", "kind", "valid_from", "pk")
    found = [
        Rate(
            region=row.region,
            practice_kind=row.practice_kind,
            kind=row.kind,
            rule=row.rule,
            amount=row.amount_ore,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            module_minutes=row.module_minutes or 0,
            most_modules=row.most_modules,
            quantity=row.quantity,
        )
        for row in rows
    ]
    return sorted(found, key=lambda rate: (rate.region == "", order(rate.region)))


def costs(*, first: date, last: date) -> list[CostLine]:
    """What was entered for the days of a period, both included. One query."""
    rows = Cost.objects.filter(day__gte=first, day__lte=last).order_by("day", "pk")
    lines = [CostLine(row.region, row.item, row.quantity, row.unit, row.amount_ore) for row in rows]
    return sorted(lines, key=lambda line: (line.region == "", order(line.region)))


def honoraria(*, first: date, last: date) -> list[Paid]:
    """What each pilot practice gets for its calls in a period, and for signing up in it. A constant number of queries.

    How the meeting ended decides where that is known: one that failed, or to which the patient did not come, is not
    carried out, however long two devices were there.
    """
    scope = counting.scope(first=first, last=last)
    known = rates()
    days = fees.changes(known, first, last)
    joined = [
        (practice.pk, practice.kind, practice.region, practice.signed_up)
        for practice in scope.practices
        if first <= practice.signed_up <= last
    ]
    return [*fees.pay(_calls(scope, days), known), *fees.pay_signing_up(joined, known)]


def _calls(scope: counting.Scope, days: list[date]) -> list[FeeCalls]:
    if not scope.stretches:
        return []
    moment = "COALESCE(c.started_at, c.starts_at)"
    since, starts = counting.section(moment, [day_bounds(day)[0] for day in days[1:]])
    failed = ", ".join(f"'{outcome.value}'" for outcome in _NOT_CARRIED_OUT)
    kind = (
        f"CASE WHEN c.booked AND c.outcome IN ({failed}) THEN 'not_carried_out'"
        f" WHEN {counting.CONSULTATION} THEN 'consultation' WHEN {counting.CONFERENCE} THEN 'conference' END"
    )
    sql = (
        f"WITH stretch AS ({counting.stretch_table()})"  # noqa: S608  # every part of it is ours
        f" SELECT stretch.number, {since} AS since, {kind} AS kind, c.seconds_together / 60 AS filled,"
        f" (c.seconds_together + 59) / 60 AS begun, COUNT(*)"
        f" FROM monitoring_callrecord c {counting.join(moment)} GROUP BY 1, 2, 3, 4, 5"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [counting.as_json(scope.stretches), *starts, *counting.bounds(scope.first, scope.last)])
        rows = sorted(row for row in cursor.fetchall() if row[2] is not None)
    return [
        FeeCalls(
            practice=scope.stretches[number].practice,
            practice_kind=scope.kinds[scope.stretches[number].practice],
            region=scope.names[scope.stretches[number].region],
            day=days[since],
            kind=kind,
            whole=filled,
            begun=begun,
            calls=calls,
        )
        for number, since, kind, filled, begun, calls in rows
    ]
