"""A host's orders: the room locked, a device removed, a microphone switched off."""

from __future__ import annotations

import pytest

from rooms import services
from rooms.enums import CloseReason, DeviceKind, SeatRole, SeatState
from rooms.errors import HostOnly, RoomClosed, RoomLocked, SeatGone
from rooms.models import Room, Seat, Visit
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from tests.rooms.services.conftest import Told
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def lock(host: Seat, locked: bool = True) -> Room:
    return services.lock_room(room_id=host.room_id, is_locked=locked, by_seat=host.pk, now=clock.now())


def remove(host: Seat, seat: Seat) -> Seat:
    return services.remove(room_id=host.room_id, seat_key=seat.key, by_seat=host.pk, now=clock.now())


def mute(host: Seat, seat: Seat) -> Seat:
    return services.mute(room_id=host.room_id, seat_key=seat.key, by_seat=host.pk, now=clock.now())


def knock(room: Room, token: str | None = None) -> Seat:
    return services.knock(room_id=room.pk, token=token, device_kind=DeviceKind.BROWSER, now=clock.now())[0]


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_locked_room_lets_nobody_new_knock_and_says_where_to_ring() -> None:
    host = SeatFactory(host=True)
    assert lock(host).is_locked
    with pytest.raises(RoomLocked) as refused:
        knock(host.room)
    assert "00 00 00 01" in str(refused.value.message)
    assert not lock(host, False).is_locked
    assert knock(host.room).state == SeatState.WAITING


@pytest.mark.parametrize("state", [SeatState.WAITING, SeatState.ADMITTED, SeatState.LEFT])
def test_whoever_has_a_seat_comes_back_to_a_locked_room(state: SeatState) -> None:
    host = SeatFactory(host=True)
    seat = SeatFactory(room=host.room, state=state, admitted_at=clock.now(), token="mine")
    lock(host)
    assert knock(host.room, "mine").pk == seat.pk


def test_two_hosts_who_lock_at_once_are_told_once(told: Told) -> None:
    host = SeatFactory(host=True)
    other = SeatFactory(room=host.room, host=True)
    told.run(lock, host=host)
    told.run(lock, host=other)
    assert len(told.named("room_changed")) == 1
    assert actions().count("room.locked") == 1


def test_a_removed_device_is_out_of_the_call_and_may_knock_again_unless_the_room_is_locked(told: Told) -> None:
    host = SeatFactory(host=True)
    seat = SeatFactory(room=host.room, admitted=True, token="mine")
    stay = visit(seat, clock.now(), None)
    assert told.run(remove, host=host, seat=seat).state == SeatState.REFUSED
    # The other host's press, or the same one twice.
    told.run(remove, host=host, seat=seat)
    assert told.named("participant_removed") == [{"room_uuid": host.room.uuid, "seat_key": seat.key}]
    assert Visit.objects.get(pk=stay.pk).ended_at is not None
    lock(host)
    with pytest.raises(RoomLocked):
        knock(host.room, "mine")
    lock(host, False)
    assert knock(host.room, "mine").state == SeatState.WAITING
    assert actions().count("room.removed") == 1


@pytest.mark.parametrize("state", [SeatState.WAITING, SeatState.LEFT])
def test_only_who_takes_part_can_be_removed(state: SeatState) -> None:
    host = SeatFactory(host=True)
    seat = SeatFactory(room=host.room, state=state)
    with pytest.raises(SeatGone):
        remove(host, seat)


def test_a_host_is_not_removed_nor_somebody_of_another_room() -> None:
    host = SeatFactory(host=True)
    for seat in [SeatFactory(room=host.room, host=True), SeatFactory(admitted=True)]:
        with pytest.raises(SeatGone):
            remove(host, seat)
        assert Seat.objects.get(pk=seat.pk).state == SeatState.ADMITTED


def test_muting_is_told_to_the_seat_and_never_to_oneself(told: Told) -> None:
    host = SeatFactory(host=True)
    seat = SeatFactory(room=host.room, admitted=True)
    told.run(mute, host=host, seat=seat)
    for nobody in [host, SeatFactory(room=host.room), SeatFactory(admitted=True)]:
        with pytest.raises(SeatGone):
            told.run(mute, host=host, seat=nobody)
    expected = {"room_uuid": host.room.uuid, "seat_key": seat.key, "by_seat_key": host.key}
    assert told.named("participant_muted") == [expected]
    assert actions().count("room.muted") == 1


@pytest.mark.parametrize("order", ["lock", "remove", "mute"])
def test_only_a_host_of_this_room_orders_and_nobody_in_a_closed_one(order: str) -> None:
    room = RoomFactory()
    host, guest = SeatFactory(room=room, host=True), SeatFactory(room=room, admitted=True)
    stranger = SeatFactory(role=SeatRole.HOST, state=SeatState.ADMITTED, admitted_at=clock.now())

    def give(by: Seat) -> None:
        if order == "lock":
            services.lock_room(room_id=room.pk, is_locked=True, by_seat=by.pk, now=clock.now())
        else:
            write = services.remove if order == "remove" else services.mute
            write(room_id=room.pk, seat_key=guest.key, by_seat=by.pk, now=clock.now())

    for by in [guest, stranger]:
        with pytest.raises(HostOnly):
            give(by)
    services.close_room(room_id=room.pk, reason=CloseReason.ADMIN, now=clock.now())
    with pytest.raises(RoomClosed):
        give(host)
