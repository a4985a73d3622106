"""What a straks-møde is: a booked meeting made to start at once."""

from __future__ import annotations

from datetime import datetime, timedelta

# The VDX-API's own bound for "starts now" (contract, section 6.3).
AT_ONCE = timedelta(minutes=2)


def is_instant(start: datetime, created: datetime) -> bool:
    """Whether a meeting starts at most 2 minutes after it was made, whoever made it."""
    return start - created <= AT_ONCE
