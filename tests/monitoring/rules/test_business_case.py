from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules.business_case import Facts, Wish, as_it_was, work_out

# The pilot's consultations, all of them at 160 kr., and some of what goes with them.
FACTS = Facts(
    consultations=503,
    consultations_ore=503 * 16000,
    unpaid=0,
    conferences=14,
    conferences_ore=100_600,
    not_carried_out=3,
    not_carried_out_ore=0,
    practices_signed_up=2,
    signing_up_ore=2_000_000,
    expenses_ore=500_000,
    usual_fee=16000,
    ordinary=14344,
    telephone=2808,
)


def test_what_the_period_cost() -> None:
    assert FACTS.fees_ore == 8_048_000 + 100_600 + 2_000_000
    assert FACTS.total_ore == 10_648_600
    assert FACTS.each_ore == 21_170
    assert (FACTS.as_ordinary_ore, FACTS.as_telephone_ore) == (7_215_032, 1_412_424)


def test_where_the_sliders_begin_everything_is_as_it_was() -> None:
    sums = work_out(FACTS, as_it_was(FACTS))
    assert (sums.video, sums.others) == (503, 0)
    assert sums.total_ore == sums.video_total_ore == FACTS.total_ore
    assert sums.each_ore == FACTS.each_ore
    assert sums.more_ore == FACTS.total_ore - 503 * 14344


@pytest.mark.parametrize(
    ("wish", "video", "others", "video_ore", "others_ore", "alongside_ore", "more_ore"),
    [
        # 20 % of ten thousand at 160 kr.; the rest as ordinary ones.
        (Wish(10_000, 20, 16000), 2000, 8000, 32_000_000, 114_752_000, 400_000, 6_212_000),
        # The fee of an ordinary consultation: what is left are conferences and what stays.
        (Wish(10_000, 20, 14344), 2000, 8000, 28_688_000, 114_752_000, 400_000, 2_900_000),
        # Cheaper than ordinary ones.
        (Wish(10_000, 20, 10000), 2000, 8000, 20_000_000, 114_752_000, 400_000, -5_788_000),
        # Half a consultation is rounded up.
        (Wish(5, 10, 16000), 1, 4, 16000, 57_376, 200, 2_501_856),
        (Wish(5, 9, 16000), 0, 5, 0, 71_720, 0, 2_500_000),
        (Wish(0, 100, 16000), 0, 0, 0, 0, 0, 2_500_000),
        (Wish(503, 100, 0), 503, 0, 0, 0, 100_600, 2_600_600 - 7_215_032),
    ],
)
def test_another_volume_share_and_fee(
    wish: Wish, video: int, others: int, video_ore: int, others_ore: int, alongside_ore: int, more_ore: int
) -> None:
    sums = work_out(FACTS, wish)
    assert (sums.video, sums.others, sums.video_ore, sums.others_ore) == (video, others, video_ore, others_ore)
    assert (sums.alongside_ore, sums.fixed_ore, sums.more_ore) == (alongside_ore, 2_500_000, more_ore)
    assert sums.all_telephone_ore == wish.volume * 2808


def test_the_fee_at_which_video_costs_no_more() -> None:
    assert work_out(FACTS, Wish(10_000, 20, 16000)).even_fee == 14344 - (400_000 + 2_500_000) // 2000
    # Fifty consultations never pay for the signing up, whatever the fee.
    assert work_out(FACTS, Wish(50, 100, 16000)).even_fee is None
    assert work_out(FACTS, Wish(50, 0, 16000)).even_fee is None


def test_without_anything_to_compare_with_nothing_is_compared() -> None:
    sums = work_out(replace(FACTS, ordinary=None, telephone=None), Wish(100, 50, 16000))
    assert (sums.others_ore, sums.total_ore, sums.more_ore, sums.even_fee) == (None, None, None, None)
    assert (sums.all_ordinary_ore, sums.all_telephone_ore) == (None, None)
    assert sums.video_ore == 800_000


def test_a_period_without_consultations_can_be_worked_with() -> None:
    nothing = Facts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16000, 14344, 2808)
    assert (nothing.each_ore, nothing.total_ore) == (None, 0)
    sums = work_out(nothing, Wish(100, 10, 16000))
    assert (sums.video, sums.video_ore, sums.alongside_ore) == (10, 160_000, 0)
    assert work_out(nothing, as_it_was(nothing)).each_ore is None


def test_what_was_paid_beside_no_consultations_stays_as_it_was() -> None:
    beside = Facts(0, 0, 0, 3, 50_000, 1, 15_545, 0, 0, 0, 16000, 14344, 2808)

    sums = work_out(beside, as_it_was(beside))

    assert sums.video_total_ore == beside.total_ore == 65_545


@given(
    volume=st.integers(0, 10**8), share=st.integers(0, 100), fee=st.integers(0, 10**6), expenses=st.integers(0, 10**10)
)
def test_the_even_fee_is_the_highest_that_costs_no_more(volume: int, share: int, fee: int, expenses: int) -> None:
    facts = replace(FACTS, expenses_ore=expenses)
    sums = work_out(facts, Wish(volume, share, fee))
    assert sums.video + sums.others == volume
    if sums.even_fee is not None:
        at, above = (work_out(facts, Wish(volume, share, even)).more_ore for even in (sums.even_fee, sums.even_fee + 1))
        assert at is not None
        assert above is not None
        assert at <= 0 < above
