"""Two at once: the row lock lets one of them win, and the other gets the same refusal as the polite check gives."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from rooms import services, signals
from rooms.enums import CloseReason, SeatState
from rooms.errors import MoveGone, RoomFull
from rooms.models import Seat, Visit
from rooms.services.seats import token_digest
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from vdx.lib import clock
from vdx.lib.errors import DomainError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same time, each in a thread of its own; what they returned, or how they were refused."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return call()
        except DomainError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_let_in_for_one_place() -> None:
    room, now = RoomFactory(max_participants=2), clock.now()
    host = SeatFactory(room=room, host=True)
    visit(host, now, None)
    guests = SeatFactory.create_batch(2, room=room)

    def let_in(seat: Seat) -> Callable[[], Any]:
        return lambda: services.admit(room_id=room.pk, seat_key=seat.key, by_seat_id=host.pk, now=now).state

    assert sorted(map(str, at_once(*map(let_in, guests)))) == sorted(["admitted", str(RoomFull)])
    assert Seat.objects.filter(role="guest", state=SeatState.ADMITTED).count() == 1


def test_two_browsers_take_over_one_seat() -> None:
    seat, now = SeatFactory(admitted=True), clock.now()
    secret = services.offer_move(seat_id=seat.pk, now=now)

    def take() -> str:
        return services.take_over(room_id=seat.room_id, secret=secret, now=now)[1]

    outcomes = at_once(take, take)
    assert outcomes.count(MoveGone) == 1
    token = next(outcome for outcome in outcomes if outcome is not MoveGone)
    assert Seat.objects.get().token_digest == token_digest(token)


def test_two_connections_of_one_seat() -> None:
    seat, now = SeatFactory(admitted=True), clock.now()

    def come(instance: str) -> Callable[[], Any]:
        return lambda: services.connect(seat_id=seat.pk, instance=instance * 32, resumed=False, now=now).instance[0]

    assert sorted(at_once(come("a"), come("b"))) == ["a", "b"]
    assert Visit.objects.filter(ended_at__isnull=True).count() == 1


def test_two_last_devices_go_at_once_and_the_call_ends_once() -> None:
    room, now = RoomFactory(), clock.now()
    visits = [visit(SeatFactory(room=room, admitted=True), now, None) for _ in range(2)]
    ended: list[bool] = []

    def hear(is_final: bool, **payload: Any) -> None:
        ended.append(is_final)

    signals.call_ended.connect(hear, weak=False)
    try:
        at_once(*[lambda one=one: services.disconnect(visit_id=one.pk, now=now) for one in visits])
    finally:
        signals.call_ended.disconnect(hear)
    assert ended == [False]


def test_closing_twice_at_once_is_told_once() -> None:
    room, now = RoomFactory(), clock.now()
    told: list[str] = []

    def hear(reason: str, **payload: Any) -> None:
        told.append(reason)

    signals.room_closed.connect(hear, weak=False)
    try:
        at_once(
            lambda: services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=now),
            lambda: services.close_room(room_id=room.pk, reason=CloseReason.ADMIN, now=now),
        )
    finally:
        signals.room_closed.disconnect(hear)
    assert len(told) == 1
