"""Warnings once, and when the hub will be full."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitoring.rules.capacity import (
    CALM,
    LEAST_DAYS,
    MOST_DAYS,
    RETRIES,
    Forecast,
    Outlook,
    Step,
    forecast,
    retry_after,
    step,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 11, 23), date(2026, 11, 22)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("above", "open_since", "calm_since", "what"),
    [
        (True, None, None, Step.BEGIN),
        (False, None, None, Step.NOTHING),
        # Once when it is crossed, and not for each call.
        (True, TODAY, None, Step.NOTHING),
        # Again on another day.
        (True, YESTERDAY, None, Step.RENEW),
        (True, YESTERDAY, NOW - MINUTE, Step.RENEW),
        # Below, and above again before anybody could call it below.
        (False, TODAY, None, Step.CALM),
        (False, TODAY, NOW - CALM + MINUTE, Step.NOTHING),
        (True, TODAY, NOW - MINUTE, Step.RESUME),
        (False, TODAY, NOW - CALM, Step.END),
        (False, YESTERDAY, NOW - CALM, Step.END),
    ],
)
def test_what_becomes_of_a_warning(
    above: bool, open_since: date | None, calm_since: datetime | None, what: Step
) -> None:
    assert step(above=above, open_since=open_since, calm_since=calm_since, now=NOW, today=TODAY) is what


def test_a_mail_is_tried_five_times() -> None:
    assert [retry_after(attempts) for attempts in range(1, 7)] == [*RETRIES, None, None]


# --- Forecast ---


def weekdays(count: int, *, until: date = YESTERDAY) -> list[date]:
    days = (until - timedelta(days=back) for back in range(count * 2))
    return sorted([day for day in days if day.weekday() < 5][:count])


def said(peaks: list[tuple[date, int]], *, capacity: int = 250, limit: int = 312) -> Forecast:
    return forecast(peaks, capacity=capacity, limit=limit, today=TODAY)


def test_growth_by_the_day_leads_to_the_day() -> None:
    # Five more a week, 97 on the last Friday.
    first = date(2026, 8, 24)
    peaks = [(day, 5 + (day - first).days) for day in weekdays(60)]
    found = said(peaks)
    assert (found.outlook, found.days, round(found.a_week, 6)) == (Outlook.ON, 60, 7.0)
    assert found.capacity_on == first + timedelta(days=245)
    assert found.limit_on == first + timedelta(days=307)


def test_single_days_do_not_bend_it() -> None:
    first = date(2026, 8, 24)
    peaks = [(day, 50 + (day - first).days) for day in weekdays(60)]
    straight = said(peaks)
    peaks[10], peaks[40] = (peaks[10][0], 1), (peaks[40][0], 240)
    bent = said(peaks)
    assert straight.capacity_on is not None
    assert bent.capacity_on is not None
    assert abs((straight.capacity_on - bent.capacity_on).days) <= 2


@pytest.mark.parametrize("peaks", [[7] * 60, list(range(100, 40, -1)), [5, 9] * 30, [4, 6, 5, 3] * 15])
def test_without_growth_that_is_said(peaks: list[int]) -> None:
    found = said(list(zip(weekdays(60), peaks, strict=True)))
    assert found == Forecast(Outlook.NO_GROWTH, 60)


def test_slow_growth_is_too_far_to_be_said() -> None:
    found = said([(day, 10 + number // 20) for number, day in enumerate(weekdays(60))])
    assert found.outlook is Outlook.FAR
    assert (found.capacity_on, found.limit_on) == (None, None)
    assert found.a_week > 0


@pytest.mark.parametrize(("most", "over"), [(260, None), (320, TODAY)])
def test_where_it_is_there_already(most: int, over: date | None) -> None:
    found = said([(day, most) for day in weekdays(30)])
    assert (found.outlook, found.capacity_on, found.limit_on) == (Outlook.REACHED, TODAY, over)


def test_a_busy_day_reaches_it_before_an_ordinary_one() -> None:
    first = date(2026, 8, 24)
    calm = said([(day, 50 + (day - first).days) for day in weekdays(60)])
    busy = said([(day, 50 + (day - first).days + (40 if day.weekday() == 0 else 0)) for day in weekdays(60)])
    assert calm.capacity_on is not None
    assert busy.capacity_on == calm.capacity_on - timedelta(days=40)


def test_weekends_empty_days_and_today_do_not_count() -> None:
    peaks = [(day, 7) for day in weekdays(LEAST_DAYS)]
    noise = [(TODAY, 900), (date(2026, 11, 21), 1), (date(2026, 11, 22), 1), (date(2026, 9, 1), 0)]
    assert said(peaks + noise) == Forecast(Outlook.NO_GROWTH, LEAST_DAYS)
    assert said(peaks[1:] + noise) == Forecast(Outlook.TOO_FEW, LEAST_DAYS - 1)
    assert said([]) == Forecast(Outlook.TOO_FEW, 0)


def test_no_more_than_a_quarter_of_a_year_is_looked_at() -> None:
    old = [(day, 200) for day in weekdays(80, until=weekdays(MOST_DAYS)[0] - timedelta(days=1))]
    assert said([*old, *((day, 7) for day in weekdays(MOST_DAYS))]) == Forecast(Outlook.NO_GROWTH, MOST_DAYS)
