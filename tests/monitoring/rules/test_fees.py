from __future__ import annotations

from datetime import date

import pytest

from monitoring.rules.fees import (
    FeeCalls,
    Paid,
    Rate,
    changes,
    modules,
    nearest,
    pay,
    pay_signing_up,
    rates_for,
    usual_fee,
)

LEVEL = date(2019, 4, 1)
DAY = date(2019, 10, 1)


def rate(rule: str = "per_call", *, region: str = "Sjælland", kind: str = "consultation", amount: int = 16000,
         since: date = LEVEL, until: date | None = None, **more: int) -> Rate:  # fmt: skip
    return Rate(region, "general", kind, rule, amount, since, until, **more)


@pytest.mark.parametrize(
    ("fee", "seconds", "count"),
    [
        (rate(), 0, 1),
        (rate(), 7200, 1),
        # Syddanmark: each begun ten minutes.
        (rate("per_begun_module", module_minutes=10), 1, 1),
        (rate("per_begun_module", module_minutes=10), 600, 1),
        (rate("per_begun_module", module_minutes=10), 601, 2),
        (rate("per_begun_module", module_minutes=10), 3601, 7),
        # Hovedstaden: whole modules of ten minutes, thirty minutes at most.
        (rate("per_whole_module", module_minutes=10, most_modules=3), 599, 0),
        (rate("per_whole_module", module_minutes=10, most_modules=3), 600, 1),
        (rate("per_whole_module", module_minutes=10, most_modules=3), 1799, 2),
        (rate("per_whole_module", module_minutes=10, most_modules=3), 1800, 3),
        (rate("per_whole_module", module_minutes=10, most_modules=3), 7200, 3),
        # Midtjylland: six modules at most.
        (rate("per_whole_module", module_minutes=10, most_modules=6), 4200, 6),
        (rate("per_begun_module", module_minutes=10, most_modules=6), 3601, 6),
    ],
)
def test_how_many_modules_a_call_is_paid_for(fee: Rate, seconds: int, count: int) -> None:
    assert modules(fee, whole=seconds // 60, begun=-(-seconds // 60)) == count


def found(*known: Rate, region: str = "Sjælland", kind: str = "consultation", day: date = DAY) -> list[int]:
    return [fee.amount for fee in rates_for(known, region=region, practice_kind="general", kind=kind, day=day)]


@pytest.mark.parametrize(
    ("day", "amounts"),
    [
        (date(2019, 3, 31), []),
        (LEVEL, [1]),
        (date(2019, 9, 30), [1]),
        (DAY, [2]),
        (date(2020, 1, 1), [2]),
        (date(2020, 1, 2), []),
    ],
)
def test_a_fee_is_paid_from_day_to_day_both_included(day: date, amounts: list[int]) -> None:
    known = (rate(amount=1, until=date(2019, 9, 30)), rate(amount=2, since=DAY, until=date(2020, 1, 1)))

    assert found(*known, day=day) == amounts


def test_the_newest_counts_where_nobody_ended_the_older() -> None:
    assert found(rate(amount=1), rate(amount=2, since=date(2019, 9, 1))) == [2]


def test_a_regions_own_fee_stands_before_the_countrys() -> None:
    known = (rate(amount=1, region=""), rate(amount=2))

    assert found(*known) == [2]
    assert found(*known, region="Hovedstaden") == [1]
    assert found(*known, kind="telephone") == []


def test_a_fee_for_general_practice_is_for_nobody_else() -> None:
    assert rates_for([rate()], region="Sjælland", practice_kind="specialist", kind="consultation", day=DAY) == []


def test_what_practices_get_is_added_up_by_practice_and_kind() -> None:
    known = [rate(amount=16000), rate(kind="conference", rule="per_begun_module", amount=15692, module_minutes=10)]
    calls = [
        FeeCalls(1, "general", "Sjælland", DAY, "consultation", 9, 10, 3),
        FeeCalls(1, "general", "Sjælland", DAY, "consultation", 11, 12, 1),
        FeeCalls(1, "general", "Sjælland", DAY, "conference", 10, 11, 2),
        FeeCalls(2, "specialist", "Sjælland", DAY, "consultation", 9, 10, 5),
        FeeCalls(3, "general", "Nordjylland", DAY, "consultation", 9, 10, 1),
    ]

    assert pay(calls, known) == [
        Paid(1, "Sjælland", "consultation", 4, 64000),
        Paid(1, "Sjælland", "conference", 2, 4 * 15692),
        # No agreement.
        Paid(2, "Sjælland", "consultation", 5, 0, without_agreement=5),
        Paid(3, "Nordjylland", "consultation", 1, 0, without_agreement=1),
    ]


def test_signing_up_is_paid_once_with_every_fee_that_applies() -> None:
    once = rate("one_off", kind="signing_up", region="Nordjylland", amount=1_000_000)
    hours = rate("one_off", kind="signing_up", region="Nordjylland", amount=93270, quantity=8)
    practices = [(1, "general", "Nordjylland", DAY), (2, "general", "Sjælland", DAY)]

    assert pay_signing_up(practices, [once, hours]) == [Paid(1, "Nordjylland", "signing_up", 1, 1_746_160)]


def test_a_new_level_of_a_one_off_fee_is_paid_in_place_of_the_old_one() -> None:
    once = rate("one_off", kind="signing_up", amount=1_000_000)
    hours = rate("one_off", kind="signing_up", amount=93270, quantity=8)
    level = rate("one_off", kind="signing_up", amount=1_050_000, since=date(2021, 1, 1))

    assert found(once, hours, level, kind="signing_up", day=date(2021, 5, 1)) == [1_050_000]
    assert found(once, hours, level, kind="signing_up", day=DAY) == [1_000_000, 93270]


def test_the_days_on_which_fees_change() -> None:
    known = [rate(until=date(2019, 9, 30)), rate(since=DAY, until=date(2020, 3, 31)), rate(since=date(2021, 1, 1))]

    assert changes(known, date(2019, 6, 1), date(2020, 1, 31)) == [date(2019, 6, 1), DAY]
    assert changes([], LEVEL, DAY) == [LEVEL]


def calls(kind: str = "consultation", number: int = 1, *, region: str = "Sjælland", day: date = DAY) -> FeeCalls:
    return FeeCalls(1, "general", region, day, kind, 10, 10, number)


def test_calls_that_nobody_has_agreed_to_pay_are_told_apart_from_those_paid_nothing() -> None:
    whole = rate("per_whole_module", region="Nordjylland", module_minutes=30)
    paid = pay([calls(number=3), calls(number=2, region="Nordjylland")], [whole])
    assert paid == [
        Paid(1, "Sjælland", "consultation", 3, 0, without_agreement=3),
        Paid(1, "Nordjylland", "consultation", 2, 0),
    ]


def test_the_usual_fee_is_the_one_that_most_calls_are_paid_with() -> None:
    known = [rate(amount=100, until=date(2019, 9, 30)), rate(amount=200, since=DAY),
             rate("per_begun_module", region="Nordjylland", amount=999, module_minutes=10)]  # fmt: skip
    before = date(2019, 9, 1)
    assert usual_fee([calls(number=3, day=before), calls(number=2)], known, "consultation") == 100
    assert usual_fee([calls(number=2, day=before), calls(number=2)], known, "consultation") == 200
    assert usual_fee([calls(number=9, region="Nordjylland"), calls()], known, "consultation") == 200
    assert usual_fee([calls("conference")], known, "consultation") is None


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2019, 1, 1), 1),
        (LEVEL, 1),
        (date(2019, 7, 1), 1),
        # Between two agreements, and long after the last.
        (date(2019, 9, 1), 1),
        (DAY, 2),
        (date(2026, 11, 1), 2),
    ],
)
def test_a_fee_to_compare_with_is_the_nearest_that_is_known(day: date, amount: int) -> None:
    known = [
        rate(kind="ordinary", region="", amount=1, until=date(2019, 7, 31)),
        rate(kind="ordinary", region="", amount=2, since=DAY, until=date(2020, 3, 31)),
        rate("per_begun_module", kind="ordinary", region="", amount=3, since=date(2021, 1, 1), module_minutes=10),
    ]
    found = nearest(known, region="Sjælland", practice_kind="general", kind="ordinary", day=day)
    assert found is not None
    assert found.amount == amount
    assert nearest(known, region="Sjælland", practice_kind="specialist", kind="ordinary", day=day) is None
