"""What the period's calls are paid with, and what else it cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.apps import apps
from django.db import connection
from django.db.models import Min

from booking.enums import Outcome
from monitoring.models import Cost, Fee
from monitoring.queries import counting
from monitoring.rules import fees
from monitoring.rules.business_case import Facts
from monitoring.rules.fees import FeeCalls, Paid, Rate
from monitoring.rules.period import month_of
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


def earliest_money(first_call: date | None) -> date | None:
    """The first month in which anything was paid: for a call, for signing up, or an expense. Two queries."""
    organisations = apps.get_model("accounts.Organisation").objects.filter(is_test=False)
    days = (
        first_call,
        Cost.objects.aggregate(first=Min("day"))["first"],
        organisations.aggregate(first=Min("pilot_from"))["first"],
    )
    return min((month_of(day) for day in days if day is not None), default=None)


def honoraria(
    *,
    first: date,
    last: date,
    pilot: bool = True,
    within: Callable[[int, int | None], bool] | None = None,
    region: str = "",
) -> list[Paid]:
    """What each practice gets for its calls in a period, and for signing up in it. A constant number of queries.

    ``pilot``: pilot practices alone. ``within``: of an organisation and the region it belonged to, and which paid,
    whether that may be seen; None: all may. ``region``: those of one region alone, by its short name.

    How the meeting ended decides where that is known: one that failed, or to which the patient did not come, is not
    carried out, however long two devices were there.
    """
    scope = _within(counting.scope(first=first, last=last, pilot=pilot), within, region)
    known = rates()
    return _paid(scope, _calls(scope, known), known)


def business_facts(*, first: date, last: date, pilot: bool, region: str = "") -> Facts:
    """What video cost in a period, in the country or a region, and what it is compared with.

    Expenses that were entered for the whole country belong to no region. A constant number of queries.
    """
    scope = _within(counting.scope(first=first, last=last, pilot=pilot), None, region)
    known = rates()
    calls = _calls(scope, known)
    paid = _paid(scope, calls, known)

    def count(kind: str) -> int:
        return sum(some.calls for some in paid if some.kind == kind)

    def amount(kind: str) -> int:
        return sum(some.amount for some in paid if some.kind == kind)

    def a_call(kind: str) -> Rate | None:
        return fees.nearest(known, region=region, practice_kind=fees.GENERAL, kind=kind, day=last)

    ordinary, telephone, video = a_call(fees.ORDINARY), a_call(fees.TELEPHONE), a_call(fees.CONSULTATION)
    usual = fees.usual_fee(calls, known, fees.CONSULTATION)
    if usual is None:
        usual = next((rate.amount for rate in (video, ordinary) if rate is not None), 0)
    return Facts(
        consultations=count(fees.CONSULTATION),
        consultations_ore=amount(fees.CONSULTATION),
        unpaid=sum(some.without_agreement for some in paid if some.kind == fees.CONSULTATION),
        conferences=count(fees.CONFERENCE),
        conferences_ore=amount(fees.CONFERENCE),
        not_carried_out=count(fees.NOT_CARRIED_OUT),
        not_carried_out_ore=amount(fees.NOT_CARRIED_OUT),
        practices_signed_up=count(fees.SIGNING_UP),
        signing_up_ore=amount(fees.SIGNING_UP),
        expenses_ore=sum(line.amount_ore for line in costs(first=first, last=last) if region in {"", line.region}),
        usual_fee=usual,
        ordinary=ordinary.amount if ordinary else None,
        telephone=telephone.amount if telephone else None,
        ordinary_since=ordinary.valid_from if ordinary else None,
        telephone_since=telephone.valid_from if telephone else None,
    )


def _paid(scope: counting.Scope, calls: list[FeeCalls], known: list[Rate]) -> list[Paid]:
    joined = [
        (practice.pk, practice.kind, practice.region, practice.signed_up)
        for practice in scope.practices
        if scope.first <= practice.signed_up <= scope.last
    ]
    return [*fees.pay(calls, known), *fees.pay_signing_up(joined, known)]


def _within(scope: counting.Scope, seen: Callable[[int, int | None], bool] | None, region: str) -> counting.Scope:
    regions = {name: pk for pk, name in scope.names.items()}

    def within(organisation: int, place: str) -> bool:
        return (seen is None or seen(organisation, regions[place])) and region in {"", place}

    return replace(
        scope,
        stretches=tuple(some for some in scope.stretches if within(some.organisation, scope.names[some.region])),
        practices=tuple(some for some in scope.practices if within(some.pk, some.region)),
    )


def _calls(scope: counting.Scope, known: list[Rate]) -> list[FeeCalls]:
    if not scope.stretches:
        return []
    days, steps = fees.changes(known, scope.first, scope.last), fees.module_steps(known)
    moment = "COALESCE(c.started_at, c.starts_at)"
    since, starts = counting.section(moment, [day_bounds(day)[0] for day in days[1:]])
    failed = ", ".join(f"'{outcome.value}'" for outcome in _NOT_CARRIED_OUT)
    kind = (
        f"CASE WHEN c.booked AND c.outcome IN ({failed}) THEN 'not_carried_out'"
        f" WHEN {counting.CONSULTATION} THEN 'consultation' WHEN {counting.CONFERENCE} THEN 'conference' END"
    )
    filled = "".join(f" WHEN kind = '{name}' THEN seconds / {60 * step} * {step}" for name, step in steps.items())
    begun = "".join(
        f" WHEN kind = '{name}' THEN (seconds + {60 * step - 1}) / {60 * step} * {step}" for name, step in steps.items()
    )
    sql = (
        f"WITH stretch AS ({counting.stretch_table()}),"  # noqa: S608  # every part of it is ours
        f" held AS (SELECT stretch.number, {since} AS since, {kind} AS kind, c.seconds_together AS seconds"
        f" FROM monitoring_callrecord c {counting.join(moment)})"
        f" SELECT number, since, kind, CASE WHEN kind = '' THEN 0{filled} ELSE 0 END AS filled,"
        f" CASE WHEN kind = '' THEN 0{begun} ELSE 0 END AS begun, COUNT(*) FROM held WHERE kind IS NOT NULL"
        " GROUP BY 1, 2, 3, 4, 5"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                counting.stretch_rows(scope.stretches),
                *starts,
                *counting.bounds(scope.first, scope.last),
            ],
        )
        rows = sorted(cursor.fetchall())
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
