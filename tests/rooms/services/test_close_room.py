"""Closing, by people and by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rooms import queries, services, tasks
from rooms.enums import CloseReason, RoomState
from rooms.errors import HostOnly
from rooms.models import Visit
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from tests.rooms.services.conftest import Told
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

MINUTE = timedelta(minutes=1)


def test_the_host_ends_it_for_everybody(told: Told) -> None:
    room, now = RoomFactory(), clock.now()
    host = SeatFactory(room=room, host=True)
    visit(host, now - MINUTE, None)
    Visit.objects.update(seen_at=now)
    told.run(services.close_room, room_id=room.pk, reason=CloseReason.ENDED, now=now, by_seat=host.pk)
    room.refresh_from_db()
    assert (room.state, room.close_reason, room.closed_at) == (RoomState.CLOSED, CloseReason.ENDED, now)
    assert Visit.objects.get().ended_at == now
    # Once, and final.
    assert told.named("call_ended") == [{"room_uuid": room.uuid, "is_final": True}]
    assert told.named("room_closed") == [{"room_uuid": room.uuid, "reason": "ended"}]


def test_closing_twice_is_closing_once(told: Told) -> None:
    room, now = RoomFactory(), clock.now()
    told.run(services.close_room, room_id=room.pk, reason=CloseReason.ENDED, now=now)
    told.run(services.close_room, room_id=room.pk, reason=CloseReason.ADMIN, now=now + MINUTE)
    room.refresh_from_db()
    assert (room.close_reason, room.closed_at) == (CloseReason.ENDED, now)
    assert len(told.named("call_ended")) == 1


def test_a_guest_cannot() -> None:
    room = RoomFactory()
    guest = SeatFactory(room=room, admitted=True)
    with pytest.raises(HostOnly):
        services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=clock.now(), by_seat=guest.pk)


def test_a_dead_process_visit_ends_where_it_was_last_seen() -> None:
    room, now = RoomFactory(), clock.now()
    dead, alive = SeatFactory(room=room, admitted=True), SeatFactory(room=room, admitted=True)
    visit(dead, now - 10 * MINUTE, None)
    Visit.objects.update(seen_at=now - 5 * MINUTE)
    living = visit(alive, now - MINUTE, None)
    Visit.objects.filter(pk=living.pk).update(seen_at=now - timedelta(seconds=3))
    services.close_room(room_id=room.pk, reason=CloseReason.ADMIN, now=now)
    assert Visit.objects.get(seat=dead).ended_at == now - 5 * MINUTE
    assert Visit.objects.get(seat=alive).ended_at == now


def test_the_sweep_closes_what_is_due_and_nothing_else(told: Told) -> None:
    now = clock.now()
    due = RoomFactory(starts_at=now - 60 * MINUTE, ends_at=now - 15 * MINUTE)
    open_still = RoomFactory(starts_at=now - 60 * MINUTE, ends_at=now - 14 * MINUTE)
    pool = RoomFactory(starts_at=None)
    assert queries.due_to_close(now) == [due.pk]
    told.run(tasks.sweep)
    told.run(tasks.sweep)
    for room, state in [(due, RoomState.CLOSED), (open_still, RoomState.PLANNED), (pool, RoomState.PLANNED)]:
        room.refresh_from_db()
        assert room.state == state
    assert told.named("call_ended") == [{"room_uuid": due.uuid, "is_final": True}]
    assert queries.due_to_close(clock.now()) == []


def test_a_room_extended_after_it_was_found_due_stays_open() -> None:
    now = clock.now()
    room = RoomFactory(starts_at=now - 60 * MINUTE, ends_at=now - 20 * MINUTE)
    services.extend_room(room_id=room.pk, minutes=30, now=now)
    tasks.close_room(room.pk)
    room.refresh_from_db()
    assert room.state == RoomState.PLANNED


def test_a_room_deleted_after_it_was_found_due_is_no_error() -> None:
    assert services.close_expired(room_id=4711, now=clock.now()) is False
