"""Which rooms go by a server, and by which: one answer for all web processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from media import placement
from media.errors import NoMediaServer
from media.models import MediaRoom

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]
NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)


@pytest.fixture
def room() -> UUID:
    return uuid4()


def test_a_room_is_direct_until_it_is_settled_and_then_for_good(room: UUID) -> None:
    assert placement.engine_of(room) is None
    assert placement.settle(room, engine="relay", now=NINE) is True
    assert placement.settle(room, engine="janus", now=TEN) is False
    assert placement.engine_of(room) == "relay"
    assert MediaRoom.objects.get().used_at == TEN


def test_of_many_who_settle_at_once_one_is_first(room: UUID) -> None:
    def settle(number: int) -> bool:
        try:
            return placement.settle(room, engine=f"engine-{number}", now=NINE)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(settle, range(4)))
    assert sorted(answers) == [False, False, False, True]
    assert placement.engine_of(room) == f"engine-{answers.index(True)}"


def test_of_many_who_place_at_once_all_get_the_same_server(room: UUID) -> None:
    def place(number: int) -> str:
        try:
            return placement.place(room, engine="relay", choose=lambda: f"unix:///{number}", now=NINE)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(place, range(4)))) == 1


def test_the_first_choice_holds(room: UUID) -> None:
    assert placement.place(room, engine="relay", choose=lambda: "a", now=NINE) == "a"
    assert placement.place(room, engine="relay", choose=lambda: "b", now=NINE) == "a"


def test_a_room_is_moved_once(room: UUID) -> None:
    placement.place(room, engine="relay", choose=lambda: "a", now=NINE)
    assert placement.move(room, engine="relay", away_from="a", to="b", now=NINE) == "b"
    assert placement.move(room, engine="relay", away_from="a", to="c", now=NINE) == "b"


def test_a_switch_to_another_engine_forgets_the_server(room: UUID) -> None:
    placement.place(room, engine="janus", choose=lambda: "ws://a", now=NINE)
    assert placement.switch(room, seen="janus", to_engine="relay", now=NINE) is True
    assert placement.switch(room, seen="janus", to_engine="relay", now=NINE) is False
    assert placement.place(room, engine="relay", choose=lambda: "unix:///0", now=NINE) == "unix:///0"


def test_who_comes_late_to_the_engine_before_is_refused(room: UUID) -> None:
    placement.place(room, engine="janus", choose=lambda: "ws://a", now=NINE)
    placement.switch(room, seen="janus", to_engine="relay", now=NINE)
    with pytest.raises(NoMediaServer):
        placement.place(room, engine="janus", choose=lambda: "ws://b", now=NINE)
    with pytest.raises(NoMediaServer):
        placement.move(room, engine="janus", away_from="ws://a", to="ws://b", now=NINE)
    assert (MediaRoom.objects.get().engine, MediaRoom.objects.get().server) == ("relay", "")


def test_old_rooms_are_forgotten_and_used_ones_are_not(room: UUID) -> None:
    used = uuid4()
    for one in (room, used):
        placement.settle(one, engine="relay", now=NINE)
    placement.settle(used, engine="relay", now=NINE + timedelta(hours=20))
    assert placement.forget_old(now=NINE + timedelta(hours=30)) == 1
    assert list(MediaRoom.objects.values_list("room", flat=True)) == [used]


def test_where_rooms_are_is_one_query(room: UUID, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    other, direct, janus, waiting = uuid4(), uuid4(), uuid4(), uuid4()
    placement.place(room, engine="relay", choose=lambda: "one", now=NINE)
    placement.place(other, engine="relay", choose=lambda: "two", now=NINE)
    placement.place(janus, engine="janus", choose=lambda: "three", now=NINE)
    placement.settle(waiting, engine="relay", now=NINE)
    with django_assert_num_queries(1):
        found = placement.servers_of([room, other, direct, janus, waiting], engine="relay")
    assert found == {room: "one", other: "two"}
