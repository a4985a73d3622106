"""The month tables and the facts say the same, whatever is counted, marked, moved, tested or left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.models import CallRecord, DeviceQuality, DeviceRecord, MonthCount, MonthMark
from monitoring.models import MonthQuality as QualityTable
from monitoring.models import MonthWord as WordTable
from monitoring.queries import month_cells, month_quality, month_scope, month_words
from monitoring.queries.months import month_sums
from monitoring.queries.organisations import organisations
from monitoring.rules.kind import CallKind, kind_of
from monitoring.rules.month_cells import MonthCell
from monitoring.rules.statistics import is_test, practice_of
from monitoring.services import count_all, count_marked
from monitoring.services.months import mark_months
from tests.factories.accounts import OrganisationFactory
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import OrganisationKind
from vdx.accounts.models import Organisation, RegionPeriod
from vdx.lib.clock import local_date

pytestmark = [pytest.mark.django_db, pytest.mark.service]

FIRST, LAST = date(2019, 9, 1), date(2019, 11, 1)
NOW = datetime(2019, 11, 20, tzinfo=UTC)
BEGIN = datetime(2019, 8, 30, tzinfo=UTC)


@pytest.fixture
def region() -> Organisation:
    return OrganisationFactory.create(code="rs", name="Region Sjælland", kind=OrganisationKind.REGION)


@pytest.fixture
def practice(region: Organisation) -> Organisation:
    return OrganisationFactory.create(parent=region, pilot_from=date(2019, 9, 10), pilot_until=date(2019, 11, 20))


def call(organisation: Organisation, at: str, **fields: Any) -> CallRecord:
    return CallRecordFactory.create(
        organisation=organisation, started_at=datetime.fromisoformat(at).replace(tzinfo=UTC), **fields
    )


def cells(**asked: Any) -> list[MonthCell]:
    return month_cells(month_scope(organisation_ids=None, first=FIRST, last=LAST, **asked))


def everything(pilot_only: bool = False) -> tuple[Any, ...]:
    scope = month_scope(organisation_ids=None, first=FIRST, last=LAST, pilot_only=pilot_only)
    return month_cells(scope), month_words(scope), month_quality(scope)


def by_hand(*, pilot_only: bool = False) -> dict[tuple[int, int | None, date], Counter[str]]:
    """Call after call, by the rules."""
    _places, nodes = organisations()
    found: dict[tuple[int, int | None, date], Counter[str]] = {}
    for record in CallRecord.objects.filter(is_test=False):
        at = record.started_at or record.starts_at
        if at is None or is_test(record.organisation_id, nodes):
            continue
        day = local_date(at)
        month = day.replace(day=1)
        practice = practice_of(record.organisation_id, nodes)
        node = nodes[practice]
        if pilot_only and not (
            node.is_practice
            and node.pilot_from is not None
            and node.pilot_from <= day <= (node.pilot_until or date.max)
        ):
            continue
        if not FIRST <= month <= LAST:
            continue
        region = accounts_queries.region_on([record.organisation_id], day)[record.organisation_id]
        cell = found.setdefault((practice, region.pk if region else None, month), Counter())
        kind = kind_of(booked=record.booked, device_count=record.device_count, seconds_together=record.seconds_together)
        if kind is None:
            cell["not_held"] += 1
            cell["not_held_apps"] += record.app_count * record.booked
            continue
        name = "consultation" if kind is CallKind.CONSULTATION else "conference"
        cell[f"{name}s"] += 1
        cell[f"{name}_seconds"] += record.seconds_together
        cell[f"{name}_instant"] += record.instant and record.booked
        cell[f"{name}_long"] += record.seconds_together > 300
        cell[f"{name}_apps"] += record.app_count * record.booked
        cell[f"{name}_poor"] += record.is_poor
    return {key: +cell for key, cell in found.items()}


def found_of(rows: list[MonthCell]) -> dict[tuple[int, int | None, date], Counter[str]]:
    return {(row.practice, row.region, row.month): +Counter(row.sums._asdict()) for row in rows}


def same_added_up(pilot_only: bool) -> None:
    """What the database adds up is what its cells come to, one after another."""
    scope = month_scope(organisation_ids=None, first=FIRST, last=LAST, pilot_only=pilot_only)
    practices: dict[Any, Counter[str]] = defaultdict(Counter)
    regions: dict[Any, Counter[str]] = defaultdict(Counter)
    held: dict[Any, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for cell in month_cells(scope):
        practices[cell.practice, cell.region].update(cell.sums._asdict())
        regions[cell.region, cell.month].update(cell.sums._asdict())
        for who, number in zip(
            held[cell.region, cell.month], (cell.sums.consultations, cell.sums.conferences), strict=True
        ):
            who.update({cell.practice} if number else ())
    by_region, by_practice = month_sums(scope)
    assert {(row.practice, row.region): row.sums._asdict() for row in by_practice} == practices
    assert {(row.region, row.month): row.sums._asdict() for row in by_region} == regions
    assert {(row.region, row.month): (row.consulting, row.conferring) for row in by_region} == held


def test_what_counts_as_what(practice: Organisation) -> None:
    held = call(practice, "2019-10-01T08:00", instant=True, seconds_together=301, app_count=1, is_poor=True)
    held.outcome, held.cause = "carried_out", "patient_network"
    held.save()
    DeviceRecord.objects.create(call=held, seat_key="a", kind="browser", role="host")
    DeviceRecord.objects.create(call=held, seat_key="b", kind="app", role="guest")
    for seat in "ab":
        DeviceQuality.objects.create(
            room_uuid=held.room_uuid, seat_key=seat, packets_received=90, packets_lost=10, rtt_ms_sum=50, rtt_samples=2
        )
    call(practice, "2019-10-01T10:00", device_count=3, seconds_together=59, app_count=2)
    call(practice, "2019-10-01T11:00", booked=False, instant=True, app_count=1)
    # Nobody met; one device came through the app, and one room stayed empty.
    alone = call(
        practice, "2019-10-01T12:00", device_count=1, seconds_together=0, app_count=1, outcome="no_show_doctor"
    )
    DeviceQuality.objects.create(room_uuid=alone.room_uuid, seat_key="a", packets_lost=7)
    CallRecordFactory.create(
        organisation=practice, started_at=None, ended_at=None, starts_at=datetime(2019, 10, 2, tzinfo=UTC),
        device_count=0, seconds_together=0, outcome="never_opened", cause="human_never_opened",
    )  # fmt: skip
    # A practice trying the hub out.
    call(practice, "2019-10-01T14:00", is_test=True, app_count=1, outcome="carried_out")

    def counted() -> None:
        [[_practice, _region, _month, cell]], words, [quality] = everything()
        assert (cell.consultations, cell.consultation_seconds, cell.consultation_poor) == (1, 301, 1)
        assert (cell.conferences, cell.conference_seconds, cell.not_held) == (2, 659, 2)
        assert (cell.instant_meetings, cell.long_calls, cell.app_calls, cell.calls) == (1, 2, 4, 3)
        assert sorted(word[1:] for word in words) == [
            ("", "failed", "human_never_opened", 1),
            ("", "outcome", "never_opened", 1),
            ("", "outcome", "no_show_doctor", 1),
            ("consultation", "device", "app", 1),
            ("consultation", "device", "browser", 1),
            ("consultation", "outcome", "carried_out", 1),
            ("consultation", "poor", "patient_network", 1),
        ]
        assert (quality.kind, quality.devices, quality.packets_lost, quality.rtt_ms_sum) == ("consultation", 2, 20, 100)

    counted()
    count_all(now=NOW)
    assert MonthCount.objects.filter(organisation=practice).count() == 1
    counted()


def test_counting_again_changes_nothing(practice: Organisation) -> None:
    call(practice, "2019-10-01T08:00", outcome="carried_out")
    count_all(now=NOW)
    before = [list(table.objects.order_by("month", "organisation").values_list("month", "organisation")) for table in
              (MonthCount, WordTable, QualityTable)]  # fmt: skip
    seen = everything()

    count_all(now=NOW)
    count_marked(now=NOW)

    assert everything() == seen
    assert [
        list(table.objects.order_by("month", "organisation").values_list("month", "organisation"))
        for table in (MonthCount, WordTable, QualityTable)
    ] == before


def test_a_marked_cell_is_read_from_the_facts_until_it_is_counted(practice: Organisation) -> None:
    record = call(practice, "2019-10-31T22:30")
    count_all(now=NOW)
    assert [cell.month for cell in cells()] == [date(2019, 10, 1)]
    # It began after all when November had begun in Denmark.
    moved = datetime(2019, 10, 31, 23, tzinfo=UTC)
    mark_months([(practice.pk, record.started_at), (practice.pk, moved)])
    CallRecord.objects.update(started_at=moved)

    assert [(cell.month, cell.sums.calls) for cell in cells()] == [(date(2019, 11, 1), 1)]

    assert count_marked(now=NOW) == 2
    assert not MonthMark.objects.exists()
    assert [(cell.month, cell.sums.calls) for cell in cells()] == [(date(2019, 11, 1), 1)]
    assert MonthCount.objects.get(organisation=practice).month == date(2019, 11, 1)


def test_a_mark_that_comes_while_others_are_counted_stays(practice: Organisation) -> None:
    count_all(now=NOW)
    mark_months([(practice.pk, NOW)])
    seen = list(MonthMark.objects.values_list("pk", flat=True))
    mark_months([(practice.pk, NOW)])

    # The pages count the cell from the facts as long as one of them stands there.
    assert MonthMark.objects.count() == 2
    MonthMark.objects.filter(pk__in=seen).delete()
    call(practice, "2019-11-20T08:00")
    assert [cell.sums.calls for cell in cells()] == [1]


def test_a_month_with_many_marks_is_counted_as_a_whole(practice: Organisation, monkeypatch: Any) -> None:
    monkeypatch.setattr("monitoring.services.months.MANY_MARKS", 1)
    other = OrganisationFactory.create()
    count_all(now=NOW)
    for organisation in (practice, other):
        call(organisation, "2019-10-01T08:00")
        mark_months([(organisation.pk, datetime(2019, 10, 1, tzinfo=UTC))])

    assert count_marked(now=NOW) == 1
    assert sorted(cell.practice for cell in cells()) == sorted([practice.pk, other.pk])


def test_emptied_tables_change_no_number_and_fill_themselves(practice: Organisation) -> None:
    call(practice, "2019-10-01T08:00", outcome="carried_out")
    count_all(now=NOW)
    seen = everything()
    for table in (MonthCount, WordTable, QualityTable, MonthMark):
        table.objects.all().delete()

    assert everything() == seen
    assert count_marked(now=NOW) >= 3
    assert MonthCount.objects.filter(organisation=practice).exists()
    assert everything() == seen


def test_a_room_booked_years_ahead_keeps_no_month_before_it_from_being_counted(practice: Organisation) -> None:
    count_all(now=NOW)
    far = datetime(2022, 3, 1, 9, tzinfo=UTC)
    CallRecordFactory.create(organisation=practice, started_at=None, ended_at=None, starts_at=far, device_count=0,
                             seconds_together=0)  # fmt: skip
    mark_months([(practice.pk, far)])
    count_marked(now=NOW)

    count_marked(now=datetime(2020, 1, 2, tzinfo=UTC))

    assert MonthCount.objects.filter(organisation=None, month__year=2020).count() == 12


def test_what_is_laid_over_needs_no_counting(region: Organisation, practice: Organisation) -> None:
    for at in ("2019-10-15T21:59:59", "2019-10-15T22:00", "2019-11-21T08:00"):
        call(practice, at)
    count_all(now=NOW)
    assert {(cell.region, cell.month, cell.sums.calls) for cell in cells()} == {
        (region.pk, date(2019, 10, 1), 2), (region.pk, date(2019, 11, 1), 1),
    }  # fmt: skip

    north = OrganisationFactory.create(code="rn", name="Region Nordjylland", kind=OrganisationKind.REGION)
    RegionPeriod.objects.create(organisation=practice, region=north, valid_from=date(2019, 10, 16))
    assert {(cell.region, cell.month, cell.sums.calls) for cell in cells()} == {
        (region.pk, date(2019, 10, 1), 1), (north.pk, date(2019, 10, 1), 1), (north.pk, date(2019, 11, 1), 1),
    }  # fmt: skip
    assert sum(cell.sums.calls for cell in cells(pilot_only=True)) == 2

    Organisation.objects.filter(pk=practice.pk).update(is_test=True)
    assert cells() == []


def test_only_the_units_asked_for(region: Organisation, practice: Organisation) -> None:
    unit = OrganisationFactory.create(parent=practice, kind="")
    for organisation in (practice, unit, OrganisationFactory.create(parent=region)):
        call(organisation, "2019-10-01T08:00")

    def of(*units: Organisation) -> list[tuple[int, int]]:
        scope = month_scope(organisation_ids={one.pk for one in units}, first=FIRST, last=LAST)
        return [(cell.practice, cell.sums.calls) for cell in month_cells(scope)]

    assert of(practice, unit) == [(practice.pk, 2)]
    assert of(unit) == [(practice.pk, 1)]
    assert of() == []


@pytest.mark.parametrize("counted", [False, True])
def test_as_many_queries_for_three_practices_as_for_one(region: Organisation, counted: bool) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            everything(pilot_only=True)
        return len(queries)

    def joins(day: date) -> None:
        call(OrganisationFactory.create(parent=region, pilot_from=day), "2019-10-01T08:00", outcome="carried_out")
        if counted:
            count_all(now=NOW)

    joins(date(2019, 9, 3))
    one = asked()
    joins(date(2019, 9, 3))
    joins(date(2019, 9, 30))
    assert asked() == one <= 13


moments = st.integers(0, 100 * 24).map(lambda hours: BEGIN + timedelta(hours=hours))
calls = st.lists(
    st.tuples(
        st.integers(0, 4), moments, st.booleans(), st.booleans(), st.integers(0, 4), st.integers(0, 400),
        st.integers(0, 2), st.booleans(),
    ),
    max_size=12,
)  # fmt: skip
days = st.one_of(st.none(), st.dates(date(2019, 8, 20), date(2019, 12, 5)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=calls,
    later=calls,
    pilot=st.tuples(days, st.integers(0, 90)),
    moves=st.lists(st.tuples(st.integers(0, 4), st.dates(date(2019, 8, 20), date(2019, 12, 5))), max_size=4,
                   unique=True),
    tests=st.sets(st.integers(0, 4), max_size=2),
)  # fmt: skip
def test_the_tables_say_what_call_after_call_says(
    db: None,
    held: list[tuple[Any, ...]],
    later: list[tuple[Any, ...]],
    pilot: tuple[date | None, int],
    moves: list[tuple[int, date]],
    tests: set[int],
) -> None:
    CallRecord.objects.all().delete()
    RegionPeriod.objects.all().delete()
    for table in (MonthCount, WordTable, QualityTable, MonthMark):
        table.objects.all().delete()
    one, two = (
        Organisation.objects.get_or_create(code=code, name=code, kind=OrganisationKind.REGION)[0]
        for code in ("r1", "r2")
    )
    first, length = pilot
    until = None if first is None or length > 60 else first + timedelta(days=length)
    places: list[Organisation] = []
    for number, kind in enumerate(("general", "", "specialist", "hospital", "general")):
        place, _ = Organisation.objects.update_or_create(
            code=f"p{number}",
            defaults={
                "name": f"p{number}", "kind": kind, "is_test": number in tests, "pilot_from": first,
                "pilot_until": until, "parent": places[0] if number == 1 else one if number != 4 else None,
            },
        )  # fmt: skip
        places.append(place)
    for number, day in moves:
        RegionPeriod.objects.create(organisation=places[number], region=two, valid_from=day)

    def hold(rows: list[tuple[Any, ...]], said: Callable[[list[tuple[int, datetime | None]]], None] | None) -> None:
        for place, at, booked, instant, devices, seconds, apps, came in rows:
            together = seconds if devices >= 2 else 0
            record = CallRecordFactory.create(
                organisation=places[place], started_at=at if came else None, starts_at=at, booked=booked,
                instant=instant, device_count=devices if came else 0, seconds_together=together if came else 0,
                app_count=min(apps, devices) if came else 0, ended_at=None, is_poor=bool(seconds % 2),
            )  # fmt: skip
            if said is not None:
                said([(record.organisation_id, at)])

    hold(held, None)
    for pilot_only in (False, True):
        assert found_of(cells(pilot_only=pilot_only)) == by_hand(pilot_only=pilot_only)
        same_added_up(pilot_only)
    count_all(now=NOW)
    hold(later, mark_months)
    for pilot_only in (False, True):
        assert found_of(cells(pilot_only=pilot_only)) == by_hand(pilot_only=pilot_only)
        same_added_up(pilot_only)
    count_marked(now=NOW)
    assert not MonthMark.objects.exists()
    for pilot_only in (False, True):
        assert found_of(cells(pilot_only=pilot_only)) == by_hand(pilot_only=pilot_only)
        same_added_up(pilot_only)
