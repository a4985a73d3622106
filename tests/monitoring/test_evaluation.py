"""The evaluation's numbers, as the database adds them up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.models import CallRecord, CallStretch
from monitoring.queries import evaluation
from tests.factories.accounts import OrganisationFactory
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import OrganisationKind
from vdx.accounts.models import Organisation, RegionPeriod

pytestmark = [pytest.mark.django_db, pytest.mark.service]

FIRST, LAST = date(2019, 9, 1), date(2019, 11, 30)
SEPTEMBER, OCTOBER, NOVEMBER = date(2019, 9, 1), date(2019, 10, 1), date(2019, 11, 1)


@pytest.fixture
def region() -> Organisation:
    return OrganisationFactory.create(code="rs", name="Region Sjælland", kind=OrganisationKind.REGION)


@pytest.fixture
def practice(region: Organisation) -> Organisation:
    return OrganisationFactory.create(parent=region, pilot_from=date(2019, 1, 1))


def call(organisation: Organisation, at: str, **fields: object) -> CallRecord:
    return CallRecordFactory.create(
        organisation=organisation, started_at=datetime.fromisoformat(at).replace(tzinfo=UTC), **fields
    )


def counted(what: str = "calls") -> dict[tuple[str, date], int]:
    found = evaluation(first=FIRST, last=LAST).by_region_month(lambda cell: getattr(cell, what))
    return {key: number for key, number in found.items() if number}


@pytest.mark.parametrize(
    ("began", "month"),
    [
        # Danish midnight is 22:00 UTC in summer and 23:00 in winter, which began on 27 October 2019.
        ("2019-08-31T21:59:59", None),
        ("2019-08-31T22:00", SEPTEMBER),
        ("2019-09-30T21:59:59.999999", SEPTEMBER),
        ("2019-09-30T22:00", OCTOBER),
        ("2019-10-27T00:30", OCTOBER),
        ("2019-10-27T01:30", OCTOBER),
        ("2019-10-31T22:59:59", OCTOBER),
        ("2019-10-31T23:00", NOVEMBER),
        ("2019-11-30T22:59:59", NOVEMBER),
        ("2019-11-30T23:00", None),
    ],
)
def test_a_call_belongs_to_the_danish_month_of_its_start(
    practice: Organisation, began: str, month: date | None
) -> None:
    call(practice, began)

    assert counted() == ({("Sjælland", month): 1} if month else {})


@pytest.mark.parametrize(
    ("began", "month"), [("2020-03-31T21:59:59", 3), ("2020-03-31T22:00", 4), ("2020-02-29T23:00", 3)]
)
def test_months_around_the_change_to_summer_time(practice: Organisation, began: str, month: int) -> None:
    call(practice, began)

    found = evaluation(first=date(2020, 2, 1), last=date(2020, 4, 30))
    assert [(cell.month, cell.calls) for cell in found.cells] == [(date(2020, month, 1), 1)]


def test_what_counts_as_what(practice: Organisation) -> None:
    call(practice, "2019-10-01T08:00", instant=True, seconds_together=301, app_count=1)
    call(practice, "2019-10-01T09:00", seconds_together=300)
    call(practice, "2019-10-01T10:00", device_count=3, seconds_together=59, app_count=2)
    call(practice, "2019-10-01T11:00", booked=False, instant=True, app_count=1)
    # Nobody met.
    call(practice, "2019-10-01T12:00", device_count=1, seconds_together=0, app_count=1, instant=True)
    call(practice, "2019-10-01T13:00", device_count=2, seconds_together=0, app_count=2)
    # A practice trying the hub out.
    call(practice, "2019-10-01T14:00", is_test=True, app_count=1)

    [cell] = evaluation(first=FIRST, last=LAST).cells

    assert (cell.consultations, cell.consultation_seconds) == (2, 601)
    assert (cell.conferences, cell.conference_seconds) == (2, 659)
    assert (cell.instant_meetings, cell.long_calls, cell.app_calls) == (1, 2, 6)


def test_only_practices_that_take_part_on_the_day_count(region: Organisation) -> None:
    here = OrganisationFactory.create(parent=region, pilot_from=date(2019, 10, 1), pilot_until=date(2019, 10, 31))
    unit = OrganisationFactory.create(parent=here, kind="")
    for at in ("2019-09-30T21:59:59", "2019-09-30T22:00", "2019-10-31T22:59:59", "2019-10-31T23:00"):
        call(here, at)
    call(unit, "2019-10-15T08:00")
    trial = OrganisationFactory.create(parent=region, pilot_from=date(2019, 1, 1), is_test=True)
    hospital = OrganisationFactory.create(parent=region, pilot_from=date(2019, 1, 1), kind=OrganisationKind.HOSPITAL)
    for other in (trial, hospital, OrganisationFactory.create(parent=region)):
        call(other, "2019-10-15T08:00")

    found = evaluation(first=FIRST, last=LAST)

    assert counted() == {("Sjælland", OCTOBER): 3}
    assert found.active() == {here.pk}


def test_a_practice_that_moves_keeps_its_calls_and_its_signing_up(practice: Organisation) -> None:
    north = OrganisationFactory.create(code="rn", name="Region Nordjylland", kind=OrganisationKind.REGION)
    RegionPeriod.objects.create(organisation=practice, region=north, valid_from=date(2019, 10, 16))
    for at in ("2019-10-15T21:59:59", "2019-10-15T22:00", "2019-11-01T08:00"):
        call(practice, at)

    found = evaluation(first=FIRST, last=LAST)

    assert counted() == {("Sjælland", OCTOBER): 1, ("Nordjylland", OCTOBER): 1, ("Nordjylland", NOVEMBER): 1}
    assert found.active(month=OCTOBER) == {practice.pk}
    assert [found.signed_up("Sjælland", month) for month in found.months] == [1, 1, 1]


def test_a_practice_without_a_region_has_a_line_of_its_own() -> None:
    alone = OrganisationFactory.create(pilot_from=date(2019, 1, 1))
    call(alone, "2019-10-15T08:00")

    assert counted() == {("Uden region", OCTOBER): 1}
    assert evaluation(first=FIRST, last=LAST).regions[-1] == "Uden region"


def test_a_region_that_was_given_another_name_keeps_its_row(region: Organisation, practice: Organisation) -> None:
    Organisation.objects.filter(pk=region.pk).update(code="region-sjaelland", name="Region Øst")
    call(practice, "2019-10-01T09:00:00")

    assert counted() == {("Sjælland", OCTOBER): 1}
    assert len(evaluation(first=FIRST, last=LAST).regions) == 5


def held(organisation: Organisation, began: datetime, *stretches: tuple[datetime, datetime], **fields: object) -> None:
    record = CallRecordFactory.create(organisation=organisation, started_at=began, **fields)
    CallStretch.objects.bulk_create(CallStretch(call=record, began_at=a, ended_at=b) for a, b in stretches)


# Around the end of October, which in Denmark is at 23:00 UTC.
MIDNIGHT = datetime(2019, 10, 31, 23, tzinfo=UTC)


def second(number: int) -> datetime:
    return MIDNIGHT + timedelta(seconds=number)


stretch = st.tuples(st.integers(-20, 20), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(stretch, min_size=1, max_size=3), max_size=8))
def test_the_peak_is_that_of_counting_second_by_second(
    practice: Organisation, calls: list[list[tuple[int, int]]]
) -> None:
    CallRecord.objects.all().delete()
    for stretches in calls:
        held(practice, second(min(a for a, _ in stretches)), *((second(a), second(b)) for a, b in stretches))

    def at_once(moment: int) -> int:
        return sum(sum(a <= moment < b for a, b in stretches) for stretches in calls)

    found = evaluation(first=FIRST, last=LAST).peaks

    assert found == {
        SEPTEMBER: 0,
        OCTOBER: max(at_once(moment) for moment in range(-20, 0)),
        NOVEMBER: max(at_once(moment) for moment in range(40)),
    }


def test_calls_that_do_not_count_make_no_peak(practice: Organisation, region: Organisation) -> None:
    other = OrganisationFactory.create(parent=region)
    both = (second(-60), second(60))
    held(practice, second(-60), both)
    held(practice, second(-60), both, is_test=True)
    held(other, second(-60), both)

    assert evaluation(first=FIRST, last=LAST).peaks == {SEPTEMBER: 0, OCTOBER: 1, NOVEMBER: 1}
