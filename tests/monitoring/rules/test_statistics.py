"""Adding up what practices came to in months."""

from __future__ import annotations

from datetime import date

from monitoring.queries import MonthCell
from monitoring.rules.kind import CallKind
from monitoring.rules.statistics import Measure, Node, Statistics, Tally, add_up, is_test, practice_of

# Region 1 > practice 2 > unit 3; region 1 > test practice 4 > unit 5; hospital 6 in no region.
NODES = {
    1: Node(1, None, False, False),
    2: Node(2, 1, True, False),
    3: Node(3, 2, False, False),
    4: Node(4, 1, True, True),
    5: Node(5, 4, False, False),
    6: Node(6, None, False, False),
}
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
WHOLE = MonthCell(
    practice=2,
    region=1,
    month=NOVEMBER,
    consultations=3,
    consultation_seconds=1799,
    consultation_instant=1,
    consultation_long=2,
    consultation_apps=4,
    consultation_poor=1,
    conferences=2,
    conference_seconds=119,
    conference_instant=1,
    conference_long=1,
    conference_apps=5,
    conference_poor=2,
    not_held=7,
    not_held_apps=1,
)


def counted(*cells: MonthCell, kind: CallKind | None = None) -> Statistics:
    return add_up(cells, practices={2}, kind=kind)


def shown(tally: Tally) -> list[int]:
    return [tally.value(measure) for measure in Measure]


def test_a_unit_counts_for_its_practice() -> None:
    assert [practice_of(pk, NODES) for pk in NODES] == [1, 2, 2, 4, 4, 6]


def test_test_organisations_and_what_lies_below_them() -> None:
    assert [pk for pk in NODES if is_test(pk, NODES)] == [4, 5]


def test_everything_of_a_cell() -> None:
    total = counted(WHOLE).total

    assert shown(total) == [3, 29, 2, 1, 2, 1]
    assert (total.calls, total.seconds, total.long_calls, total.poor_calls) == (5, 1918, 3, 3)
    assert (total.app_calls, total.not_held) == (10, 7)


def test_one_kind_alone_and_of_it_nothing_that_was_not_held() -> None:
    consultations = counted(WHOLE, kind=CallKind.CONSULTATION).total
    conferences = counted(WHOLE, kind=CallKind.CONFERENCE).total

    assert shown(consultations) == [3, 29, 0, 0, 1, 1]
    assert shown(conferences) == [0, 0, 2, 1, 1, 1]
    assert [(one.app_calls, one.long_calls, one.poor_calls, one.not_held) for one in (consultations, conferences)] == [
        (4, 2, 1, 0),
        (5, 1, 2, 0),
    ]


def test_by_month_region_and_practice() -> None:
    numbers = counted(
        WHOLE,
        WHOLE._replace(month=OCTOBER),
        WHOLE._replace(region=None),
        MonthCell(practice=6, region=None, month=OCTOBER, consultations=1, consultation_seconds=59),
    )

    def consultations(tallies: object) -> dict[object, int]:
        assert isinstance(tallies, dict)
        return {key: tally.consultations for key, tally in tallies.items()}

    assert consultations(numbers.by_month) == {OCTOBER: 4, NOVEMBER: 6}
    assert consultations(numbers.by_region) == {1: 6, None: 4}
    assert consultations(numbers.by_region_month) == {(1, OCTOBER): 3, (1, NOVEMBER): 3, (None, NOVEMBER): 3,
                                                      (None, OCTOBER): 1}  # fmt: skip
    assert consultations(numbers.by_practice) == {(1, 2): 6, (None, 2): 3, (None, 6): 1}
    assert len(numbers.by_practice_month) == 4
    assert numbers.total.consultations == 10


def test_the_same_cell_twice_is_added() -> None:
    numbers = counted(WHOLE, WHOLE)

    assert numbers.by_practice_month[1, 2, NOVEMBER].consultations == 6
    assert numbers.total.consultations == 6


def test_a_practice_is_active_once_and_what_is_no_practice_never() -> None:
    other = MonthCell(practice=6, region=None, month=NOVEMBER, consultations=1, consultation_seconds=60)
    numbers = counted(WHOLE, WHOLE._replace(month=OCTOBER), other)

    assert [numbers.by_month[month].active_practices for month in (OCTOBER, NOVEMBER)] == [1, 1]
    assert numbers.total.active_practices == 1


def test_who_held_nothing_is_not_active_and_who_came_to_nothing_is_not_there() -> None:
    waited = MonthCell(practice=2, region=1, month=NOVEMBER, not_held=1)
    nothing = MonthCell(practice=6, region=None, month=NOVEMBER)
    numbers = counted(waited, nothing)

    assert shown(numbers.total) == [0, 0, 0, 0, 0, 0]
    assert set(numbers.by_practice) == {(1, 2)}
    assert counted(waited, kind=CallKind.CONFERENCE).by_practice == {}


def test_seconds_are_cut_to_minutes_only_when_shown() -> None:
    half = MonthCell(practice=2, region=1, month=NOVEMBER, consultations=1, consultation_seconds=59)
    numbers = counted(half, half._replace(month=OCTOBER))

    assert [tally.consultation_minutes for tally in numbers.by_month.values()] == [0, 0]
    assert numbers.total.consultation_minutes == 1
