"""What the capacity page reads: how far the hub is used, day by day, month by month, and when it will be full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking import queries as booking_queries
from monitoring.models import CallRecord, CapacityAlarm, DayPeak
from monitoring.models_capacity import CapacityLevel
from monitoring.queries.months import month_cells, month_scope
from monitoring.queries.peaks import peaks_of_hub
from monitoring.rules.capacity import Forecast, forecast, spans_of
from monitoring.rules.period import month_of, months_between
from monitoring.rules.together import stretches_together
from rooms import queries as rooms_queries
from vdx.lib.clock import local_date


@dataclass(frozen=True)
class MonthLoad:
    """A month of the whole hub: calls longer than five minutes, and the most calls at the same time."""

    month: date
    long_calls: int
    peak: int


def day_peaks(*, first: date, last: date, now: datetime) -> dict[date, int]:
    """The highest number of calls at once of each Danish day; both days included.

    Days that are over are read as they were counted, those that were not are counted on the spot, and today's goes on
    with the calls of rooms that somebody is in. Two queries for each stretch of days that was not counted, and four.
    """
    today = local_date(now)
    last = min(last, today)
    known = dict(DayPeak.objects.filter(day__gte=first, day__lte=last).values_list("day", "calls"))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for begin, end in spans_of(day for day in days if day not in known or day >= today):
        known |= peaks_of_hub(begin, end, running=_running(now) if end == today else ())
    return {day: known[day] for day in days}


def month_loads(*, first: date, last: date, now: datetime) -> list[MonthLoad]:
    """The months from one to another, both included, counted like figures 4 and 5 of the evaluation, of all calls."""
    months = months_between(month_of(first), month_of(last))
    peaks: dict[date, int] = dict.fromkeys(months, 0)
    for day, calls in day_peaks(first=months[0], last=last, now=now).items():
        peaks[month_of(day)] = max(peaks[month_of(day)], calls)
    long_calls: dict[date, int] = dict.fromkeys(months, 0)
    for cell in month_cells(month_scope(organisation_ids=None, first=months[0], last=last)):
        long_calls[cell.month] += cell.long_calls
    return [MonthLoad(month, long_calls[month], peaks[month]) for month in months]


def capacity_forecast(*, now: datetime) -> Forecast:
    """From the days of the last half year."""
    today = local_date(now)
    load = rooms_queries.load(now)
    peaks = day_peaks(first=today - timedelta(days=182), last=today - timedelta(days=1), now=now)
    return forecast(list(peaks.items()), capacity=load.capacity, limit=load.limit, today=today)


def standing_alarm() -> CapacityLevel | None:
    """What staff are warned of just now, the graver first; None: nothing. One query."""
    levels = set(CapacityAlarm.objects.filter(ended_at=None).values_list("level", flat=True))
    return next((level for level in (CapacityLevel.FULL, CapacityLevel.GRACE) if level in levels), None)


def _running(now: datetime) -> list[tuple[int, datetime, datetime]]:
    """What is held in rooms that somebody is in, as far as no record holds it: whose, from when to when.

    Also of a call in which one is alone just now: what it was before is on record only once everybody has gone.
    """
    calls = rooms_queries.open_calls(now)
    rooms = [call.room_uuid for call in calls]
    meetings = booking_queries.meeting_facts(rooms)
    written = dict(CallRecord.objects.filter(room_uuid__in=rooms).values_list("room_uuid", "ended_at"))
    held = []
    for call in calls:
        if call.room_uuid in meetings and meetings[call.room_uuid].is_test:
            continue
        # Everybody was gone for a moment: what was before stands in the record.
        before = written.get(call.room_uuid)
        for began, ended in stretches_together(call.devices):
            since = began if before is None else max(began, before)
            if since < ended:
                held.append((call.organisation_id, since, ended))
    return held
