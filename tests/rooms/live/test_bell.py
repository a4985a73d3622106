"""What whoever waits is told of a host's ringing and sentences, and of the doctor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rooms.enums import DeviceKind, RoomState, SeatRole, SeatState
from rooms.live import Called, Identity, RoomFacts, Standing, events
from rooms.live import effects as do
from rooms.live.bell import Bell
from rooms.live.presence import Presence
from rooms.names import NameBook

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FACTS = RoomFacts(RoomState.OPEN, None, None)


def bell(state: SeatState = SeatState.WAITING) -> Bell:
    me = Identity("r" * 32, "guest", SeatRole.GUEST, state, DeviceKind.BROWSER, "", NINE, FACTS)
    return Bell(Presence(me, NameBook()))


def standing(called: Called, *, elsewhere: bool = False) -> Standing:
    return Standing(1, True, SeatState.WAITING, SeatRole.GUEST, FACTS, called, elsewhere)


RING = do.Send({"type": "ringing"})


def test_a_push_rings_once_however_often_it_is_looked_up():
    one = bell()
    called = Called(rung_at=NINE)
    assert one.hear(events.called("guest", called), NINE, on=True) == [RING]
    one.learn(standing(called))
    assert one.news(NINE + timedelta(seconds=5)) == []


def test_a_lost_push_is_made_up_for_at_the_next_beat():
    one = bell()
    one.learn(standing(Called(rung_at=NINE, told="next", told_at=NINE)))
    assert one.news(NINE + timedelta(seconds=5)) == [do.Speak("next"), RING]


def test_each_ring_is_a_new_one():
    one = bell()
    later = NINE + timedelta(seconds=10)
    assert one.hear(events.called("guest", Called(rung_at=NINE)), NINE, on=True) == [RING]
    assert one.hear(events.called("guest", Called(rung_at=later)), later, on=True) == [RING]


def test_a_page_that_is_not_welcomed_yet_hears_it_then():
    one = bell()
    assert one.hear(events.called("guest", Called(rung_at=NINE)), NINE, on=False) == []
    assert one.news(NINE) == [RING]


@pytest.mark.parametrize(("minutes", "heard"), [(1, [do.Speak("late"), RING]), (3, [do.Speak("late")]), (31, [])])
def test_who_comes_back_hears_what_is_not_long_past(minutes, heard):
    one = bell()
    one.learn(standing(Called(NINE, "late", NINE)))
    assert one.news(NINE + timedelta(minutes=minutes)) == heard


def test_whoever_is_in_is_not_rung_at():
    one = bell(SeatState.ADMITTED)
    assert one.hear(events.called("guest", Called(rung_at=NINE)), NINE, on=True) == []


def test_where_the_doctor_is():
    one = bell()
    assert one.doctor(here=False) == "away"
    one.learn(standing(Called(), elsewhere=True))
    assert (one.doctor(here=False), one.doctor(here=True)) == ("busy", "here")
