"""Adding calls up: what a month, a practice and a region come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from monitoring.rules.kind import CallKind, kind_of


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


@dataclass(frozen=True)
class Calls:
    """Calls of one organisation on one Danish day that are alike: how many, how long together, how many straks."""

    organisation: int
    day: date
    booked: bool
    device_count: int
    calls: int
    seconds: int
    instant: int


@dataclass
class Tally:
    """What some calls come to. Seconds are whole and are cut to minutes only where they are shown."""

    consultations: int = 0
    conferences: int = 0
    consultation_seconds: int = 0
    conference_seconds: int = 0
    instant_meetings: int = 0
    # Each practice once, however many months are added up.
    active: set[int] = field(default_factory=set)

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

    def add(self, calls: Calls, *, practice: int, is_practice: bool) -> None:
        """Count some calls in."""
        kind = kind_of(booked=calls.booked, device_count=calls.device_count, seconds_together=calls.seconds)
        if kind is None:
            return
        if kind is CallKind.CONSULTATION:
            self.consultations += calls.calls
            self.consultation_seconds += calls.seconds
        else:
            self.conferences += calls.calls
            self.conference_seconds += calls.seconds
        # A meeting that nobody booked is a conference, whenever it began.
        self.instant_meetings += calls.instant if calls.booked else 0
        if is_practice:
            self.active.add(practice)


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


def add_up(
    rows: Iterable[Calls], *, nodes: Mapping[int, Node], regions: Mapping[tuple[int, date], int | None]
) -> Statistics:
    """Count calls by practice, month and the region that the organisation belonged to on the day."""
    result = Statistics()
    for row in rows:
        if is_test(row.organisation, nodes):
            continue
        practice = practice_of(row.organisation, nodes)
        region = regions.get((row.organisation, row.day))
        month = row.day.replace(day=1)
        for tally in (
            result.total,
            result.by_month[month],
            result.by_region[region],
            result.by_region_month[region, month],
            result.by_practice[region, practice],
            result.by_practice_month[region, practice, month],
        ):
            tally.add(row, practice=practice, is_practice=nodes[practice].is_practice)
    return result
