"""Moving and extending."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rooms import services
from rooms.enums import CloseReason, RoomState
from rooms.errors import BadMinutes, HostOnly, NoEnd, RoomClosed
from tests.factories.rooms import RoomFactory, SeatFactory
from tests.rooms.services.conftest import Told
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

HOUR = timedelta(hours=1)


def test_moving_moves_the_window(told: Told) -> None:
    room, now = RoomFactory(), clock.now()
    start = now + 24 * HOUR
    told.run(services.schedule_room, room_id=room.pk, starts_at=start, ends_at=start + HOUR, now=now)
    room.refresh_from_db()
    assert (room.opens_at, room.closes_at) == (start - HOUR / 4, start + HOUR + HOUR / 4)
    assert told.named("room_changed") == [{"room_uuid": room.uuid}]
    assert told.named("room_extended") == []


@pytest.mark.parametrize("minutes", [0, -1, -10_000])
def test_an_end_that_is_now_or_past_closes_at_once(told: Told, minutes: int) -> None:
    room, now = RoomFactory(), clock.now()
    end = now + timedelta(minutes=minutes)
    told.run(services.schedule_room, room_id=room.pk, starts_at=room.starts_at, ends_at=end, now=now)
    room.refresh_from_db()
    assert (room.state, room.close_reason, room.closed_at) == (RoomState.CLOSED, CloseReason.EXPIRED, now)
    assert told.named("call_ended") == [{"room_uuid": room.uuid, "is_final": True}]
    written = AuditEntry.objects.filter(target_id=str(room.uuid)).order_by("pk").values_list("action", "detail")
    assert list(written) == [
        ("room.created", {}),
        ("room.moved", {}),
        ("room.closed", {"reason": "expired"}),
    ]


def test_a_room_from_the_pool_gets_its_code_with_its_times() -> None:
    room, now = RoomFactory(starts_at=None), clock.now()
    assert room.short_id is None
    services.schedule_room(room_id=room.pk, starts_at=now, ends_at=now + HOUR, now=now)
    room.refresh_from_db()
    assert room.short_id is not None


def test_a_closed_room_is_not_moved() -> None:
    room, now = RoomFactory(), clock.now()
    services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=now)
    with pytest.raises(RoomClosed):
        services.schedule_room(room_id=room.pk, starts_at=now, ends_at=now + HOUR, now=now)


@pytest.mark.parametrize("minutes", [5, 60])
def test_the_host_extends_from_inside(told: Told, minutes: int) -> None:
    room, now = RoomFactory(), clock.now()
    host = SeatFactory(room=room, host=True)
    told.run(services.extend_room, room_id=room.pk, minutes=minutes, by_seat=host.pk, now=now)
    ends, closes = room.ends_at, room.closes_at
    room.refresh_from_db()
    assert room.ends_at == ends + timedelta(minutes=minutes)
    assert room.closes_at == closes + timedelta(minutes=minutes)
    assert told.named("room_extended") == [{"room_uuid": room.uuid, "ends_at": room.ends_at}]
    entry = AuditEntry.objects.get(action="room.extended")
    assert (entry.actor_kind, entry.detail) == ("host-pin", {"minutes": minutes})


def test_a_meeting_that_ends_on_time_stays_open_as_long_as_it_is_extended() -> None:
    room = RoomFactory(end_meeting_on_end_time=True)
    services.extend_room(room_id=room.pk, minutes=10, now=clock.now())
    ends = room.ends_at
    room.refresh_from_db()
    assert room.closes_at == room.ends_at == ends + timedelta(minutes=10)


@pytest.mark.parametrize("minutes", [4, 61, 0, -10])
def test_not_by_any_number_of_minutes(minutes: int) -> None:
    with pytest.raises(BadMinutes):
        services.extend_room(room_id=RoomFactory().pk, minutes=minutes, now=clock.now())


def test_not_by_guests_nor_hosts_of_other_rooms() -> None:
    room = RoomFactory()
    for seat in (
        SeatFactory(room=room, admitted=True),
        SeatFactory(host=True),
        SeatFactory(room=room, host=True, state="left"),
    ):
        with pytest.raises(HostOnly):
            services.extend_room(room_id=room.pk, minutes=10, by_seat=seat.pk, now=clock.now())


def test_a_room_without_an_end_is_not_extended() -> None:
    with pytest.raises(NoEnd):
        services.extend_room(room_id=RoomFactory(starts_at=None).pk, minutes=10, now=clock.now())
