"""Adding calls up: what a month, a practice and a region come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from monitoring.rules.kind import CallKind
from monitoring.rules.month_cells import MonthCell, PracticeSum, RegionCell, Sums


class Measure(StrEnum):
    """What is counted, in the order in which it is shown."""

    CONSULTATIONS = "consultations"
    CONSULTATION_MINUTES = "consultation_minutes"
    CONFERENCES = "conferences"
    CONFERENCE_MINUTES = "conference_minutes"
    INSTANT = "instant_meetings"
    ACTIVE = "active_practices"


@dataclass(frozen=True)
class Node:
    """An organisation as far as counting needs it. ``is_practice``: general or specialist practice.

    It takes part in the pilot on the days from ``pilot_from`` to ``pilot_until``, both included.
    """

    pk: int
    parent: int | None
    is_practice: bool
    is_test: bool
    pilot_from: date | None = None
    pilot_until: date | None = None


@dataclass(slots=True)
class Tally:
    """What some calls come to. Seconds are whole and are cut to minutes only where they are shown."""

    consultations: int = 0
    conferences: int = 0
    consultation_seconds: int = 0
    conference_seconds: int = 0
    # Booked meetings that were held and began at once.
    instant_meetings: int = 0
    # Held for over five minutes; held, but poorly.
    long_calls: int = 0
    poor_calls: int = 0
    # App devices in booked meetings, whether or not anyone else came.
    app_calls: int = 0
    # Rooms in which no two devices met.
    not_held: int = 0
    # Each practice once, however many months are added up.
    active: set[int] = field(default_factory=set)

    @property
    def calls(self) -> int:
        """Consultations and conferences."""
        return self.consultations + self.conferences

    @property
    def seconds(self) -> int:
        """Of both together."""
        return self.consultation_seconds + self.conference_seconds

    @property
    def consultation_minutes(self) -> int:
        """Whole minutes of the consultations."""
        return self.consultation_seconds // 60

    @property
    def conference_minutes(self) -> int:
        """Whole minutes of the conferences."""
        return self.conference_seconds // 60

    @property
    def active_practices(self) -> int:
        """Practices that held at least one of either."""
        return len(self.active)

    def value(self, measure: Measure) -> int:
        """The number that is shown for a measure."""
        number: int = getattr(self, measure.value)
        return number

    @classmethod
    def of(cls, sums: Sums, *, kind: CallKind | None) -> Tally:
        """What was counted; ``kind``: only what is of that kind, None: everything. Who is active is not in it."""
        tally = cls()
        if kind is not CallKind.CONFERENCE:
            tally.consultations += sums.consultations
            tally.consultation_seconds += sums.consultation_seconds
            tally.instant_meetings += sums.consultation_instant
            tally.long_calls += sums.consultation_long
            tally.poor_calls += sums.consultation_poor
            tally.app_calls += sums.consultation_apps
        if kind is not CallKind.CONSULTATION:
            tally.conferences += sums.conferences
            tally.conference_seconds += sums.conference_seconds
            tally.instant_meetings += sums.conference_instant
            tally.long_calls += sums.conference_long
            tally.poor_calls += sums.conference_poor
            tally.app_calls += sums.conference_apps
        if kind is None:
            tally.not_held += sums.not_held
            tally.app_calls += sums.not_held_apps
        return tally

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.calls or self.not_held or self.app_calls)

    def add(self, other: Tally) -> None:
        """Add another one up with this one."""
        self.consultations += other.consultations
        self.conferences += other.conferences
        self.consultation_seconds += other.consultation_seconds
        self.conference_seconds += other.conference_seconds
        self.instant_meetings += other.instant_meetings
        self.long_calls += other.long_calls
        self.poor_calls += other.poor_calls
        self.app_calls += other.app_calls
        self.not_held += other.not_held
        self.active |= other.active


@dataclass
class Statistics:
    """Everything the page shows, by practice (organisation id), region (id or None) and month."""

    total: Tally = field(default_factory=Tally)
    by_month: dict[date, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_region: dict[int | None, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_region_month: dict[tuple[int | None, date], Tally] = field(default_factory=dict)
    by_practice: dict[tuple[int | None, int], Tally] = field(default_factory=dict)


def practice_of(organisation: int, nodes: Mapping[int, Node]) -> int:
    """The practice that a unit's calls count for: the nearest one at or above it, else the unit itself."""
    step: int | None = organisation
    while step is not None:
        if nodes[step].is_practice:
            return step
        step = nodes[step].parent
    return organisation


def is_test(organisation: int, nodes: Mapping[int, Node]) -> bool:
    """Whether the organisation, or one above it, is there for testing only."""
    step: int | None = organisation
    while step is not None:
        if nodes[step].is_test:
            return True
        step = nodes[step].parent
    return False


def add_up(
    regions: Iterable[RegionCell],
    practices: Iterable[PracticeSum],
    *,
    may_be_active: Collection[int],
    kind: CallKind | None = None,
) -> Statistics:
    """What regions came to month by month, each once, and practices in the same months, as the page tells it.

    ``may_be_active``: the practices among those that count for themselves; they are active where they held something.
    With a kind only what is of that kind is counted. A practice that came to nothing is not there.
    """
    result = Statistics()
    active = set(may_be_active)
    for cell in regions:
        if tally := Tally.of(cell.sums, kind=kind):
            held = {CallKind.CONSULTATION: cell.consulting, CallKind.CONFERENCE: cell.conferring}
            tally.active = set().union(*(held[one] for one in held if kind in {None, one})) & active
            result.by_region_month[cell.region, cell.month] = tally
            for whole in (result.total, result.by_month[cell.month], result.by_region[cell.region]):
                whole.add(tally)
    for one in practices:
        if tally := _in_practice(one, kind=kind, may_be_active=may_be_active):
            result.by_practice[one.region, one.practice] = tally
    return result


def month_by_month(
    cells: Iterable[MonthCell], *, may_be_active: Collection[int], kind: CallKind | None = None
) -> dict[tuple[int | None, int, date], Tally]:
    """What practices came to, each month by itself: by region, practice and month."""
    return {
        (cell.region, cell.practice, cell.month): tally
        for cell in cells
        if (tally := _in_practice(cell, kind=kind, may_be_active=may_be_active))
    }


def _in_practice(one: MonthCell | PracticeSum, *, kind: CallKind | None, may_be_active: Collection[int]) -> Tally:
    tally = Tally.of(one.sums, kind=kind)
    if tally.calls and one.practice in may_be_active:
        tally.active.add(one.practice)
    return tally
