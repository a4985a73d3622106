"""Who else is in a room, as connections and desks start from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rooms import company_queries
from rooms.enums import SeatState
from rooms.models import PushAddress
from tests.factories.accounts import UserFactory
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from vdx.lib import clock

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("others", [1, 3])
def test_company_is_one_question(others: int, django_assert_num_queries: Any) -> None:
    room, now = RoomFactory(), clock.now()
    me = SeatFactory(room=room, host=True)
    for seat in [me, *SeatFactory.create_batch(others, room=room, admitted=True)]:
        visit(seat, now, None)
    with django_assert_num_queries(1):
        assert len(company_queries.company(room_id=room.pk, without=me.pk, now=now)) == others


def test_company_is_who_is_connected_and_devices_just_lost() -> None:
    room, now = RoomFactory(), clock.now()
    host = SeatFactory(room=room, host=True, key="host", user=UserFactory(name="Lise Holm"))
    visit(host, now - MINUTE, now - MINUTE / 2)
    visit(host, now - MINUTE / 3, None)
    visit(SeatFactory(room=room, admitted=True, key="lost"), now - 2 * MINUTE, now - MINUTE / 2)
    visit(SeatFactory(room=room, admitted=True, key="long gone"), now - 5 * MINUTE, now - 2 * MINUTE)
    visit(SeatFactory(room=room, key="waits"), now, None)
    visit(SeatFactory(room=room, key="waited"), now - MINUTE, now)
    visit(SeatFactory(room=room, key="left", state=SeatState.LEFT, admitted_at=now), now, now)
    visit(SeatFactory(key="elsewhere", admitted=True), now, None)
    found = company_queries.company(room_id=room.pk, without=0, now=now)
    assert sorted((one.seat, one.connected, one.name) for one in found) == [
        ("host", True, "Lise Holm"),
        ("lost", False, ""),
        ("waits", True, ""),
    ]


@pytest.mark.parametrize("others", [1, 3])
def test_who_waits_to_be_rung_stays_while_the_page_sleeps(others: int, django_assert_num_queries: Any) -> None:
    room, now = RoomFactory(), clock.now()
    for number in range(others):
        asked = SeatFactory(room=room, key=f"asked {number}")
        visit(asked, now - 9 * MINUTE, now - 8 * MINUTE)
        visit(asked, now - 7 * MINUTE, now - 6 * MINUTE)
        PushAddress.objects.create(seat=asked, sealed="x")
    visit(SeatFactory(room=room, key="did not ask"), now - 9 * MINUTE, now - 8 * MINUTE)
    visit(SeatFactory(key="elsewhere"), now, None)
    with django_assert_num_queries(1):
        asleep = company_queries.to_be_rung([room.uuid.hex])
    assert [one.seat for one in asleep[room.uuid.hex]] == [f"asked {number}" for number in range(others)]
    with django_assert_num_queries(1):
        found = company_queries.company(room_id=room.pk, without=0, now=now)
    assert [(one.seat, one.connected, one.rings) for one in found] == [
        (f"asked {number}", False, True) for number in range(others)
    ]
