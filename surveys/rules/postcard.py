"""The doctor's postcard: which edition, until when, and how many cards are mixed."""

from __future__ import annotations

from datetime import datetime, timedelta

from surveys.enums import Edition

# The one region that has an edition of its own (evaluation report, MedCom 2020).
SYDDANMARK = "region-syddanmark"
# As many other cards of the day change place with a new one. On a day with no more cards than that, their order is
# drawn anew as a whole; on a busier day the newest is one of 64.
MIXED_WITH = 63
# The card is offered after the call, and stands on the doctor's list for a week.
ANSWER_WITHIN = timedelta(days=7)


def edition_for(region_code: str | None) -> Edition:
    """The edition for a practice of this region; without a region the national one."""
    return Edition.SYDDANMARK if region_code == SYDDANMARK else Edition.NATIONAL


def may_answer(*, closed_at: datetime | None, now: datetime) -> bool:
    """Whether a call may still be answered for: while its room is open, and for a week after."""
    return closed_at is None or now - closed_at <= ANSWER_WITHIN
