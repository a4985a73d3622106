"""The statistics, in a constant number of queries: from the month tables, and so right at any time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Min

from booking.enums import Cause
from monitoring.models import CallRecord
from monitoring.queries.months import (
    MonthScope,
    QualitySum,
    WordSum,
    month_cells,
    month_quality,
    month_scope,
    month_sums,
    month_words,
)
from monitoring.queries.organisations import Place, organisations
from monitoring.rules.kind import CallKind
from monitoring.rules.period import month_of
from monitoring.rules.statistics import Node, Statistics, Tally, add_up, is_test, month_by_month, practice_of
from vdx.lib.clock import local_date


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


@dataclass(frozen=True)
class Chosen:
    """What is looked at. ``organisation_ids``: units whose own calls count (None: all). ``regions``: ids (None: all).

    ``kind``: consultations or conferences alone (None: both). ``pilot_only``: pilot practices, in their pilot's days.
    ``within``: of a unit and the region it belonged to, whether what it held then may be seen (None: all may).
    """

    organisation_ids: Collection[int] | None
    first: date
    last: date
    regions: Collection[int | None] | None = None
    kind: CallKind | None = None
    pilot_only: bool = False
    within: Callable[[int, int | None], bool] | None = None


def chosen_scope(chosen: Chosen) -> MonthScope:
    """Who counts, where and when: for the functions below. Four queries at most."""
    scope = month_scope(
        organisation_ids=chosen.organisation_ids,
        first=chosen.first,
        last=chosen.last,
        pilot_only=chosen.pilot_only,
    )
    regions, within = chosen.regions, chosen.within
    return replace(
        scope,
        stretches=tuple(
            stretch
            for stretch in scope.stretches
            if (regions is None or stretch.region in regions)
            and (within is None or within(stretch.organisation, stretch.region))
        ),
    )


def report_of(scope: MonthScope, chosen: Chosen) -> Report:
    """Calls held, by month and region, and by practice in the whole period, test ones left out. Three queries.

    A call belongs to the Danish month in which its first device came.
    """
    places = scope.places
    regions, practices = month_sums(scope)
    numbers = add_up(regions, practices, may_be_active=scope.practices, kind=chosen.kind)
    shown = {
        pk
        for pk, place in places.items()
        if place.is_region
        and not place.is_test
        and (chosen.organisation_ids is None or pk in chosen.organisation_ids)
        and (chosen.regions is None or pk in chosen.regions)
        and (chosen.within is None or chosen.within(pk, pk))
    }

    def by_name(pk: int | None) -> tuple[bool, str, str]:
        return (pk is None, "", "") if pk is None else (False, places[pk].name.casefold(), places[pk].code)

    return Report(
        months=list(scope.months),
        numbers=numbers,
        places=places,
        regions=sorted({*shown, *numbers.by_region}, key=by_name),
        practices=sorted(numbers.by_practice, key=lambda pair: (by_name(pair[0]), by_name(pair[1]))),
    )


def practices_by_month(scope: MonthScope, chosen: Chosen) -> dict[tuple[int | None, int, date], Tally]:
    """Calls held, by region, practice and month, test ones left out. Two queries."""
    return month_by_month(month_cells(scope), may_be_active=scope.practices, kind=chosen.kind)


def statistics(*, organisation_ids: Collection[int] | None, first: date, last: date) -> Report:
    """Everything from one month to another, both included, in organisations (None: all). Seven queries at most."""
    chosen = Chosen(organisation_ids, first, last)
    return report_of(chosen_scope(chosen), chosen)


@dataclass(frozen=True)
class CauseCount:
    """How many calls failed, and how many went poorly, by one cause."""

    cause: Cause
    failed: int
    poor: int


def words_of(scope: MonthScope, chosen: Chosen) -> list[WordSum]:
    """Outcomes, causes, devices, browsers, waiting and pictures by month. Two queries."""
    return _of_kind(month_words(scope), chosen)


def quality_of(scope: MonthScope, chosen: Chosen) -> list[QualitySum]:
    """Sums of the devices' quality by month. Two queries."""
    return _of_kind(month_quality(scope), chosen)


def causes(*, organisation_ids: Collection[int] | None, first: date, last: date) -> list[CauseCount]:
    """What calls of a period failed or went poorly by, test ones left out. Six queries at most."""
    chosen = Chosen(organisation_ids, first, last)
    return causes_of(words_of(chosen_scope(chosen), chosen))


def causes_of(words: Iterable[WordSum]) -> list[CauseCount]:
    """What calls failed or went poorly by, the commonest first.

    A call that nobody came to belongs to the month that it was booked for.
    """
    found: dict[str, tuple[int, int]] = {}
    for word in words:
        if word.about in {"failed", "poor"}:
            failed, poor = found.get(word.word, (0, 0))
            more = (word.total, 0) if word.about == "failed" else (0, word.total)
            found[word.word] = failed + more[0], poor + more[1]
    counts = [CauseCount(Cause(cause), failed, poor) for cause, (failed, poor) in found.items()]
    return sorted(counts, key=lambda count: (-count.failed - count.poor, count.cause))


def earliest_month(*, organisation_ids: Collection[int] | None) -> date | None:
    """The month of the oldest call that may be seen."""
    calls = CallRecord.objects.filter(seconds_together__gte=1, is_test=False)
    if organisation_ids is not None:
        calls = calls.filter(organisation__in=organisation_ids)
    oldest = calls.aggregate(oldest=Min("started_at"))["oldest"]
    return None if oldest is None else month_of(local_date(oldest))


@dataclass(frozen=True)
class Choices:
    """What somebody may choose among."""

    # Regions that they may see whole, by name; empty where there are fewer than two.
    regions: list[Place]
    # Practices, and whatever else counts for itself, by name.
    practices: list[Place]
    # The months of the pilots among them; None: there is none.
    pilot: tuple[date, date] | None


def choices(*, organisation_ids: Collection[int] | None, today: date) -> Choices:
    """Regions, practices and the pilot's months among organisations (None: all), test ones left out. One query."""
    places, nodes = organisations()
    seen = [pk for pk in nodes if (organisation_ids is None or pk in organisation_ids) and not is_test(pk, nodes)]
    regions = _by_name(places[pk] for pk in seen if places[pk].is_region)
    practices = _by_name(places[pk] for pk in seen if practice_of(pk, nodes) == pk and not places[pk].is_region)
    return Choices(regions if len(regions) > 1 else [], practices, _pilot([nodes[pk] for pk in seen], today))


def _pilot(nodes: Sequence[Node], today: date) -> tuple[date, date] | None:
    pilots = [node for node in nodes if node.is_practice and node.pilot_from is not None and node.pilot_from <= today]
    begins = [node.pilot_from for node in pilots if node.pilot_from is not None]
    if not begins:
        return None
    ends = [min(node.pilot_until or today, today) for node in pilots]
    return month_of(min(begins)), month_of(max(*ends, *begins))


def _by_name(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.name.casefold(), place.code))


def _of_kind(rows: Iterable[Any], chosen: Chosen) -> list[Any]:
    return [row for row in rows if chosen.kind is None or row.kind == chosen.kind]
