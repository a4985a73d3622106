"""What the day page says about a meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking.rules.standing import standing

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
USUAL = {
    "now": NOW,
    "cancelled": False,
    "closed": False,
    "opens_at": NOW - timedelta(minutes=15),
    "closes_at": NOW + timedelta(minutes=30),
    "waiting": 0,
    "devices": 0,
}


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({}, "open"),
        ({"opens_at": NOW}, "open"),
        ({"opens_at": NOW + timedelta(seconds=1)}, "before"),
        ({"opens_at": None, "closes_at": None}, "open"),
        ({"devices": 1}, "live"),
        ({"waiting": 1}, "waiting"),
        ({"waiting": 1, "devices": 2}, "waiting"),
        ({"closes_at": NOW}, "over"),
        ({"closed": True, "devices": 1}, "over"),
        ({"closed": True, "cancelled": True}, "cancelled"),
    ],
)
def test_the_first_word_that_fits(facts, word):
    assert standing(**(USUAL | facts)) == word
