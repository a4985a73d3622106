"""Guessing is slowed, with growing waits, and one person's guesses do not lock another out."""

from __future__ import annotations

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
        throttle.attempt("pin", key).failed()


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
    throttle.attempt("pin", ("cookie", "room")).failed()
    with pytest.raises(Throttled) as refused:
        throttle.attempt("pin", ("cookie", "room"))
    assert refused.value.retry_after == 2


def test_somebody_else_is_not_slowed(hands: Hands) -> None:
    guess_wrong(5, ("cookie", "room"))
    throttle.attempt("pin", ("another cookie", "room"))
    throttle.attempt("code", ("cookie", "room"))


def test_any_of_several_keys_can_slow(hands: Hands) -> None:
    guess_wrong(5, ("address",))
    with pytest.raises(Throttled):
        throttle.attempt("pin", ("fresh cookie",), ("address",))


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
