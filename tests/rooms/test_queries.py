"""What others read of rooms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from rooms import queries, services
from rooms.enums import CloseReason, DeviceKind, SeatRole, SeatState
from rooms.queries import CallFacts, DeviceFacts
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from vdx.lib import clock
from vdx.lib.errors import NotFound

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_facts_of_a_call() -> None:
    room = RoomFactory(starts_at=NINE, ends_at=NINE + 15 * MINUTE, now=NINE)
    host = SeatFactory(room=room, host=True, key="host")
    patient = SeatFactory(room=room, admitted=True, key="patient", device_kind=DeviceKind.APP)
    refused = SeatFactory(room=room, state=SeatState.REFUSED, key="refused")
    waits = SeatFactory(room=room, key="waits")
    visit(host, NINE, NINE + 10 * MINUTE)
    visit(patient, NINE + 2 * MINUTE, NINE + 4 * MINUTE)
    visit(patient, NINE + 5 * MINUTE, NINE + 9 * MINUTE, resumed=True)
    visit(refused, NINE, NINE + MINUTE)
    visit(waits, NINE, None)
    services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=NINE + 10 * MINUTE)

    facts = queries.call_facts(room.uuid)
    assert {presence.seat_key: presence.role for presence in facts.presences} == {
        "host": SeatRole.HOST,
        "patient": SeatRole.GUEST,
        "refused": SeatRole.GUEST,
        "waits": SeatRole.GUEST,
    }
    assert facts == CallFacts(
        room_uuid=room.uuid,
        presences=facts.presences,
        devices=(
            DeviceFacts("host", DeviceKind.BROWSER, SeatRole.HOST, ((NINE, NINE + 10 * MINUTE),)),
            DeviceFacts("patient", DeviceKind.APP, SeatRole.GUEST, ((NINE + 2 * MINUTE, NINE + 9 * MINUTE),), waited=0),
        ),
        guests_waited=True,
        host_came=True,
        organisation_id=room.organisation_id,
        starts_at=NINE,
        ends_at=NINE + 15 * MINUTE,
        created_time=NINE,
        closed_at=NINE + 10 * MINUTE,
        close_reason=CloseReason.ENDED,
    )


def test_the_facts_of_a_room_where_nobody_came() -> None:
    room = RoomFactory()
    # A seat that never connected was nobody.
    SeatFactory(room=room)
    facts = queries.call_facts(room.uuid)
    assert (facts.devices, facts.guests_waited, facts.host_came, facts.close_reason) == ((), False, False, "")


def test_a_stay_counts_from_being_let_in_and_not_while_waiting_again() -> None:
    room = RoomFactory()
    host, guest = SeatFactory(room=room, host=True), SeatFactory(room=room)
    start = clock.now()
    one = services.connect(seat_id=guest.pk, instance="a" * 32, resumed=False, now=start)
    services.admit(room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=start + MINUTE / 6)
    services.disconnect(visit_id=one.pk, now=start + MINUTE / 3)
    services.leave(seat_id=guest.pk, now=start + MINUTE / 3)
    guest.refresh_from_db()
    guest.state = SeatState.WAITING
    guest.save()
    services.connect(seat_id=guest.pk, instance="a" * 32, resumed=True, now=start + MINUTE / 2)
    device = next(device for device in queries.call_facts(room.uuid).devices if device.role == SeatRole.GUEST)
    assert device.stays == ((start + MINUTE / 6, start + MINUTE / 3),)


def test_no_facts_of_a_room_that_is_not() -> None:
    with pytest.raises(NotFound):
        queries.call_facts(uuid4())


@pytest.mark.parametrize("devices", [1, 3])
def test_facts_take_three_questions_whatever_the_size(devices: int, django_assert_num_queries: Any) -> None:
    room = RoomFactory()
    for seat in SeatFactory.create_batch(devices, room=room, admitted=True):
        visit(seat, NINE, NINE + MINUTE)
        visit(seat, NINE + MINUTE, NINE + 2 * MINUTE)
    with django_assert_num_queries(3):
        queries.call_facts(room.uuid)


def test_rooms_closed_since() -> None:
    rooms = RoomFactory.create_batch(3)
    for minute, room in enumerate(rooms[:2]):
        services.close_room(room_id=room.pk, reason=CloseReason.ADMIN, now=NINE + minute * MINUTE)
    assert queries.rooms_closed_since(NINE) == [rooms[0].uuid, rooms[1].uuid]
    assert queries.rooms_closed_since(NINE + MINUTE) == [rooms[1].uuid]


def test_who_waits_and_who_is_in_now() -> None:
    room, empty = RoomFactory(), RoomFactory()
    now = clock.now()
    for seat in SeatFactory.create_batch(2, room=room):
        visit(seat, now, None)
    visit(SeatFactory(room=room), now - MINUTE, now)
    visit(SeatFactory(room=room, admitted=True), now, None)
    SeatFactory(room=room)
    assert queries.waiting_counts([room.pk, empty.pk]) == {room.pk: 2}
    assert queries.device_counts([room.pk, empty.pk]) == {room.pk: 1}
    assert queries.waiting_counts([]) == {}


def test_two_devices_may_be_direct_where_the_template_says_so() -> None:
    for never, there, possible in (("best_effort", 0, True), ("best_effort", 2, True), ("never", 2, False)):
        room = RoomFactory(direct_media=never)
        for _ in range(there):
            visit(SeatFactory(room=room, admitted=True), NINE, None)
        assert queries.direct_possible(room.uuid, NINE) is possible, (never, there)


def test_a_third_device_makes_the_direct_way_impossible(django_assert_num_queries: Any) -> None:
    room, other = RoomFactory(), RoomFactory()
    for _ in range(3):
        visit(SeatFactory(room=room, admitted=True), NINE, None)
        visit(SeatFactory(room=other, admitted=True), NINE, NINE)
    with django_assert_num_queries(1):
        assert queries.direct_possible(room.uuid, NINE) is False
    assert queries.direct_possible(other.uuid, NINE) is True


def test_neither_who_waits_nor_who_has_gone_counts_as_a_third_device() -> None:
    room = RoomFactory()
    host, patient = SeatFactory(room=room, host=True), SeatFactory(room=room, admitted=True)
    for seat in (host, patient, SeatFactory(room=room)):
        visit(seat, NINE, None)
    visit(SeatFactory(room=room, admitted=True), NINE - 5 * MINUTE, NINE - MINUTE)
    # Killed with its web process, and not swept away yet.
    visit(SeatFactory(room=room, admitted=True), NINE - 5 * MINUTE, None)
    assert queries.direct_possible(room.uuid, NINE) is True
