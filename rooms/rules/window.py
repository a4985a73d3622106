"""When a room is open. A room without times has no window: it is open from the start and stays so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class WindowState(StrEnum):
    """Where ``now`` lies."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


def opens_at(*, starts_at: datetime | None, before_minutes: int) -> datetime | None:
    """First moment of the window: so many minutes before the start."""
    if starts_at is None:
        return None
    return shifted(starts_at, -max(before_minutes, 0))


def closes_at(*, ends_at: datetime | None, after_minutes: int, ends_on_time: bool) -> datetime | None:
    """First moment after the window: the end itself where the meeting ends on time, else so many minutes later."""
    if ends_at is None or ends_on_time:
        return ends_at
    return shifted(ends_at, max(after_minutes, 0))


def window_state(*, now: datetime, opens: datetime | None, closes: datetime | None) -> WindowState:
    """Where ``now`` lies. ``opens`` belongs to the window, ``closes`` does not; the end goes before the beginning."""
    if closes is not None and now >= closes:
        return WindowState.CLOSED
    if opens is not None and now < opens:
        return WindowState.BEFORE
    return WindowState.OPEN


def extended(*, ends_at: datetime, minutes: int) -> datetime:
    """The new end of a meeting that goes on for so many minutes more."""
    return shifted(ends_at, minutes)


def shifted(moment: datetime, minutes: int) -> datetime:
    """The moment so many minutes later, or the end of the calendar where there is no such time."""
    try:
        return moment + timedelta(minutes=minutes)
    except OverflowError:
        return LAST if minutes > 0 else FIRST
