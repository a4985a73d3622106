"""Adding calls up: what a month, a practice and a region come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from monitoring.rules.kind import CallKind


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


class Counted(Protocol):
    """What a practice came to in a month, in a region (queries/months.py, ``MonthCell``). Seconds are whole."""

    @property
    def practice(self) -> int: ...
    @property
    def region(self) -> int | None: ...
    @property
    def month(self) -> date: ...
    @property
    def consultations(self) -> int: ...
    @property
    def consultation_seconds(self) -> int: ...
    @property
    def consultation_instant(self) -> int: ...
    @property
    def consultation_long(self) -> int: ...
    @property
    def consultation_apps(self) -> int: ...
    @property
    def consultation_poor(self) -> int: ...
    @property
    def conferences(self) -> int: ...
    @property
    def conference_seconds(self) -> int: ...
    @property
    def conference_instant(self) -> int: ...
    @property
    def conference_long(self) -> int: ...
    @property
    def conference_apps(self) -> int: ...
    @property
    def conference_poor(self) -> int: ...
    @property
    def not_held(self) -> int: ...
    @property
    def not_held_apps(self) -> int: ...


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

    def count(self, cell: Counted, *, kind: CallKind | None, is_practice: bool) -> None:
        """Count a cell in; ``kind``: only what is of that kind, None: everything."""
        held = 0
        if kind is not CallKind.CONFERENCE:
            held += cell.consultations
            self.consultations += cell.consultations
            self.consultation_seconds += cell.consultation_seconds
            self.instant_meetings += cell.consultation_instant
            self.long_calls += cell.consultation_long
            self.poor_calls += cell.consultation_poor
            self.app_calls += cell.consultation_apps
        if kind is not CallKind.CONSULTATION:
            held += cell.conferences
            self.conferences += cell.conferences
            self.conference_seconds += cell.conference_seconds
            self.instant_meetings += cell.conference_instant
            self.long_calls += cell.conference_long
            self.poor_calls += cell.conference_poor
            self.app_calls += cell.conference_apps
        if kind is None:
            self.not_held += cell.not_held
            self.app_calls += cell.not_held_apps
        if held and is_practice:
            self.active.add(cell.practice)

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
    """Everything the page and the file show, by practice (organisation id), region (id or None) and month."""

    total: Tally = field(default_factory=Tally)
    by_month: dict[date, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_region: dict[int | None, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_region_month: dict[tuple[int | None, date], Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_practice: dict[tuple[int | None, int], Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_practice_month: dict[tuple[int | None, int, date], Tally] = field(default_factory=lambda: defaultdict(Tally))


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


def add_up(cells: Iterable[Counted], *, practices: Collection[int], kind: CallKind | None = None) -> Statistics:
    """Count cells by practice, month and region; ``practices``: those that are active where they held something.

    With a kind only what is of that kind is counted. A practice that came to nothing is not there.
    """
    result = Statistics()
    for cell in cells:
        month, practice, region = cell.month, cell.practice, cell.region
        tally = Tally()
        tally.count(cell, kind=kind, is_practice=practice in practices)
        if not (tally.calls or tally.not_held or tally.app_calls):
            continue
        known = result.by_practice_month.setdefault((region, practice, month), tally)
        if known is not tally:
            known.add(tally)
        result.by_practice[region, practice].add(tally)
        result.by_region_month[region, month].add(tally)
    for (region, month), tally in result.by_region_month.items():
        for whole in (result.total, result.by_month[month], result.by_region[region]):
            whole.add(tally)
    return result
