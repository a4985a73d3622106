"""Calendar months, from one to another. A month is written as its first day."""

from __future__ import annotations

from datetime import date

# What the page shows at once; a longer wish is cut at the end.
MOST_MONTHS = 36
USUAL_MONTHS = 6


def month_of(day: date) -> date:
    """The month that a day belongs to."""
    return day.replace(day=1)


def plus(month: date, months: int) -> date:
    """The month so many months later, or earlier where the number is negative."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """Every month from the first to the last, both included; empty where the last is the earlier one."""
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    return [plus(first, number) for number in range(length)]


def usual(today: date) -> tuple[date, date]:
    """The period that is shown where nobody has chosen: this month and the five before."""
    last = month_of(today)
    return plus(last, 1 - USUAL_MONTHS), last


def ready_made(today: date, pilot: tuple[date, date] | None = None) -> dict[str, tuple[date, date]]:
    """Periods that are chosen at one press, by name, first and last month; the pilot's where there was one."""
    this = month_of(today)
    found = {
        "this_month": (this, this),
        "last_month": (plus(this, -1), plus(this, -1)),
        "last_12": (plus(this, -11), this),
        "this_year": (this.replace(month=1), this),
    }
    if pilot is not None:
        # No more months than a page shows: the first ones.
        found["pilot"] = (pilot[0], min(pilot[1], plus(pilot[0], MOST_MONTHS - 1)))
    return found
