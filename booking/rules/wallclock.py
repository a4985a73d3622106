"""From what a Danish wall clock shows to a moment, right across the change to and from summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from vdx.lib.clock import COPENHAGEN


class NoSuchTime(ValueError):
    """The clock skips this time on this day: on the last Sunday of March it goes from 02.00 to 03.00."""


def moment(day: date, clock: time) -> datetime:
    """The moment (UTC) at which a Danish clock shows ``clock`` on ``day``.

    Where it shows it twice (the last Sunday of October from 02.00 to 03.00) the first is meant. Raises
    :class:`NoSuchTime` where it never does.
    """
    local = datetime.combine(day, clock.replace(fold=0, tzinfo=None), COPENHAGEN)
    utc = local.astimezone(UTC)
    if utc.astimezone(COPENHAGEN).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime
    return utc
