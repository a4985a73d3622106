"""The highest number of calls at the same time, in the whole hub."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring import services
from monitoring.models import CallRecord, DayPeak
from monitoring.queries import capacity_forecast, day_peaks, month_loads
from monitoring.queries.peaks import peaks_of_hub
from rooms import services as rooms
from tests.factories.accounts import OrganisationFactory
from tests.factories.monitoring import CallRecordFactory
from tests.monitoring.test_evaluation import held
from tests.rooms.services.test_lines import call as running_call
from tests.rooms.services.test_races import at_once
from vdx.accounts.models import Organisation
from vdx.lib.clock import day_bounds

pytestmark = [pytest.mark.django_db, pytest.mark.service]

DAY = date(2026, 10, 24)
SUNDAY = DAY + timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def practice() -> Organisation:
    return OrganisationFactory.create()


# Minutes from the first day's Danish midnight, over the change to winter time: the second day has 25 hours.
MIDNIGHT = day_bounds(DAY)[0]
stretch = st.tuples(st.integers(-60, 73 * 60), st.integers(1, 20 * 60)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(stretch, min_size=1, max_size=3), max_size=8))
def test_each_days_peak_is_that_of_counting_minute_by_minute(
    practice: Organisation, calls: list[list[tuple[int, int]]]
) -> None:
    CallRecord.objects.all().delete()
    for stretches in calls:
        first = min(a for a, _ in stretches)
        held(practice, MIDNIGHT + first * MINUTE, *(
            (MIDNIGHT + a * MINUTE, MIDNIGHT + b * MINUTE) for a, b in stretches
        ))  # fmt: skip

    def at_once(minute: int) -> int:
        return sum(sum(a <= minute < b for a, b in stretches) for stretches in calls)

    expected = {}
    for day in (DAY, SUNDAY, SUNDAY + timedelta(days=1)):
        begin, end = ((edge - MIDNIGHT) // MINUTE for edge in day_bounds(day))
        expected[day] = max(at_once(minute) for minute in range(begin, end))
    assert peaks_of_hub(DAY, SUNDAY + timedelta(days=1)) == expected


def test_the_whole_hub_counts_and_tests_do_not(practice: Organisation) -> None:
    begin, end = MIDNIGHT + 10 * MINUTE, MIDNIGHT + 20 * MINUTE
    municipality = OrganisationFactory.create(kind="municipality")
    trial = OrganisationFactory.create(is_test=True)
    for organisation in (practice, municipality, trial, OrganisationFactory.create(parent=trial)):
        held(organisation, begin, (begin, end))
    held(practice, begin, (begin, end), is_test=True)
    held(practice, begin, (begin, end), seconds_together=0)
    assert peaks_of_hub(DAY, DAY) == {DAY: 2}
    assert peaks_of_hub(SUNDAY, DAY) == {}


def test_days_that_are_over_are_read_as_they_were_counted(practice: Organisation) -> None:
    now = datetime(2026, 10, 27, 12, 0, tzinfo=UTC)
    held(practice, MIDNIGHT, (MIDNIGHT, MIDNIGHT + MINUTE))
    assert day_peaks(first=DAY, last=SUNDAY, now=now) == {DAY: 1, SUNDAY: 0}
    assert services.count_peaks(now=now) == 3
    assert dict(DayPeak.objects.values_list("day", "calls")) == {
        DAY: 1,
        SUNDAY: 0,
        SUNDAY + timedelta(days=1): 0,
    }
    # What comes in much later is found by the daily count, and by an import at once.
    held(practice, MIDNIGHT, (MIDNIGHT, MIDNIGHT + MINUTE))
    later = now + timedelta(days=9)
    services.count_peaks(now=later)
    assert day_peaks(first=DAY, last=DAY, now=later) == {DAY: 1}
    services.forget_peaks(first=DAY, last=DAY)
    assert day_peaks(first=DAY, last=DAY, now=later) == {DAY: 2}
    assert services.count_peaks(now=later, everything=True) == 12
    assert DayPeak.objects.get(day=DAY).calls == 2


def test_today_goes_on_with_the_calls_that_run(practice: Organisation) -> None:
    now = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    held(practice, now - 5 * MINUTE, (now - 5 * MINUTE, now - MINUTE))
    running_call(now - 2 * MINUTE)
    running_call(now - 2 * MINUTE)
    assert day_peaks(first=DAY - timedelta(days=1), last=SUNDAY, now=now) == {DAY - timedelta(days=1): 0, DAY: 3}
    # Those of a test organisation take a place, and are in no statistics.
    Organisation.objects.exclude(pk=practice.pk).update(is_test=True)
    assert day_peaks(first=DAY, last=DAY, now=now) == {DAY: 1}


def test_a_call_in_which_one_is_alone_now_counts_for_the_time_before(practice: Organisation) -> None:
    now = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    _, guest = running_call(now - 20 * MINUTE)
    running_call(now - 10 * MINUTE)
    rooms.seen(visit_id=guest.visits.get().pk, now=now - 5 * MINUTE)
    rooms.disconnect(visit_id=guest.visits.get().pk, now=now - 5 * MINUTE)
    assert day_peaks(first=DAY, last=DAY, now=now) == {DAY: 2}


def test_a_call_that_was_over_for_a_moment_counts_once(practice: Organisation) -> None:
    now = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    host, _ = running_call(now - 10 * MINUTE)
    held(
        practice, now - 10 * MINUTE, (now - 10 * MINUTE, now - 5 * MINUTE),
        room_uuid=host.room.uuid, ended_at=now - 5 * MINUTE,
    )  # fmt: skip
    assert day_peaks(first=DAY, last=DAY, now=now) == {DAY: 1}


def test_days_that_an_import_has_forgotten_are_counted_by_the_hour_and_the_others_stay(practice: Organisation) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    held(practice, MIDNIGHT, (MIDNIGHT, MIDNIGHT + MINUTE))
    services.count_peaks(now=now)
    DayPeak.objects.filter(day=SUNDAY).update(calls=7)
    services.forget_peaks(first=DAY, last=DAY)
    # Three days that may still change, and the one that was forgotten.
    assert services.count_peaks(now=now) == 4
    assert dict(DayPeak.objects.filter(day__lte=SUNDAY).values_list("day", "calls")) == {DAY: 1, SUNDAY: 7}


def test_days_before_the_first_call_make_nobody_count_the_others_anew(practice: Organisation) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    held(practice, MIDNIGHT, (MIDNIGHT, MIDNIGHT + MINUTE))
    services.count_peaks(now=now)
    DayPeak.objects.filter(day=SUNDAY).update(calls=7)
    peaks = day_peaks(first=DAY - timedelta(days=30), last=now.date(), now=now)
    assert (peaks[DAY - timedelta(days=1)], peaks[DAY], peaks[SUNDAY]) == (0, 1, 7)


@pytest.mark.django_db(transaction=True)
def test_a_count_beside_a_change_leaves_no_old_number(practice: Organisation) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    held(practice, MIDNIGHT, (MIDNIGHT, MIDNIGHT + MINUTE))
    services.count_peaks(now=now)

    def bring_in() -> None:
        with transaction.atomic():
            held(practice, MIDNIGHT, (MIDNIGHT, MIDNIGHT + MINUTE))
            services.forget_peaks(first=DAY, last=DAY)

    at_once(*[bring_in, partial(services.count_peaks, now=now, everything=True)] * 3)
    assert day_peaks(first=DAY, last=DAY, now=now) == {DAY: 4}


def test_months_of_the_whole_hub(practice: Organisation) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    for number in range(3):
        begin = datetime(2026, 10, 5 + number // 2, 8, tzinfo=UTC)
        held(practice, begin, (begin, begin + MINUTE), seconds_together=301 if number else 300)
    CallRecordFactory.create(organisation=practice, started_at=now - MINUTE, seconds_together=400)
    found = month_loads(first=october, last=now.date(), now=now)
    assert [(one.month, one.long_calls, one.peak) for one in found] == [(october, 2, 2), (november, 1, 0)]


def test_many_calls_ask_no_more_than_few(practice: Organisation, django_assert_max_num_queries: Any) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    for _ in range(3):
        held(practice, MIDNIGHT, (MIDNIGHT, MIDNIGHT + MINUTE))
        running_call(now)
        with django_assert_max_num_queries(9):
            day_peaks(first=DAY, last=now.date(), now=now)


def test_a_forecast_without_calls_says_so() -> None:
    assert capacity_forecast(now=datetime(2026, 11, 23, 12, 0, tzinfo=UTC)).days == 0
