"""When a listener's way down is too weak for pictures."""

from __future__ import annotations

from media.engines.janus.loss import Loss


def test_three_bad_seconds_in_a_row_are_told_and_then_every_five() -> None:
    loss = Loss()
    assert [second for second in range(20) if loss.add(80, float(second))] == [2, 7, 12, 17]


def test_two_pictures_in_one_second_are_one_second() -> None:
    loss = Loss()
    told = [loss.add(80, now) for now in (1.0, 1.01, 1.02, 2.0, 2.01, 3.0)]
    assert told == [False, False, False, False, False, True]


def test_a_good_second_or_two_begin_the_count_anew() -> None:
    loss = Loss()
    assert not any(loss.add(80, now) for now in (1.0, 2.0, 5.0, 6.0))
    assert loss.add(80, 7.0)


def test_little_loss_and_numbers_that_cannot_be_are_passed_over() -> None:
    loss = Loss()
    assert not any(loss.add(lost, float(second)) for second in range(9) for lost in (20, 49, 4294911420))
