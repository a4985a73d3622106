"""What a host may do for somebody who waits, and what that person is told of the doctor."""

from __future__ import annotations

from datetime import datetime, timedelta

from rooms.enums import DoctorIs

RING_EVERY = timedelta(seconds=10)
# Whoever comes back within this time hears that it has rung meanwhile.
RING_LASTS = timedelta(minutes=2)
# The same for a sentence.
WORD_LASTS = timedelta(minutes=30)
LONGEST_DELAY = 60
# What one tap in the room says, in minutes; 0 takes it back.
DELAYS = (5, 10, 15, 20, 0)


def may_ring(rung_at: datetime | None, now: datetime) -> bool:
    """Whether ten seconds have gone since the last ring."""
    return rung_at is None or now - rung_at >= RING_EVERY


def is_delay(minutes: int) -> bool:
    """Whether somebody can be so late; 0: not at all."""
    return 0 <= minutes <= LONGEST_DELAY


def doctor_is(*, here: bool, elsewhere: bool) -> DoctorIs:
    """Where the doctor is. ``here``: a host is connected in the room; ``elsewhere``: the doctor is, in another one."""
    if here:
        return DoctorIs.HERE
    return DoctorIs.BUSY if elsewhere else DoctorIs.AWAY


def is_news(at: datetime | None, heard_at: datetime | None, *, now: datetime, lasts: timedelta) -> bool:
    """Whether somebody who waits has yet to hear what was done at ``at``; too long ago is of no use."""
    return at is not None and (heard_at is None or at > heard_at) and now - at < lasts
