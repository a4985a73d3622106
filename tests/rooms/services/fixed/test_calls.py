"""Calls of a fixed room: one at a time, each a room of its own, and nobody of an earlier one in the next."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from rooms import services
from rooms.access import seat_for
from rooms.enums import CloseReason, DeviceKind, RoomKind, RoomState, SeatRole, SeatState
from rooms.errors import HostDoorShut
from rooms.models import Room, Seat
from rooms.models_fixed import FixedRoom
from rooms.rules.fixed import EMPTY_FOR, KEPT, LONGEST
from rooms.services import fixed
from rooms.services.let_in import let_in_guests
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.fixed import FixedRoomFactory
from tests.factories.rooms import instance
from tests.rooms.services.test_races import at_once
from vdx.accounts.models import User
from vdx.lib import clock
from vdx.lib.errors import NotFound

pytestmark = pytest.mark.django_db


def enter(room: FixedRoom, user: User | None, now: datetime) -> tuple[Room, str]:
    return fixed.enter_as_host(fixed_room_id=room.pk, user=user, device_kind=DeviceKind.BROWSER, now=now)


def come(seat: Seat, now: datetime) -> None:
    services.connect(seat_id=seat.pk, instance=instance(), resumed=False, now=now)


def guest(room: Room, now: datetime) -> Seat:
    seat, _ = services.knock(room_id=room.pk, token=None, device_kind=DeviceKind.BROWSER, now=now)
    come(seat, now)
    let_in_guests(room_id=room.pk, now=now)
    return Seat.objects.get(pk=seat.pk)


@pytest.fixture
def colleague() -> User:
    return member()


@pytest.fixture
def room(colleague: User) -> FixedRoom:
    return FixedRoomFactory(organisation=colleague.memberships.get().organisation, users=[colleague])


def test_the_first_who_comes_opens_a_call(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    call, token = enter(room, colleague, now)

    assert (call.kind, call.fixed_room, call.organisation) == (RoomKind.FIXED, room, room.organisation)
    assert (call.guest_pin, call.host_pin, call.host_label) == (room.guest_pin, None, room.name)
    assert (call.opens_at, call.closes_at, call.ends_at) == (now, now + LONGEST, None)
    seat = seat_for(call, token)
    assert seat is not None
    assert (seat.role, seat.state, seat.user) == (SeatRole.HOST, SeatState.ADMITTED, colleague)


def test_the_next_joins_the_same_call(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    call, _ = enter(room, colleague, now)

    assert fixed.open_call(fixed_room_id=room.pk, now=now + timedelta(hours=1)) == call
    assert Room.objects.count() == 1


def test_tomorrow_is_another_call_with_another_link_and_other_seats(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    call, token = enter(room, colleague, now)
    services.close_room(room_id=call.pk, reason=CloseReason.ENDED, now=now)

    again, _ = enter(room, colleague, now + timedelta(days=1))

    assert again != call
    assert (again.uuid != call.uuid, again.short_id != call.short_id) == (True, True)
    assert seat_for(again, token) is None


def test_a_call_whose_hours_are_up_makes_place_for_the_next_before_the_sweep(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    call, _ = enter(room, colleague, now)

    again = fixed.open_call(fixed_room_id=room.pk, now=now + LONGEST)

    call.refresh_from_db()
    assert (call.state, call.close_reason, again != call) == (RoomState.CLOSED, CloseReason.EXPIRED, True)


def test_the_database_knows_one_call_at_a_time(room: FixedRoom, colleague: User) -> None:
    enter(room, colleague, clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(organisation=room.organisation, kind=RoomKind.FIXED, fixed_room=room)
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(organisation=room.organisation, kind=RoomKind.FIXED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(organisation=room.organisation, fixed_room=room)


def test_an_address_that_is_turned_off_opens_for_nobody(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    fixed.turn_off(fixed_room_id=room.pk, actor=None, now=now)
    with pytest.raises(NotFound):
        fixed.open_call(fixed_room_id=room.pk, now=now)
    with pytest.raises(NotFound):
        enter(room, colleague, now)


def test_turning_off_ends_the_call(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    call, _ = enter(room, colleague, now)
    fixed.turn_off(fixed_room_id=room.pk, actor=None, now=now)
    call.refresh_from_db()
    assert (call.state, call.close_reason) == (RoomState.CLOSED, CloseReason.ADMIN)


def test_a_doctor_of_the_organisation_who_is_not_named_is_no_host(room: FixedRoom, colleague: User) -> None:
    call, _ = enter(room, colleague, clock.now())
    other = member(organisation=room.organisation)
    with pytest.raises(HostDoorShut):
        enter(room, other, clock.now())
    with pytest.raises(HostDoorShut):
        services.take_host_seat(room_id=call.pk, user=other, device_kind=DeviceKind.BROWSER, now=clock.now())


def test_whoever_has_typed_the_hosts_pin_is_host(room: FixedRoom) -> None:
    call, token = enter(room, None, clock.now())
    seat = seat_for(call, token)
    assert seat is not None
    assert (seat.role, seat.user) == (SeatRole.HOST, None)


def test_a_call_ends_five_minutes_after_the_last_one_has_gone(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    call, token = enter(room, colleague, now)
    seat = seat_for(call, token)
    assert seat is not None
    come(seat, now)
    assert fixed.close_empty_calls(now=now + timedelta(hours=1)) == 0
    gone = now + timedelta(hours=1)
    services.seen(visit_id=seat.visits.get().pk, now=gone)
    services.leave(seat_id=seat.pk, now=gone)

    assert fixed.close_empty_calls(now=gone + EMPTY_FOR - timedelta(seconds=1)) == 0
    assert fixed.close_empty_calls(now=gone + EMPTY_FOR) == 1
    call.refresh_from_db()
    assert (call.state, call.close_reason) == (RoomState.CLOSED, CloseReason.EMPTY)
    assert fixed.close_empty_calls(now=gone + EMPTY_FOR) == 0


def test_whoever_is_on_the_way_in_is_waited_for(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    enter(room, colleague, now)
    later = now + timedelta(hours=2)
    fixed.open_call(fixed_room_id=room.pk, now=later)
    assert fixed.close_empty_calls(now=later + timedelta(minutes=4)) == 0


def test_a_guest_who_waits_keeps_the_call(room: FixedRoom) -> None:
    now = clock.now()
    call = fixed.open_call(fixed_room_id=room.pk, now=now)
    waiting = guest(call, now)
    assert waiting.state == SeatState.WAITING
    assert fixed.close_empty_calls(now=now + timedelta(hours=1)) == 0


def test_a_meetings_room_is_never_closed_for_being_empty(colleague: User) -> None:
    from tests.factories.rooms import RoomFactory

    booked = RoomFactory(ends_at=clock.now() + timedelta(hours=5))
    assert fixed.close_empty_calls(now=clock.now() + timedelta(hours=2)) == 0
    booked.refresh_from_db()
    assert booked.state == RoomState.PLANNED


def test_calls_are_forgotten_after_three_months(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    call, _ = enter(room, colleague, now)
    services.close_room(room_id=call.pk, reason=CloseReason.ENDED, now=now)
    assert fixed.forget_calls(now=now + KEPT - timedelta(seconds=1)) == 0
    assert fixed.forget_calls(now=now + KEPT) == 1
    assert (Room.objects.count(), Seat.objects.count(), FixedRoom.objects.count()) == (0, 0, 1)


def test_with_a_waiting_room_a_host_opens(room: FixedRoom, colleague: User) -> None:
    now = clock.now()
    call, token = enter(room, colleague, now)
    host = seat_for(call, token)
    assert host is not None
    come(host, now)
    assert guest(call, now).state == SeatState.WAITING


def test_without_one_guests_come_in_once_a_host_is_there() -> None:
    now, colleague = clock.now(), member()
    room = FixedRoomFactory(
        organisation=colleague.memberships.get().organisation, users=[colleague], waiting_room=False
    )
    call = fixed.open_call(fixed_room_id=room.pk, now=now)
    early = guest(call, now)
    assert early.state == SeatState.WAITING

    _, token = enter(room, colleague, now)
    host = seat_for(call, token)
    assert host is not None
    come(host, now)
    let_in_guests(room_id=call.pk, now=now)

    assert Seat.objects.get(pk=early.pk).state == SeatState.ADMITTED
    assert guest(call, now).state == SeatState.ADMITTED


def test_after_a_no_nobody_comes_in_unseen() -> None:
    now, colleague = clock.now(), member()
    room = FixedRoomFactory(
        organisation=colleague.memberships.get().organisation, users=[colleague], waiting_room=False
    )
    call, token = enter(room, colleague, now)
    host = seat_for(call, token)
    assert host is not None
    come(host, now)
    loud = guest(call, now)
    services.remove(room_id=call.pk, seat_key=loud.key, by_seat=host.pk, now=now)

    assert guest(call, now).state == SeatState.WAITING


def test_a_locked_room_lets_nobody_in_by_itself() -> None:
    now, colleague = clock.now(), member()
    room = FixedRoomFactory(
        organisation=colleague.memberships.get().organisation, users=[colleague], waiting_room=False
    )
    call = fixed.open_call(fixed_room_id=room.pk, now=now)
    early = guest(call, now)
    _, token = enter(room, colleague, now)
    host = seat_for(call, token)
    assert host is not None
    come(host, now)
    services.lock_room(room_id=call.pk, is_locked=True, by_seat=host.pk, now=now)

    assert let_in_guests(room_id=call.pk, now=now) == 0
    assert Seat.objects.get(pk=early.pk).state == SeatState.WAITING


@pytest.mark.django_db(transaction=True)
@pytest.mark.service
def test_two_who_open_at_once_meet_in_the_same_call() -> None:
    organisation, now = OrganisationFactory(), clock.now()
    one, two = member(organisation=organisation), member(organisation=organisation)
    room = FixedRoomFactory(organisation=organisation, users=[one, two])

    found = at_once(lambda: enter(room, one, now)[0].pk, lambda: enter(room, two, now)[0].pk)

    assert len(set(found)) == 1
    assert (Room.objects.count(), Seat.objects.count()) == (1, 2)
