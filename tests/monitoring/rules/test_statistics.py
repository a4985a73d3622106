from __future__ import annotations

from datetime import date

from monitoring.rules.statistics import Calls, Measure, Node, Statistics, Tally, add_up, is_test, practice_of

# Region 1 > practice 2 > unit 3; region 1 > test practice 4 > unit 5; hospital 6 in no region.
NODES = {
    1: Node(1, None, False, False),
    2: Node(2, 1, True, False),
    3: Node(3, 2, False, False),
    4: Node(4, 1, True, True),
    5: Node(5, 4, False, False),
    6: Node(6, None, False, False),
}
DAY = date(2026, 11, 22)


def calls(
    organisation: int,
    *,
    day: date = DAY,
    booked: bool = True,
    devices: int = 2,
    number: int = 1,
    seconds: int = 600,
    instant: int = 0,
) -> Calls:
    return Calls(organisation, day, booked, devices, number, seconds, instant)


def counted(*rows: Calls) -> Statistics:
    return add_up(rows, nodes=NODES, regions={(2, DAY): 1, (3, DAY): 1, (4, DAY): 1, (5, DAY): 1})


def shown(tally: Tally) -> list[int]:
    return [tally.value(measure) for measure in Measure]


def test_a_unit_counts_for_its_practice() -> None:
    numbers = counted(calls(2), calls(3, number=2, seconds=1200, instant=1))

    assert practice_of(3, NODES) == 2
    assert set(numbers.by_practice) == {(1, 2)}
    assert shown(numbers.by_practice[1, 2]) == [3, 30, 0, 0, 1, 1]


def test_what_belongs_to_no_practice_counts_for_itself_and_is_no_active_practice() -> None:
    numbers = counted(calls(6))

    assert shown(numbers.by_practice[None, 6]) == [1, 10, 0, 0, 0, 0]


def test_test_organisations_and_what_lies_below_them_are_left_out() -> None:
    assert is_test(5, NODES)
    assert not is_test(3, NODES)
    assert shown(counted(calls(4), calls(5)).total) == [0, 0, 0, 0, 0, 0]


def test_seconds_are_cut_to_minutes_only_when_shown() -> None:
    numbers = counted(calls(2, seconds=59), calls(6, seconds=59))

    assert numbers.by_practice[1, 2].consultation_minutes == 0
    assert numbers.by_practice[None, 6].consultation_minutes == 0
    assert numbers.total.consultation_minutes == 1


def test_conferences_are_counted_apart() -> None:
    numbers = counted(calls(2, booked=False, seconds=300), calls(2, devices=4, seconds=300), calls(2))

    assert shown(numbers.total) == [1, 10, 2, 10, 0, 1]


def test_calls_in_which_nobody_met_are_not_counted() -> None:
    numbers = counted(calls(2, seconds=0, instant=1))

    assert shown(numbers.total) == [0, 0, 0, 0, 0, 0]


def test_a_practice_is_active_once_in_the_whole_period() -> None:
    numbers = counted(calls(2), calls(2, day=date(2026, 10, 1)))

    assert numbers.by_month[date(2026, 11, 1)].active_practices == 1
    assert numbers.by_month[date(2026, 10, 1)].active_practices == 1
    assert numbers.total.active_practices == 1


def test_regions_go_by_the_day() -> None:
    # On the other day nobody has said where practice 2 belongs.
    numbers = counted(calls(2), calls(2, day=date(2026, 11, 21)))

    assert numbers.by_region[1].consultations == 1
    assert numbers.by_region[None].consultations == 1


def test_what_was_not_booked_is_no_straks_meeting() -> None:
    assert counted(calls(2, booked=False, instant=1), calls(2, instant=1)).total.instant_meetings == 1
