"""When a patient's link is sent, tried again and given up, and how many may be sent."""

from __future__ import annotations

from datetime import datetime, timedelta

# A gateway that is down in the morning is up again before the afternoon's consultations.
GIVE_UP_AFTER = timedelta(hours=4)
REMIND_BEFORE = timedelta(minutes=15)
# A practice of many doctors books some dozens an hour; more is a mistake, or somebody else with their login.
MOST_A_MEETING = 5
MOST_AN_HOUR = 100
HOUR = timedelta(hours=1)
# How long a try takes at most, the gateway's time and the database's: meanwhile nobody else tries.
CLAIM = timedelta(seconds=60)

_FIRST_DELAY = timedelta(seconds=30)
_LONGEST_DELAY = timedelta(minutes=20)


def retry_delay(tries: int) -> timedelta:
    """How long to wait after so many tries (1 or more) before the next: doubled from half a minute to 20 minutes."""
    doubled: int = 2 ** min(tries - 1, 20)
    return min(_FIRST_DELAY * doubled, _LONGEST_DELAY)


def give_up_at(*, first_due: datetime, meeting_end: datetime) -> datetime:
    """From when on it is of no use any more: four hours after the first try was due, or when the meeting is over."""
    return min(first_due + GIVE_UP_AFTER, meeting_end)


def reminder_due(start: datetime) -> datetime:
    """When the reminder goes out."""
    return start - REMIND_BEFORE


def reminder_is_worth_it(*, start: datetime, now: datetime) -> bool:
    """Whether the link and its reminder would not come at the same moment."""
    return reminder_due(start) - now >= REMIND_BEFORE
