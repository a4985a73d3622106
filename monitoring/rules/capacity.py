"""When staff are warned that the hub fills up, and when it will be full at the present growth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil, sqrt
from statistics import median

# So long the hub must have been below before crossing again is told again.
CALM = timedelta(minutes=5)
# Mails that fail are tried again so much later, and then given up.
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
# So long after it is over a warning may still be mailed: a worker that was away does not tell of yesterday.
NEWS = timedelta(hours=2)
# Working days that a forecast rests on: a quarter of a year at most, four weeks at least.
MOST_DAYS, LEAST_DAYS = 65, 20
# Growth is believed where chance alone gives such an order less than once in forty times (Mann-Kendall, one-sided).
SURE = 1.96
# Of ten working days one is this busy, or busier.
BUSY = 0.9
# Nobody knows further ahead.
HORIZON = timedelta(days=5 * 365)


class Step(StrEnum):
    """What becomes of the warning of one level."""

    NOTHING = "nothing"
    # Tell staff: it is crossed, or still is on another day.
    BEGIN = "begin"
    RENEW = "renew"
    # Below since now; above again before that has lasted; below for long enough.
    CALM = "calm"
    RESUME = "resume"
    END = "end"


def step(*, above: bool, open_since: date | None, calm_since: datetime | None, now: datetime, today: date) -> Step:
    """``open_since``: the day of the warning that stands, None where none does; ``today`` is the Danish date."""
    if open_since is None:
        return Step.BEGIN if above else Step.NOTHING
    if above:
        if open_since < today:
            return Step.RENEW
        return Step.NOTHING if calm_since is None else Step.RESUME
    if calm_since is None:
        return Step.CALM
    return Step.END if now - calm_since >= CALM else Step.NOTHING


def is_news(*, ended_at: datetime | None, now: datetime) -> bool:
    """Whether a warning is still worth a mail: it stands, or was over only just now."""
    return ended_at is None or now - ended_at <= NEWS


def spans_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """The first and last of each unbroken row of days; days are in order."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts (1 or more); None: given up."""
    return RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


class Outlook(StrEnum):
    """What can be said of when the capacity is reached."""

    TOO_FEW = "too_few"
    NO_GROWTH = "no_growth"
    REACHED = "reached"
    FAR = "far"
    ON = "on"


@dataclass(frozen=True)
class Forecast:
    """``days``: working days it rests on. ``a_week``: calls more at the same time from one week to the next.

    ``capacity_on`` and ``limit_on``: the first day on which a busy working day reaches them, None where nobody can
    say.
    """

    outlook: Outlook
    days: int
    a_week: float = 0.0
    capacity_on: date | None = None
    limit_on: date | None = None


def forecast(peaks: Sequence[tuple[date, int]], *, capacity: int, limit: int, today: date) -> Forecast:
    """From the highest number of calls at the same time of each day, to when the capacity is reached.

    Working days (Monday to Friday) with any call count, the newest first; today is not over and does not. The line
    is Theil and Sen's (the median of all slopes), which single days do not bend; it must rise more surely than chance
    (Mann-Kendall). Of ten working days one lies as far above it as a busy one, and that is what reaches the capacity.
    """
    days = sorted((day, calls) for day, calls in peaks if calls > 0 and day < today and day.weekday() < 5)
    days = days[-MOST_DAYS:]
    if len(days) < LEAST_DAYS:
        return Forecast(Outlook.TOO_FEW, len(days))
    slope, base = _line(days, today)
    if base >= capacity:
        return Forecast(Outlook.REACHED, len(days), slope * 7, today, today if base >= limit else None)
    if slope <= 0 or not _rises(days):
        return Forecast(Outlook.NO_GROWTH, len(days))
    capacity_on, limit_on = (_on(base, slope, most, today) for most in (capacity, limit))
    return Forecast(Outlook.FAR if capacity_on is None else Outlook.ON, len(days), slope * 7, capacity_on, limit_on)


def _line(days: Sequence[tuple[date, int]], today: date) -> tuple[float, float]:
    """Calls more a day, and where a busy working day would lie today."""
    slope = median(
        (later - earlier) / (after - before).days
        for number, (before, earlier) in enumerate(days)
        for after, later in days[number + 1 :]
    )
    # What each day would be today, had it grown along.
    today_like = sorted(calls + slope * (today - day).days for day, calls in days)
    return slope, today_like[ceil(BUSY * len(today_like)) - 1]


def _rises(days: Sequence[tuple[date, int]]) -> bool:
    count = len(days)
    score = sum(
        (later > earlier) - (later < earlier)
        for number, (_, earlier) in enumerate(days)
        for _, later in days[number + 1 :]
    )
    return (score - 1) / sqrt(count * (count - 1) * (2 * count + 5) / 18) > SURE


def _on(base: float, slope: float, most: int, today: date) -> date | None:
    # Compared before it is counted in days: with a very small slope it is further off than any calendar knows.
    if (most - base) > slope * HORIZON.days:
        return None
    return today + timedelta(days=max(1, ceil((most - base) / slope)))
