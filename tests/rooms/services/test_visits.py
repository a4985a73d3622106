"""Connections: one a seat, seen alive, ended where they ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.signals import pre_save

from rooms import queries, services
from rooms.enums import RoomState, SeatState
from rooms.errors import KnockAgain, RoomClosed
from rooms.models import Room, Visit
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from tests.rooms.services.conftest import Told
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

SECOND = timedelta(seconds=1)
PAGE, OTHER = "a" * 32, "b" * 32


def test_the_first_device_opens_the_room_and_a_waiting_guest_does_not(told: Told) -> None:
    room, now = RoomFactory(), clock.now()
    told.run(services.connect, seat_id=SeatFactory(room=room).pk, instance=PAGE, resumed=False, now=now)
    assert Room.objects.get().state == RoomState.PLANNED
    host = SeatFactory(room=room, host=True)
    told.run(services.connect, seat_id=host.pk, instance=PAGE, resumed=False, now=now)
    room.refresh_from_db()
    assert (room.state, room.opened_at) == (RoomState.OPEN, now)
    assert told.named("room_changed") == [{"room_uuid": room.uuid}]


def test_the_newest_connection_is_the_seats(told: Told) -> None:
    seat, now = SeatFactory(admitted=True), clock.now()
    old = services.connect(seat_id=seat.pk, instance=PAGE, resumed=False, now=now)
    new = told.run(services.connect, seat_id=seat.pk, instance=OTHER, resumed=False, now=now + 5 * SECOND)
    old.refresh_from_db()
    assert old.ended_at == now + 5 * SECOND
    assert Visit.objects.get(ended_at__isnull=True) == new
    assert services.seen(visit_id=old.pk, now=now + 6 * SECOND) is False
    assert services.seen(visit_id=new.pk, now=now + 6 * SECOND) is True
    # The call goes on.
    assert told.named("call_ended") == []


@pytest.mark.parametrize(
    ("page", "after", "resumed"), [(PAGE, 10, True), (PAGE, 60, True), (PAGE, 61, False), (OTHER, 10, False)]
)
def test_a_page_is_believed_for_a_minute_that_its_call_went_on(page: str, after: int, resumed: bool) -> None:
    seat, now = SeatFactory(admitted=True), clock.now()
    first = services.connect(seat_id=seat.pk, instance=PAGE, resumed=False, now=now)
    services.disconnect(visit_id=first.pk, now=now + 10 * SECOND)
    back = now + (10 + after) * SECOND
    assert services.connect(seat_id=seat.pk, instance=page, resumed=True, now=back).resumed is resumed
    services.disconnect(visit_id=Visit.objects.latest("pk").pk, now=back + 10 * SECOND)
    device = queries.call_facts(seat.room.uuid).devices[0]
    assert len(device.stays) == (1 if resumed else 2)


def test_after_a_killed_process_the_record_is_whole() -> None:
    """The visit was never ended; the page comes back to the process started again, its call still going on."""
    seat, now = SeatFactory(admitted=True), clock.now()
    first = services.connect(seat_id=seat.pk, instance=PAGE, resumed=False, now=now)
    services.seen(visit_id=first.pk, now=now + 40 * SECOND)
    services.connect(seat_id=seat.pk, instance=PAGE, resumed=True, now=now + 70 * SECOND)
    Visit.objects.filter(ended_at__isnull=True).update(seen_at=now + 100 * SECOND)
    assert Visit.objects.get(pk=first.pk).ended_at == now + 40 * SECOND
    assert queries.call_facts(seat.room.uuid).devices[0].stays == ((now, now + 100 * SECOND),)


@pytest.mark.parametrize("state", [SeatState.LEFT, SeatState.REFUSED])
def test_a_seat_without_a_place_knocks_first(state: SeatState) -> None:
    with pytest.raises(KnockAgain):
        services.connect(seat_id=SeatFactory(state=state).pk, instance=PAGE, resumed=False, now=clock.now())


def test_a_room_whose_time_is_up_is_closed_before_the_sweep_has_been_there() -> None:
    seat = SeatFactory(room=RoomFactory(starts_at=clock.now() - timedelta(hours=2)))
    with pytest.raises(RoomClosed):
        services.connect(seat_id=seat.pk, instance=PAGE, resumed=False, now=clock.now())


def test_the_last_device_that_goes_ends_the_call_for_now(told: Told) -> None:
    room, now = RoomFactory(), clock.now()
    visits = [visit(SeatFactory(room=room, admitted=True), now, None) for _ in range(2)]
    waits = visit(SeatFactory(room=room), now, None)
    told.run(services.disconnect, visit_id=waits.pk, now=now)
    told.run(services.disconnect, visit_id=visits[0].pk, now=now + SECOND)
    assert told.named("call_ended") == []
    told.run(services.disconnect, visit_id=visits[1].pk, now=now + SECOND)
    told.run(services.disconnect, visit_id=visits[1].pk, now=now + 9 * SECOND)
    assert told.named("call_ended") == [{"room_uuid": room.uuid, "is_final": False}]
    assert Visit.objects.get(pk=visits[1].pk).ended_at == now + SECOND


def test_a_visit_never_ends_before_it_began() -> None:
    now = clock.now()
    one = visit(SeatFactory(admitted=True), now, None)
    services.disconnect(visit_id=one.pk, now=now - 5 * SECOND)
    assert Visit.objects.get().ended_at == now


def test_the_sweep_ends_the_visits_of_dead_processes_where_they_were_last_seen(told: Told) -> None:
    now = clock.now()
    dead, alive = SeatFactory(admitted=True), SeatFactory(admitted=True)
    visit(dead, now - 300 * SECOND, None)
    Visit.objects.update(seen_at=now - 21 * SECOND)
    living = visit(alive, now, None)
    Visit.objects.filter(pk=living.pk).update(seen_at=now - 19 * SECOND)
    assert told.run(services.end_stale_visits, now=now) == 1
    assert told.run(services.end_stale_visits, now=now) == 0
    assert Visit.objects.get(seat=dead).ended_at == now - 21 * SECOND
    assert Visit.objects.get(seat=alive).ended_at is None
    assert told.named("call_ended") == [{"room_uuid": dead.room.uuid, "is_final": False}]


def test_a_room_that_cannot_be_swept_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    now = clock.now()
    rooms = sorted((RoomFactory() for _ in range(3)), key=lambda room: room.pk)
    for room in rooms:
        visit(SeatFactory(room=room, admitted=True), now - 60 * SECOND, None)

    def spoil(instance: Visit, **kwargs: Any) -> None:
        if instance.seat.room_id == rooms[0].pk:
            raise ValueError("spoilt")

    pre_save.connect(spoil, sender=Visit)
    try:
        assert services.end_stale_visits(now=now) == 2
    finally:
        pre_save.disconnect(spoil, sender=Visit)
    assert [(record.levelname, str(rooms[0].pk) in record.getMessage()) for record in caplog.records] == [
        ("ERROR", True)
    ]
    assert services.end_stale_visits(now=now) == 1


def test_quality_is_told_of_devices_only(told: Told) -> None:
    room = RoomFactory()
    device, guest = SeatFactory(room=room, admitted=True), SeatFactory(room=room)
    measures = {"peer": "x", "rttMs": 12}
    for seat in (device, guest):
        services.sample_quality(room_uuid=room.uuid, seat_key=seat.key, measures=measures)
    told.run(services.sample_quality, room_uuid=room.uuid, seat_key=device.key, measures=measures)
    told.run(services.sample_quality, room_uuid=room.uuid, seat_key=guest.key, measures=measures)
    assert told.named("quality_sampled") == [{"room_uuid": room.uuid, "seat_key": device.key, "measures": measures}]
