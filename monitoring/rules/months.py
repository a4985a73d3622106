"""Days in whole months and what is left of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from monitoring.rules.period import month_of, months_between, plus


@dataclass(frozen=True)
class Cut:
    """A stretch of days as whole months, and the days at its ends that are not a whole month."""

    months: tuple[date, ...]
    # First and last day, both included, within one month each.
    rest: tuple[tuple[date, date], ...]


def cut(first: date, last: date) -> Cut:
    """Cut the days from one to another, both included, at the ends of months."""
    if last < first:
        return Cut((), ())
    months = months_between(month_of(first), month_of(last))
    whole, rest = [], []
    for month in months:
        end = end_of(month)
        if first <= month and end <= last:
            whole.append(month)
        else:
            rest.append((max(first, month), min(last, end)))
    return Cut(tuple(whole), tuple(rest))


def end_of(month: date) -> date:
    """The last day of a month."""
    return plus(month, 1) - timedelta(days=1)
