"""How a meeting stands, in one word for the portal."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """The first that fits, in this order."""

    CANCELLED = "cancelled"
    OVER = "over"
    WAITING = "waiting"
    LIVE = "live"
    OPEN = "open"
    BEFORE = "before"


def standing(
    *,
    now: datetime,
    cancelled: bool,
    closed: bool,
    opens_at: datetime | None,
    closes_at: datetime | None,
    waiting: int,
    devices: int,
) -> Standing:
    """Waiting patients go before those who talk. A room past its time is over, whether it has been closed or not."""
    if cancelled:
        return Standing.CANCELLED
    if closed or (closes_at is not None and closes_at <= now):
        return Standing.OVER
    if waiting:
        return Standing.WAITING
    if devices:
        return Standing.LIVE
    return Standing.OPEN if opens_at is None or opens_at <= now else Standing.BEFORE
