"""The doctor's postcard: which edition, until when, and how many cards are mixed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from surveys.enums import Edition, GoodPoor, Replaced, YesNo

# The one region that has an edition of its own (evaluation report, MedCom 2020).
SYDDANMARK = "region-syddanmark"
# What a card has a column for, with its codes; an edition asks in its own words and order.
CODES: Mapping[str, frozenset[int]] = {
    "carried_out": frozenset(YesNo.values),
    "picture": frozenset(GoodPoor.values),
    "sound": frozenset(GoodPoor.values),
    "longer": frozenset(YesNo.values),
    "replaced": frozenset(Replaced.values),
}
# The fifth question is not in Syddanmark's edition.
ASKED: Mapping[Edition, frozenset[str]] = {
    Edition.NATIONAL: frozenset(CODES),
    Edition.SYDDANMARK: frozenset(CODES) - {"replaced"},
}
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
