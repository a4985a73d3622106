"""Which calls count where: month, region, practice, and who may see them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitoring.models import CallRecord
from monitoring.queries import Report, earliest_month, statistics
from monitoring.rules.statistics import Measure, Tally
from tests.factories.accounts import OrganisationFactory
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import OrganisationKind
from vdx.accounts.models import Organisation, RegionPeriod

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def nord() -> Organisation:
    return OrganisationFactory.create(code="region-nord", name="Region Nord", kind=OrganisationKind.REGION)


@pytest.fixture
def syd() -> Organisation:
    return OrganisationFactory.create(code="region-syd", name="Region Syd", kind=OrganisationKind.REGION)


@pytest.fixture
def practice(nord: Organisation) -> Organisation:
    return OrganisationFactory.create(parent=nord)


def call(organisation: Organisation, at: str, **fields: Any) -> CallRecord:
    """A call that began at a moment in UTC."""
    return CallRecordFactory.create(
        organisation=organisation, started_at=datetime.fromisoformat(at).replace(tzinfo=UTC), **fields
    )


def report(first: date = OCTOBER, last: date = NOVEMBER, ids: set[int] | None = None) -> Report:
    return statistics(organisation_ids=ids, first=first, last=last)


def consultations(tallies: dict[Any, Tally]) -> dict[Any, int]:
    return {key: tally.consultations for key, tally in tallies.items()}


@pytest.mark.parametrize(
    ("began", "month"),
    [
        # Winter time begins on 25 October 2026: midnight at the end of the month is 23:00 UTC, at its start 22:00.
        ("2026-09-30T22:00", OCTOBER),
        ("2026-10-31T22:59:59", OCTOBER),
        ("2026-10-31T23:00", NOVEMBER),
        ("2026-11-30T22:59:59", NOVEMBER),
        # 02:30, once in summer time and once in winter time.
        ("2026-10-25T00:30", OCTOBER),
        ("2026-10-25T01:30", OCTOBER),
    ],
)
def test_a_call_belongs_to_the_danish_month_in_which_it_began(practice: Organisation, began: str, month: date) -> None:
    call(practice, began)

    assert consultations(report().numbers.by_month) == {month: 1}


@pytest.mark.parametrize("began", ["2026-09-30T21:59:59", "2026-11-30T23:00"])
def test_a_call_outside_the_period_is_not_counted(practice: Organisation, began: str) -> None:
    call(practice, began)

    assert consultations(report().numbers.by_month) == {}


@pytest.mark.parametrize(
    ("began", "month"),
    [
        ("2027-02-28T22:59:59", date(2027, 2, 1)),
        ("2027-03-28T00:59:59", date(2027, 3, 1)),
        ("2027-03-28T01:00", date(2027, 3, 1)),
        ("2027-03-31T21:59:59", date(2027, 3, 1)),
        ("2027-03-31T22:00", date(2027, 4, 1)),
    ],
)
def test_months_around_the_change_to_summer_time(practice: Organisation, began: str, month: date) -> None:
    call(practice, began)

    assert consultations(report(date(2027, 2, 1), date(2027, 4, 1)).numbers.by_month) == {month: 1}


def test_a_call_over_midnight_at_the_end_of_a_month_counts_whole_where_it_began(practice: Organisation) -> None:
    call(practice, "2026-10-31T22:50", seconds_together=1200, ended_at=datetime(2026, 10, 31, 23, 10, tzinfo=UTC))

    assert [(month, tally.consultation_minutes) for month, tally in report().numbers.by_month.items()] == [
        (OCTOBER, 20)
    ]


def test_what_is_counted_as_what(practice: Organisation) -> None:
    call(practice, "2026-11-02T09:00", seconds_together=659, instant=True)
    call(practice, "2026-11-02T10:00", seconds_together=661)
    call(practice, "2026-11-02T11:00", device_count=3, seconds_together=119)
    call(practice, "2026-11-02T12:00", booked=False, seconds_together=61)
    # Nobody met.
    call(practice, "2026-11-02T13:00", device_count=1, seconds_together=0)
    call(practice, "2026-11-02T14:00", device_count=2, seconds_together=0, instant=True)

    total = report().numbers.total

    assert [total.value(measure) for measure in Measure] == [2, 22, 2, 3, 1, 1]


def test_the_region_is_the_one_of_the_day(practice: Organisation, nord: Organisation, syd: Organisation) -> None:
    RegionPeriod.objects.create(organisation=practice, region=syd, valid_from=date(2026, 11, 15))
    # The 14th lasts until 23:00 UTC.
    call(practice, "2026-11-14T22:59:59")
    call(practice, "2026-11-14T23:00")
    call(practice, "2026-11-20T09:00")

    found = report()

    assert consultations(found.numbers.by_region) == {nord.pk: 1, syd.pk: 2}
    assert found.practices == [(nord.pk, practice.pk), (syd.pk, practice.pk)]
    assert found.numbers.total.active_practices == 1


def test_a_practice_in_no_region_stands_last(practice: Organisation, nord: Organisation) -> None:
    alone = OrganisationFactory.create(name="Aa")
    call(practice, "2026-11-02T09:00")
    call(alone, "2026-11-02T09:00")

    found = report()

    assert found.regions == [nord.pk, None]
    assert found.practices == [(nord.pk, practice.pk), (None, alone.pk)]


def test_regions_without_calls_are_shown_with_nothing(
    practice: Organisation, nord: Organisation, syd: Organisation
) -> None:
    call(practice, "2026-11-02T09:00")

    found = report()

    assert found.regions == [nord.pk, syd.pk]
    assert found.tally(region=syd.pk, month=NOVEMBER).consultations == 0


def test_test_organisations_are_left_out_with_all_below(nord: Organisation) -> None:
    trial = OrganisationFactory.create(parent=nord, is_test=True)
    unit = OrganisationFactory.create(parent=trial, kind="")
    call(trial, "2026-11-02T09:00")
    call(unit, "2026-11-02T09:00")

    found = report()

    assert (found.practices, found.numbers.total.consultations) == ([], 0)


def test_a_unit_counts_for_its_practice(practice: Organisation, nord: Organisation) -> None:
    unit = OrganisationFactory.create(parent=practice, kind="")
    call(practice, "2026-11-02T09:00")
    call(unit, "2026-11-02T09:00")

    assert consultations(report().numbers.by_practice) == {(nord.pk, practice.pk): 2}


def test_only_what_may_be_seen_is_counted(practice: Organisation, nord: Organisation) -> None:
    stranger = OrganisationFactory.create(parent=nord)
    call(practice, "2026-11-02T09:00")
    call(stranger, "2026-11-02T09:00")
    call(stranger, "2026-09-02T09:00")

    found = report(ids={practice.pk})

    assert found.practices == [(nord.pk, practice.pk)]
    assert found.numbers.total.consultations == 1
    assert earliest_month(organisation_ids={practice.pk}) == NOVEMBER
    assert earliest_month(organisation_ids=None) == date(2026, 9, 1)


def test_nothing_may_be_seen_where_no_organisation_is_named(practice: Organisation) -> None:
    call(practice, "2026-11-02T09:00")

    assert report(ids=set()).numbers.total.consultations == 0
    assert earliest_month(organisation_ids=set()) is None


def test_the_number_of_queries_does_not_grow(nord: Organisation, syd: Organisation, django_assert_num_queries) -> None:
    def practices(number: int) -> None:
        for count in range(number):
            here = OrganisationFactory.create(parent=(nord, syd)[count % 2])
            RegionPeriod.objects.create(organisation=here, region=syd, valid_from=date(2026, 11, 15))
            call(here, "2026-10-02T09:00")
            call(here, "2026-11-20T09:00")

    practices(1)
    with django_assert_num_queries(5):
        report()
    practices(5)
    with django_assert_num_queries(5):
        report()
