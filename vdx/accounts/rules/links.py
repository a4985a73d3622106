"""How long a one-time link is good for, and how often its delivery is tried."""

from __future__ import annotations

from datetime import timedelta

GOOD_FOR = {"invitation": timedelta(days=7), "password": timedelta(hours=1)}
# A second wish within this time sends no second mail, so that nobody's mailbox can be filled by another.
QUIET = timedelta(minutes=5)
MAX_ATTEMPTS = 8
_FIRST_DELAY = timedelta(seconds=30)
_LONGEST_DELAY = timedelta(hours=1)


def good_for(purpose: str) -> timedelta:
    """How long a link works, from the moment it was sent or shown."""
    return GOOD_FOR[purpose]


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after so many attempts (1 or more) before the next."""
    doubled: int = 2 ** min(attempts - 1, 20)
    return min(_FIRST_DELAY * doubled, _LONGEST_DELAY)


def is_given_up(attempts: int) -> bool:
    """Whether so many attempts were enough."""
    return attempts >= MAX_ATTEMPTS
