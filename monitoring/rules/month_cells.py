"""What calls came to by month, region and practice, as queries/months.py reads it: plain numbers."""

from __future__ import annotations

from datetime import date
from operator import add
from typing import NamedTuple


class Sums(NamedTuple):
    """What calls came to.

    ``seconds`` are whole seconds together, to be cut to minutes in the last sum shown. ``instant`` and ``apps`` are
    those of booked meetings; ``apps`` are devices.
    """

    consultations: int = 0
    consultation_seconds: int = 0
    consultation_instant: int = 0
    consultation_long: int = 0
    consultation_apps: int = 0
    consultation_poor: int = 0
    conferences: int = 0
    conference_seconds: int = 0
    conference_instant: int = 0
    conference_long: int = 0
    conference_apps: int = 0
    conference_poor: int = 0
    # Rooms in which no two devices met, and the booked ones' app devices.
    not_held: int = 0
    not_held_apps: int = 0

    @property
    def calls(self) -> int:
        """Consultations and conferences; a practice with any is active."""
        return self.consultations + self.conferences

    @property
    def instant_meetings(self) -> int:
        """Booked meetings that were held and began at once."""
        return self.consultation_instant + self.conference_instant

    @property
    def long_calls(self) -> int:
        """Calls held for over five minutes."""
        return self.consultation_long + self.conference_long

    @property
    def app_calls(self) -> int:
        """App devices in booked meetings, whether or not anyone else came."""
        return self.consultation_apps + self.conference_apps + self.not_held_apps

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        return Sums._make(map(add, self, other))


class MonthCell(NamedTuple):
    """What a practice (or another organisation that counts for itself) came to in a month, in a region."""

    practice: int
    region: int | None
    month: date
    sums: Sums = Sums()

    @property
    def long_calls(self) -> int:
        """Calls held for over five minutes."""
        return self.sums.long_calls


class PracticeSum(NamedTuple):
    """What a practice (or another organisation that counts for itself) came to in all the months, in a region."""

    practice: int
    region: int | None
    sums: Sums


class RegionCell(NamedTuple):
    """What a region came to in a month, and which practices (or others) held a consultation, or a conference."""

    region: int | None
    month: date
    sums: Sums = Sums()
    consulting: frozenset[int] = frozenset()
    conferring: frozenset[int] = frozenset()
