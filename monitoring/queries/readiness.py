"""How far practices have come on their way to the first real call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q

from monitoring.models import CallRecord
from monitoring.queries.device_tests import passes_of
from monitoring.queries.organisations import Place, organisations
from monitoring.rules import readiness as ready
from monitoring.rules.statistics import Node, is_test, practice_of
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import CLINICAL_ROLES, SECOND_FACTOR_ROLES
from vdx.lib.clock import local_date


@dataclass(frozen=True)
class PracticeLine:
    """How far one practice has come. ``units``: the organisations, itself among them, that were counted for it."""

    practice: Place
    region: Place | None
    readiness: ready.Readiness
    units: frozenset[int]


def practices_readiness(*, organisation_ids: Collection[int] | None, today: date) -> list[PracticeLine]:
    """How far each practice has come, by region and name; what lies below a practice counts for it.

    Only what may be seen (None: everything) is counted. Practices that are there for testing, and what is no
    practice, are left out. The number of queries does not depend on the number of practices.
    """
    places, nodes = organisations()
    counted = {
        pk
        for pk in nodes
        if (organisation_ids is None or pk in organisation_ids)
        and not is_test(pk, nodes)
        and nodes[practice_of(pk, nodes)].is_practice
    }
    practices = sorted({practice_of(pk, nodes) for pk in counted})
    people = _people(counted, nodes)
    calls = _first_calls(counted)
    regions = accounts_queries.region_on(practices, today)
    lines = []
    for practice in practices:
        units = [pk for pk in counted if practice_of(pk, nodes) == practice]
        region = regions[practice]
        lines.append(
            PracticeLine(
                places[practice],
                None if region is None else places[region.pk],
                ready.readiness(
                    [person for pk in units for person in people.get(pk, [])],
                    ready.joined(calls[pk] for pk in units if pk in calls),
                ),
                frozenset(units),
            )
        )

    def order(line: PracticeLine) -> tuple[bool, str, str, str]:
        region = "" if line.region is None else line.region.name.casefold()
        return (line.region is None, region, line.practice.name.casefold(), line.practice.code)

    return sorted(lines, key=order)


def _people(organisation_ids: set[int], nodes: dict[int, Node]) -> dict[int, list[ready.Person]]:
    staff = accounts_queries.staff(organisation_ids)
    passed = passes_of({line.user_id for line in staff})
    strict = accounts_queries.strict_about_second_factor()
    owing = {
        line.user_id
        for line in staff
        if line.role in SECOND_FACTOR_ROLES
        or (line.role in CLINICAL_ROLES and _below(line.organisation_id, strict, nodes))
    }
    # Who has two roles is one person, who holds consultations if one of the roles does.
    callers = {(line.organisation_id, line.user_id) for line in staff if line.role in CLINICAL_ROLES}
    found: dict[int, list[ready.Person]] = {}
    for line in staff:
        person = ready.Person(
            user=line.user_id,
            calls=(line.organisation_id, line.user_id) in callers,
            logged_in=line.logged_in,
            needs_second_factor=line.user_id in owing,
            has_second_factor=line.has_second_factor,
            passed=line.user_id in passed,
        )
        found.setdefault(line.organisation_id, []).append(person)
    return found


def _first_calls(organisation_ids: set[int]) -> dict[int, ready.Calls]:
    met = CallRecord.objects.filter(organisation__in=organisation_ids, seconds_together__gte=1, device_count__gte=2)
    rows = met.values("organisation_id").annotate(
        test=Min("started_at", filter=Q(is_test=True)), real=Min("started_at", filter=Q(is_test=False))
    )
    return {
        row["organisation_id"]: ready.Calls(
            row["test"] and local_date(row["test"]), row["real"] and local_date(row["real"])
        )
        for row in rows.order_by()
    }


def _below(organisation: int, marked: Collection[int], nodes: dict[int, Node]) -> bool:
    step: int | None = organisation
    while step is not None:
        if step in marked:
            return True
        step = nodes[step].parent
    return False
