"""What a host may do for somebody who waits, and what that person is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rooms.enums import DoctorIs
from rooms.rules.waiting import doctor_is, is_delay, is_news, may_ring

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    return NINE - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("rung_at", "may"), [(None, True), (ago(0), False), (ago(9.9), False), (ago(10), True), (ago(600), True)]
)
def test_a_seat_is_rung_at_every_ten_seconds_at_most(rung_at, may):
    assert may_ring(rung_at, NINE) is may


@pytest.mark.parametrize(("minutes", "can"), [(-1, False), (0, True), (5, True), (60, True), (61, False)])
def test_an_hour_is_the_longest_delay(minutes, can):
    assert is_delay(minutes) is can


@pytest.mark.parametrize(
    ("here", "elsewhere", "told"),
    [
        (True, False, DoctorIs.HERE),
        (True, True, DoctorIs.HERE),
        (False, True, DoctorIs.BUSY),
        (False, False, DoctorIs.AWAY),
    ],
)
def test_where_the_doctor_is(here, elsewhere, told):
    assert doctor_is(here=here, elsewhere=elsewhere) is told


@pytest.mark.parametrize(
    ("at", "heard_at", "news"),
    [
        (None, None, False),
        (ago(1), None, True),
        (ago(1), ago(1), False),
        (ago(1), ago(30), True),
        (ago(120), None, False),
    ],
)
def test_what_has_been_heard_or_is_long_past_is_no_news(at, heard_at, news):
    assert is_news(at, heard_at, now=NINE, lasts=timedelta(minutes=2)) is news
