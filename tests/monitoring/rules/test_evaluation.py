from __future__ import annotations

from datetime import date

import pytest

from monitoring.rules.evaluation import (
    Cell,
    Evaluation,
    Practice,
    percent,
    pilot_units,
    pilot_window,
    rounded,
    signed_up,
)
from monitoring.rules.regions import REGIONS, code_of, order, region_name, short_name
from monitoring.rules.statistics import Node

FIRST, LAST = date(2019, 6, 1), date(2020, 1, 31)
DAY = date(2019, 9, 15)


def practice(first: date | None, last: date | None = None, *, is_test: bool = False, is_practice: bool = True) -> Node:
    return Node(1, None, is_practice, is_test, first, last)


@pytest.mark.parametrize(
    ("node", "window"),
    [
        (practice(DAY), (DAY, LAST)),
        (practice(date(2019, 1, 1)), (FIRST, LAST)),
        (practice(date(2019, 1, 1), DAY), (FIRST, DAY)),
        (practice(DAY, DAY), (DAY, DAY)),
        # The last day of the period, and the day after it.
        (practice(LAST), (LAST, LAST)),
        (practice(date(2020, 2, 1)), None),
        # The first day of the period, and the day before it.
        (practice(date(2019, 1, 1), FIRST), (FIRST, FIRST)),
        (practice(date(2019, 1, 1), date(2019, 5, 31)), None),
        # Who never signed up, and who is no practice.
        (practice(None), None),
        (practice(None, DAY), None),
        (practice(DAY, is_practice=False), None),
    ],
)
def test_a_practice_takes_part_from_day_to_day_both_included(node: Node, window: tuple[date, date] | None) -> None:
    assert pilot_window(node, FIRST, LAST) == window


def test_a_unit_takes_part_with_its_practice_and_test_organisations_do_not() -> None:
    nodes = {
        1: Node(1, None, False, False),
        2: Node(2, 1, True, False, DAY, None),
        3: Node(3, 2, False, False),
        4: Node(4, 1, True, True, DAY, None),
        5: Node(5, 4, False, False, DAY, None),
        6: Node(6, 1, True, False),
    }

    assert pilot_units(nodes, FIRST, LAST) == {2: (2, DAY, LAST), 3: (2, DAY, LAST)}
    assert signed_up(nodes, LAST) == {2: DAY}
    assert signed_up(nodes, date(2019, 9, 14)) == {}


def test_who_has_left_stays_signed_up() -> None:
    assert signed_up({1: practice(date(2019, 1, 1), date(2019, 2, 1))}, LAST) == {1: date(2019, 1, 1)}


@pytest.mark.parametrize(
    ("part", "whole", "result"),
    [(111, 517, 21), (220, 503, 44), (1, 8, 13), (1, 200, 1), (1, 201, 0), (0, 5, 0), (5, 0, None)],
)
def test_per_cent_are_whole_and_rounded_half_up(part: int, whole: int, result: int | None) -> None:
    assert percent(part, whole) == result


@pytest.mark.parametrize(("total", "count", "result"), [(5, 2, 3), (7, 5, 1), (8, 5, 2), (0, 3, 0), (9, 2, 5)])
def test_averages_are_rounded_half_up(total: int, count: int, result: int) -> None:
    assert rounded(total, count) == result


def test_a_practice_is_active_with_one_call_of_either_kind() -> None:
    june, july = date(2019, 6, 1), date(2019, 7, 1)
    cells = (
        Cell(1, "Sjælland", june, consultations=1),
        Cell(2, "Sjælland", june, conferences=1),
        # An app call that nobody answered is no call.
        Cell(3, "Sjælland", june, app_calls=4),
        Cell(1, "Hovedstaden", july, consultations=2),
    )
    numbers = Evaluation(june, date(2019, 7, 31), REGIONS, (), cells)

    assert numbers.active(region="Sjælland", month=june) == {1, 2}
    assert numbers.active(month=july) == {1}
    assert numbers.active() == {1, 2}
    assert numbers.by_region_month(lambda cell: cell.consultations)["Sjælland", june] == 1


def test_signed_up_is_counted_at_the_end_of_the_month_or_of_the_period() -> None:
    days = (date(2019, 6, 30), date(2019, 7, 1), date(2019, 7, 31))
    practices = tuple(Practice(number, "general", "Sjælland", day) for number, day in enumerate(days))
    whole = Evaluation(FIRST, date(2019, 7, 31), REGIONS, practices, ())
    cut = Evaluation(FIRST, date(2019, 7, 30), REGIONS, practices, ())

    assert [whole.signed_up("Sjælland", month) for month in whole.months] == [1, 3]
    assert [cut.signed_up(None, month) for month in cut.months] == [1, 2]
    assert whole.signed_up("Hovedstaden", date(2019, 7, 1)) == 0


def test_regions_stand_in_the_reports_order() -> None:
    found = ["Nordjylland", "Skåne", "Hovedstaden", "Bornholm", "Sjælland"]

    assert sorted(found, key=order) == ["Hovedstaden", "Sjælland", "Nordjylland", "Bornholm", "Skåne"]
    assert [short_name("Region Sjælland"), short_name("Sjælland")] == ["Sjælland", "Sjælland"]
    assert code_of("Sjælland") == "region-sjaelland"


@pytest.mark.parametrize(
    ("code", "name", "short"),
    [
        ("rs", "Region Sjælland", "Sjælland"),
        ("rs", "region sjælland ", "Sjælland"),
        ("region-sjaelland", "Region Øst", "Sjælland"),
        ("ro", "Region Øst", "Øst"),
    ],
)
def test_one_of_the_five_is_known_however_its_name_is_written(code: str, name: str, short: str) -> None:
    assert region_name(code, name) == short
