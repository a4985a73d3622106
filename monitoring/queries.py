"""The statistics, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from booking.enums import Cause, Outcome
from monitoring.models import CallRecord, DevicePass, DeviceTest
from monitoring.rules import readiness as ready
from monitoring.rules.period import month_of, months_between
from monitoring.rules.statistics import Calls, Node, Statistics, Tally, add_up, is_test, practice_of
from rooms.enums import TestVerdict
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import CLINICAL_ROLES, PRACTICE_KINDS, SECOND_FACTOR_ROLES, OrganisationKind
from vdx.lib.clock import COPENHAGEN, local, local_date, month_bounds

if TYPE_CHECKING:
    from vdx.accounts.models import User


@dataclass(frozen=True)
class Place:
    """A practice or region as it is shown."""

    pk: int
    code: str
    name: str
    is_region: bool


@dataclass(frozen=True)
class Report:
    """The numbers of a period, and the names that belong to them."""

    months: list[date]
    numbers: Statistics
    places: dict[int, Place]
    # Regions in order of name, those without calls as well where they may be seen; None: without region.
    regions: list[int | None]
    # (region, practice) in order of their names.
    practices: list[tuple[int | None, int]]

    def tally(self, *, region: int | None, month: date) -> Tally:
        """What a region came to in a month; nothing where nothing was held."""
        return self.numbers.by_region_month.get((region, month), Tally())


def statistics(*, organisation_ids: Collection[int] | None, first: date, last: date) -> Report:
    """Calls held from one month to another, both included, in organisations (None: all), test ones left out.

    A call belongs to the Danish month in which its first device came.
    """
    months = months_between(first, last)
    places, nodes = _organisations()
    rows = _calls(organisation_ids, months) if months else []
    regions = accounts_queries.regions_for_calls({(row.organisation, row.day) for row in rows})
    region_ids = {pair: None if region is None else region.pk for pair, region in regions.items()}
    numbers = add_up(rows, nodes=nodes, regions=region_ids)
    shown = {
        pk
        for pk, place in places.items()
        if place.is_region and not nodes[pk].is_test and (organisation_ids is None or pk in organisation_ids)
    }

    def by_name(pk: int | None) -> tuple[bool, str, str]:
        return (pk is None, "", "") if pk is None else (False, places[pk].name.casefold(), places[pk].code)

    return Report(
        months=months,
        numbers=numbers,
        places=places,
        regions=sorted({*shown, *numbers.by_region}, key=by_name),
        practices=sorted(numbers.by_practice, key=lambda pair: (by_name(pair[0]), by_name(pair[1]))),
    )


@dataclass(frozen=True)
class CauseCount:
    """How many calls failed, and how many went poorly, by one cause."""

    cause: Cause
    failed: int
    poor: int


def causes(*, organisation_ids: Collection[int] | None, first: date, last: date) -> list[CauseCount]:
    """What calls failed or went poorly by, from one month to another, the commonest first; test ones left out.

    A call that nobody came to belongs to the month that it was booked for.
    """
    months = months_between(first, last)
    if not months:
        return []
    begin, _end = month_bounds(months[0].year, months[0].month)
    _begin, end = month_bounds(months[-1].year, months[-1].month)
    rows = (
        CallRecord.objects.filter(is_final=True, is_test=False)
        .exclude(cause__in=["", Cause.NONE])
        .annotate(moment=Coalesce("started_at", "starts_at"))
        .filter(moment__gte=begin, moment__lt=end)
    )
    if organisation_ids is not None:
        rows = rows.filter(organisation__in=organisation_ids)
    held = Q(outcome__in=[Outcome.CARRIED_OUT, Outcome.SOUND_ONLY])
    grouped = (
        rows.order_by()
        .values("organisation_id", "cause")
        .annotate(poor=Count("pk", filter=held), failed=Count("pk", filter=~held))
    )
    _places, nodes = _organisations()
    found: dict[str, tuple[int, int]] = {}
    for row in grouped:
        if not is_test(row["organisation_id"], nodes):
            failed, poor = found.get(row["cause"], (0, 0))
            found[row["cause"]] = failed + row["failed"], poor + row["poor"]
    counts = [CauseCount(Cause(cause), failed, poor) for cause, (failed, poor) in found.items()]
    return sorted(counts, key=lambda count: (-count.failed - count.poor, count.cause))


def earliest_month(*, organisation_ids: Collection[int] | None) -> date | None:
    """The month of the oldest call that may be seen."""
    oldest = _seen(organisation_ids).aggregate(oldest=Min("started_at"))["oldest"]
    return None if oldest is None else month_of(local_date(oldest))


def _seen(organisation_ids: Collection[int] | None) -> Any:
    calls = CallRecord.objects.filter(seconds_together__gte=1, is_test=False)
    return calls if organisation_ids is None else calls.filter(organisation__in=organisation_ids)


def _calls(organisation_ids: Collection[int] | None, months: list[date]) -> list[Calls]:
    begin, _end = month_bounds(months[0].year, months[0].month)
    _begin, end = month_bounds(months[-1].year, months[-1].month)
    grouped = (
        _seen(organisation_ids)
        .filter(started_at__gte=begin, started_at__lt=end)
        .annotate(day=TruncDate("started_at", tzinfo=COPENHAGEN))
        .values("organisation_id", "day", "booked", "device_count")
        .annotate(calls=Count("pk"), seconds=Sum("seconds_together"), straks=Count("pk", filter=Q(instant=True)))
        .order_by()
    )
    return [
        Calls(
            organisation=row["organisation_id"],
            day=row["day"],
            booked=row["booked"],
            device_count=row["device_count"],
            calls=row["calls"],
            seconds=row["seconds"],
            instant=row["straks"],
        )
        for row in grouped
    ]


def _organisations() -> tuple[dict[int, Place], dict[int, Node]]:
    rows = list(
        apps.get_model("accounts.Organisation").objects.values("pk", "parent_id", "kind", "code", "name", "is_test")
    )
    places = {
        row["pk"]: Place(row["pk"], row["code"], row["name"], row["kind"] == OrganisationKind.REGION) for row in rows
    }
    nodes = {
        row["pk"]: Node(row["pk"], row["parent_id"], row["kind"] in PRACTICE_KINDS, row["is_test"]) for row in rows
    }
    return places, nodes


@dataclass(frozen=True)
class DeviceTestLine:
    """A test of somebody's device as a doctor or a helper is told of it."""

    code: str
    made_at: datetime
    verdict: TestVerdict
    reason: str
    line: str


