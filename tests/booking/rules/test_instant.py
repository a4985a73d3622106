"""Straks: at most two minutes from booking to start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking.rules.instant import is_instant

CREATED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "instant"), [(-3600, True), (0, True), (119, True), (120, True), (121, False), (900, False)]
)
def test_starts_at_most_two_minutes_after_it_was_made(seconds, instant):
    assert is_instant(CREATED + timedelta(seconds=seconds), CREATED) is instant
