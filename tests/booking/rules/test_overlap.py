"""When two consultations of one doctor share time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from booking.rules.overlap import overlapping


def at(minute: int) -> datetime:
    return datetime(2026, 11, 23, 9, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("other", "shares"),
    [
        ((at(0), at(10)), False),
        ((at(0), at(11)), True),
        ((at(10), at(20)), True),
        ((at(12), at(13)), True),
        ((at(5), at(30)), True),
        ((at(19), at(30)), True),
        ((at(20), at(30)), False),
    ],
)
def test_sharing_time(other, shares):
    assert overlapping(at(10), at(20), [other]) == ([other] if shares else [])


def test_tells_them_in_order():
    assert overlapping(at(0), at(59), [(at(30), at(40)), (at(10), at(20))]) == [(at(10), at(20)), (at(30), at(40))]
