from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from surveys.enums import Edition
from surveys.rules.postcard import edition_for, may_answer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region", "edition"),
    [
        ("region-syddanmark", Edition.SYDDANMARK),
        ("region-nordjylland", Edition.NATIONAL),
        ("", Edition.NATIONAL),
        (None, Edition.NATIONAL),
    ],
)
def test_edition_by_region(region: str | None, edition: Edition) -> None:
    assert edition_for(region) == edition


@pytest.mark.parametrize(
    ("closed_at", "allowed"),
    [
        (None, True),
        (NOW, True),
        (NOW - timedelta(days=7), True),
        (NOW - timedelta(days=7, seconds=1), False),
    ],
)
def test_a_call_is_answered_for_while_it_is_remembered(closed_at: datetime | None, allowed: bool) -> None:
    assert may_answer(closed_at=closed_at, now=NOW) == allowed