def device_test_of(room_uuid: UUID) -> DeviceTestLine | None:
    """The newest test made for a meeting; None where there is none. One query."""
    return device_tests_of([room_uuid]).get(room_uuid)


def device_tests_of(room_uuids: Collection[UUID]) -> dict[UUID, DeviceTestLine]:
    """The newest test made for each of the meetings that have one. One query."""
    made = DeviceTest.objects.filter(room_uuid__in=room_uuids).order_by("made_at", "pk")
    return {test.room_uuid: _line(test) for test in made if test.room_uuid is not None}


def user_has_passed(user: User) -> bool:
    """Whether the login's device has ever passed the test. One query."""
    return DevicePass.objects.filter(user=user).exists()


def passes_of(user_ids: Collection[int]) -> dict[int, datetime]:
    """When each of the logins that have passed did so last. One query."""
    return dict(DevicePass.objects.filter(user__in=user_ids).values_list("user_id", "last_at"))


def _line(test: DeviceTest) -> DeviceTestLine:
    verdict = TestVerdict(test.verdict)
    made = local(test.made_at)
    words = str(verdict.label)
    line = _("Testet {day} kl. {time}: {verdict}").format(
        day=f"{made.day}.{made.month}.", time=f"{made.hour}.{made.minute:02d}", verdict=words[:1].lower() + words[1:]
    )
    return DeviceTestLine(test.code, test.made_at, verdict, test.reason, line)


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
    places, nodes = _organisations()
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
