"""Adding up what practices came to in months."""

from __future__ import annotations

from datetime import date

from monitoring.rules.kind import CallKind
from monitoring.rules.month_cells import MonthCell, PracticeSum, RegionCell, Sums
from monitoring.rules.statistics import Measure, Node, Statistics, Tally, add_up, is_test, month_by_month, practice_of

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
WHOLE = Sums(
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
BOTH = frozenset({2})


def counted(*cells: RegionCell | PracticeSum, kind: CallKind | None = None) -> Statistics:
    return add_up(
        [cell for cell in cells if isinstance(cell, RegionCell)],
        [cell for cell in cells if isinstance(cell, PracticeSum)],
        may_be_active={2},
        kind=kind,
    )


def region(one: int | None = 1, month: date = NOVEMBER, sums: Sums = WHOLE, who: frozenset[int] = BOTH) -> RegionCell:
    return RegionCell(
        one, month, sums, who if sums.consultations else frozenset(), who if sums.conferences else frozenset()
    )


def shown(tally: Tally) -> list[int]:
    return [tally.value(measure) for measure in Measure]


def test_a_unit_counts_for_its_practice() -> None:
    assert [practice_of(pk, NODES) for pk in NODES] == [1, 2, 2, 4, 4, 6]


def test_test_organisations_and_what_lies_below_them() -> None:
    assert [pk for pk in NODES if is_test(pk, NODES)] == [4, 5]


def test_everything_of_a_cell() -> None:
    total = counted(region()).total

    assert shown(total) == [3, 29, 2, 1, 2, 1]
    assert (total.calls, total.seconds, total.long_calls, total.poor_calls) == (5, 1918, 3, 3)
    assert (total.app_calls, total.not_held) == (10, 7)


def test_one_kind_alone_and_of_it_nothing_that_was_not_held() -> None:
    consultations = counted(region(), kind=CallKind.CONSULTATION).total
    conferences = counted(region(), kind=CallKind.CONFERENCE).total

    assert shown(consultations) == [3, 29, 0, 0, 1, 1]
    assert shown(conferences) == [0, 0, 2, 1, 1, 1]
    assert [(one.app_calls, one.long_calls, one.poor_calls, one.not_held) for one in (consultations, conferences)] == [
        (4, 2, 1, 0),
        (5, 1, 2, 0),
    ]


def test_by_month_region_and_practice() -> None:
    numbers = counted(
        region(),
        region(month=OCTOBER),
        region(None),
        region(None, OCTOBER, Sums(consultations=1, consultation_seconds=59), frozenset({6})),
        PracticeSum(2, 1, WHOLE),
        PracticeSum(2, None, WHOLE),
        PracticeSum(6, None, Sums(consultations=1, consultation_seconds=59)),
    )

    def consultations(tallies: object) -> dict[object, int]:
        assert isinstance(tallies, dict)
        return {key: tally.consultations for key, tally in tallies.items()}

    assert consultations(numbers.by_month) == {OCTOBER: 4, NOVEMBER: 6}
    assert consultations(numbers.by_region) == {1: 6, None: 4}
    assert consultations(numbers.by_region_month) == {(1, OCTOBER): 3, (1, NOVEMBER): 3, (None, NOVEMBER): 3,
                                                      (None, OCTOBER): 1}  # fmt: skip
    assert consultations(numbers.by_practice) == {(1, 2): 3, (None, 2): 3, (None, 6): 1}
    assert numbers.total.consultations == 10


def test_what_practices_came_to_in_each_month() -> None:
    tallies = month_by_month(
        [
            MonthCell(2, 1, OCTOBER, WHOLE),
            MonthCell(2, 1, NOVEMBER, Sums(not_held=1)),
            MonthCell(6, None, NOVEMBER, Sums(consultations=1)),
            MonthCell(6, None, OCTOBER),
        ],
        may_be_active={2},
    )

    assert {key: (tally.calls, tally.active) for key, tally in tallies.items()} == {
        (1, 2, OCTOBER): (5, {2}),
        (1, 2, NOVEMBER): (0, set()),
        (None, 6, NOVEMBER): (1, set()),
    }


def test_a_practice_is_active_once_and_what_is_no_practice_never() -> None:
    numbers = counted(region(), region(month=OCTOBER), region(None, sums=WHOLE, who=frozenset({2, 6})))

    assert [numbers.by_month[month].active_practices for month in (OCTOBER, NOVEMBER)] == [1, 1]
    assert [numbers.by_region[one].active_practices for one in (1, None)] == [1, 1]
    assert numbers.total.active_practices == 1


def test_who_held_nothing_of_a_kind_is_not_active_in_it() -> None:
    cell = RegionCell(1, NOVEMBER, WHOLE, consulting=frozenset({2}), conferring=frozenset({4}))

    def active(kind: CallKind | None) -> set[int]:
        return add_up([cell], [], may_be_active={2, 4}, kind=kind).total.active

    assert [active(kind) for kind in (CallKind.CONSULTATION, CallKind.CONFERENCE, None)] == [{2}, {4}, {2, 4}]


def test_who_held_nothing_is_not_active_and_who_came_to_nothing_is_not_there() -> None:
    waited, nothing = Sums(not_held=1), Sums()
    cells = [region(sums=waited), region(month=OCTOBER, sums=nothing), PracticeSum(2, 1, waited),
             PracticeSum(6, None, nothing)]  # fmt: skip
    numbers = counted(*cells)

    assert shown(numbers.total) == [0, 0, 0, 0, 0, 0]
    assert set(numbers.by_practice) == {(1, 2)}
    assert set(numbers.by_region_month) == {(1, NOVEMBER)}
    assert counted(*cells, kind=CallKind.CONFERENCE).by_practice == {}


def test_seconds_are_cut_to_minutes_only_when_shown() -> None:
    half = Sums(consultations=1, consultation_seconds=59)
    numbers = counted(region(sums=half), region(month=OCTOBER, sums=half))

    assert [tally.consultation_minutes for tally in numbers.by_month.values()] == [0, 0]
    assert numbers.total.consultation_minutes == 1
