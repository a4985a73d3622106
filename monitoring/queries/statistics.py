"""The statistics, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from booking.enums import Cause, Outcome
from monitoring.models import CallRecord
from monitoring.queries.organisations import Place, organisations
from monitoring.rules.period import month_of, months_between
from monitoring.rules.statistics import Calls, Statistics, Tally, add_up, is_test
from vdx.accounts import queries as accounts_queries
from vdx.lib.clock import COPENHAGEN, local_date, month_bounds


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
    places, nodes = organisations()
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
    _places, nodes = organisations()
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
