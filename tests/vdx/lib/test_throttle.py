"""Guessing is slowed, with growing waits, and one person's guesses do not lock another out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from vdx.lib import clock, throttle
from vdx.lib.errors import Throttled


class Hands:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands()
    monkeypatch.setattr(clock, "now", hands.now)
    return hands


def guess_wrong(times: int, key: tuple[object, ...]) -> None:
    for _ in range(times):
        throttle.attempt("pin", key)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (14, 512), (15, 900), (10**6, 900)]
)
def test_the_wait_doubles_up_to_a_ceiling(failures: int, seconds: int) -> None:
    assert throttle.wait_seconds(failures, free=5, ceiling=900) == seconds


def test_a_few_wrong_guesses_cost_nothing(hands: Hands) -> None:
    guess_wrong(4, ("cookie", "room"))
    throttle.attempt("pin", ("cookie", "room"))


def test_the_next_guess_has_to_wait_and_is_told_how_long(hands: Hands) -> None:
    guess_wrong(5, ("cookie", "room"))
    with pytest.raises(Throttled) as refused:
        throttle.attempt("pin", ("cookie", "room"))
    assert refused.value.retry_after == 1
    hands.pass_seconds(1)
    throttle.attempt("pin", ("cookie", "room"))
    with pytest.raises(Throttled) as refused:
        throttle.attempt("pin", ("cookie", "room"))
    assert refused.value.retry_after == 2


def test_somebody_else_is_not_slowed(hands: Hands) -> None:
    guess_wrong(5, ("cookie", "room"))
    throttle.attempt("pin", ("another cookie", "room"))
    throttle.attempt("code", ("cookie", "room"))


def test_any_of_several_keys_can_slow_and_then_the_attempt_counts_for_none(hands: Hands) -> None:
    guess_wrong(5, ("room",))
    for _ in range(20):
        with pytest.raises(Throttled):
            throttle.attempt("pin", ("cookie",)).also("other", ("more",)).also("pin", ("room",))
    guess_wrong(5, ("cookie",))
    hands.pass_seconds(1)
    throttle.attempt("pin", ("room",))


def test_of_many_guesses_at_the_same_moment_only_the_free_ones_are_compared(hands: Hands) -> None:
    def passes(_: int) -> bool:
        try:
            throttle.attempt("pin", ("cookie",))
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(passes, range(100))) == 5
        hands.pass_seconds(1)
        assert sum(threads.map(passes, range(100))) == 1


def test_what_was_right_after_all_does_not_count(hands: Hands) -> None:
    for _ in range(20):
        throttle.attempt("pin", ("address",)).take_back()
    together = [throttle.attempt("pin", ("address",)) for _ in range(4)]
    for attempt in together:
        attempt.take_back()
    guess_wrong(5, ("address",))
    with pytest.raises(Throttled):
        throttle.attempt("pin", ("address",))


def test_being_right_takes_back_one_attempt_and_not_those_before(hands: Hands) -> None:
    guess_wrong(4, ("address",))
    throttle.attempt("pin", ("address",)).take_back()
    guess_wrong(1, ("address",))
    with pytest.raises(Throttled):
        throttle.attempt("pin", ("address",))


def test_the_addresses_of_one_customer_count_together(hands: Hands) -> None:
    for last in range(5):
        throttle.attempt("pin", (f"2001:db8:1:2::{last}", "room"))
    with pytest.raises(Throttled):
        throttle.attempt("pin", ("2001:db8:1:2:aaaa::1", "room"))
    throttle.attempt("pin", ("2001:db8:1:3::1", "room"))


def test_a_flood_of_guesses_does_not_wash_out_what_was_counted(hands: Hands) -> None:
    guess_wrong(5, ("cookie",))
    for number in range(2000):
        throttle.attempt("pin", (number,))
    with pytest.raises(Throttled):
        throttle.attempt("pin", ("cookie",))


def test_a_count_that_the_cache_has_lost_begins_anew(hands: Hands) -> None:
    guess_wrong(4, ("cookie",))
    cache.clear()
    guess_wrong(5, ("cookie",))
    with pytest.raises(Throttled):
        throttle.attempt("pin", ("cookie",))


def test_being_right_forgives_what_was_wrong(hands: Hands) -> None:
    guess_wrong(4, ("cookie",))
    throttle.attempt("pin", ("cookie",)).succeeded()
    guess_wrong(4, ("cookie",))
    throttle.attempt("pin", ("cookie",))


def test_the_cache_holds_neither_cookie_nor_address(hands: Hands) -> None:
    guess_wrong(5, ("seat-cookie", "203.0.113.5"))
    stored = repr(getattr(cache, "_cache", {}))
    assert "seat-cookie" not in stored
    assert "203.0.113.5" not in stored
