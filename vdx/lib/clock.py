"""The one place that asks what time it is.

Inside the hub every time is UTC; people see Europe/Copenhagen. Rules take ``now`` as an argument.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as a clock on a Danish wall shows it."""
    return moment.astimezone(COPENHAGEN)


def local_date(moment: datetime) -> date:
    """The Danish calendar date of a moment."""
    return local(moment).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of a Danish day and first moment of the next, in UTC.

    The days of the change to and from summer time are 23 and 25 hours long.
    """
    start = datetime.combine(day, time(), COPENHAGEN)
    end = datetime.combine(day + timedelta(days=1), time(), COPENHAGEN)
    return start.astimezone(UTC), end.astimezone(UTC)


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """First moment of a Danish calendar month and first moment of the next, in UTC."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return day_bounds(date(year, month, 1))[0], day_bounds(following)[0]
