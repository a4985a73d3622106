"""Taking a place: knocking, hosting, letting in, refusing, leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings

from rooms import services
from rooms.enums import CloseReason, DeviceKind, SeatRole, SeatState
from rooms.errors import HostDoorShut, HostOnly, RoomClosed, RoomFull, RoomNotOpen, SeatGone
from rooms.models import Room, Seat, Visit
from rooms.rules.capacity import WAITING_LIMIT
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from tests.rooms.services.conftest import Told
from vdx.accounts import services as accounts
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

MINUTE = timedelta(minutes=1)


def knock(room: Room, token: str | None = None, *, kind: DeviceKind = DeviceKind.BROWSER) -> tuple[Seat, str]:
    return services.knock(room_id=room.pk, token=token, device_kind=kind, now=clock.now())


def connected(seat: Seat) -> Visit:
    return services.connect(seat_id=seat.pk, instance="a" * 32, resumed=False, now=clock.now())


# --- Knocking ---


def test_a_guest_gets_a_seat_and_its_token_is_not_kept() -> None:
    seat, token = knock(RoomFactory(), kind=DeviceKind.APP)
    kept = Seat.objects.get()
    assert (kept.role, kept.state, kept.device_kind) == (SeatRole.GUEST, SeatState.WAITING, DeviceKind.APP)
    assert token not in {kept.token_digest, kept.key}
    assert kept.knocked_at is not None
    assert AuditEntry.objects.get(action="room.knocked").actor_kind == "guest"
    assert seat.pk == kept.pk


def test_the_same_browser_keeps_its_seat() -> None:
    room = RoomFactory()
    seat, token = knock(room)
    assert knock(room, token) == (seat, token)
    Seat.objects.update(state=SeatState.ADMITTED, admitted_at=clock.now())
    again, _ = knock(room, token)
    assert (again.pk, again.state) == (seat.pk, SeatState.ADMITTED)


def test_a_token_of_another_room_opens_nothing() -> None:
    _, token = knock(RoomFactory())
    seat, other = knock(RoomFactory(), token)
    assert other != token
    assert Seat.objects.count() == 2
    assert seat.state == SeatState.WAITING


@pytest.mark.parametrize("state", [SeatState.REFUSED, SeatState.LEFT])
def test_who_was_refused_or_left_waits_again_in_the_same_seat(state: SeatState) -> None:
    room = RoomFactory()
    seat, token = knock(room)
    Seat.objects.update(state=state, left_at=clock.now(), admitted_at=clock.now())
    again, same = knock(room, token)
    assert (again.pk, again.state, again.left_at, same) == (seat.pk, SeatState.WAITING, None, token)
    # It was a device once, and stays one.
    assert Seat.objects.get().is_device


@pytest.mark.parametrize(
    ("start", "error"), [(timedelta(minutes=16), RoomNotOpen), (timedelta(minutes=-30), RoomClosed)]
)
def test_nobody_knocks_outside_the_window(start: timedelta, error: type[Exception]) -> None:
    with pytest.raises(error):
        knock(RoomFactory(starts_at=clock.now() + start))


def test_nobody_knocks_at_a_closed_room() -> None:
    room = RoomFactory()
    services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=clock.now())
    with pytest.raises(RoomClosed):
        knock(room)


def test_a_full_room_takes_no_knock() -> None:
    room = RoomFactory(max_participants=1)
    connected(SeatFactory(room=room, admitted=True))
    with pytest.raises(RoomFull):
        knock(room)


def test_not_everybody_can_wait_at_once() -> None:
    room = RoomFactory()
    SeatFactory.create_batch(WAITING_LIMIT - 1, room=room)
    SeatFactory(room=room, knocked_at=clock.now() - 2 * MINUTE)
    knock(room)
    with pytest.raises(RoomFull):
        knock(room)


# --- The host ---


def test_a_login_that_may_host_takes_the_seat() -> None:
    room = RoomFactory()
    doctor = MembershipFactory(organisation=room.organisation).user
    seat, _ = services.take_host_seat(room_id=room.pk, user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now())
    assert (seat.role, seat.state, seat.user) == (SeatRole.HOST, SeatState.ADMITTED, doctor)
    assert AuditEntry.objects.get(action="room.hosted").actor == doctor


def test_a_login_from_elsewhere_may_not() -> None:
    room = RoomFactory()
    for stranger in (UserFactory(), MembershipFactory().user):
        with pytest.raises(HostDoorShut):
            services.take_host_seat(room_id=room.pk, user=stranger, device_kind=DeviceKind.BROWSER, now=clock.now())


def test_one_login_is_one_device_whatever_the_browser() -> None:
    room = RoomFactory()
    doctor = MembershipFactory(organisation=room.organisation).user
    take = {"room_id": room.pk, "user": doctor, "device_kind": DeviceKind.BROWSER, "now": clock.now()}
    first, first_token = services.take_host_seat(**take)
    second, second_token = services.take_host_seat(**take)
    assert first.pk == second.pk
    assert first_token != second_token


def test_the_pin_gives_a_seat_without_a_login_and_again_the_same() -> None:
    room = RoomFactory(host_pin=4711)
    take = {"room_id": room.pk, "user": None, "device_kind": DeviceKind.BROWSER, "now": clock.now()}
    seat, token = services.take_host_seat(**take)
    again, _ = services.take_host_seat(**take, token=token)
    assert (seat.pk, seat.role, seat.user) == (again.pk, SeatRole.HOST, None)
    assert [entry.actor_kind for entry in AuditEntry.objects.filter(action="room.hosted")] == ["host-pin"] * 2


def test_a_browser_that_waited_as_a_guest_becomes_the_host_and_stays_one_device() -> None:
    room = RoomFactory()
    doctor = MembershipFactory(organisation=room.organisation).user
    guest, token = knock(room)
    seat, _ = services.take_host_seat(
        room_id=room.pk, user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now(), token=token
    )
    assert (seat.pk, seat.role, seat.state) == (guest.pk, SeatRole.HOST, SeatState.ADMITTED)


def test_two_doctors_in_one_browser_are_two_devices() -> None:
    room = RoomFactory()
    one, other = (MembershipFactory(organisation=room.organisation).user for _ in range(2))
    first, token = services.take_host_seat(room_id=room.pk, user=one, device_kind=DeviceKind.BROWSER, now=clock.now())
    second, _ = services.take_host_seat(
        room_id=room.pk, user=other, device_kind=DeviceKind.BROWSER, now=clock.now(), token=token
    )
    assert first.pk != second.pk
    assert (Seat.objects.get(pk=first.pk).user, second.user) == (one, other)


def test_a_host_who_left_comes_back_unless_the_membership_has_ended() -> None:
    room = RoomFactory()
    membership = MembershipFactory(organisation=room.organisation)
    seat, token = services.take_host_seat(
        room_id=room.pk, user=membership.user, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    services.leave(seat_id=seat.pk, now=clock.now())
    again, _ = knock(room, token)
    assert (again.pk, again.state) == (seat.pk, SeatState.ADMITTED)
    services.leave(seat_id=seat.pk, now=clock.now())
    accounts.end_membership(membership=membership, actor=None, now=clock.now())
    with pytest.raises(HostDoorShut):
        knock(room, token)


# --- Letting in ---


def test_a_guest_is_let_in(told: Told) -> None:
    room, now = RoomFactory(), clock.now()
    host = SeatFactory(room=room, host=True)
    guest, _ = knock(room)
    waiting = connected(guest)
    told.run(services.admit, room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=now)
    guest.refresh_from_db()
    waiting.refresh_from_db()
    assert (guest.state, guest.admitted_at, waiting.admitted_at) == (SeatState.ADMITTED, now, now)
    assert told.named("participant_admitted") == [{"room_uuid": room.uuid, "seat_key": guest.key}]
    told.run(services.admit, room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=now + MINUTE)
    assert len(told.named("participant_admitted")) == 1


def test_only_a_host_of_this_room_lets_in_or_refuses() -> None:
    room = RoomFactory()
    guest, _ = knock(room)
    strangers = [SeatFactory(room=room, admitted=True), SeatFactory(host=True), guest]
    for seat in strangers:
        for service in (services.admit, services.refuse):
            with pytest.raises(HostOnly):
                service(room_id=room.pk, seat_key=guest.key, by_seat_id=seat.pk, now=clock.now())


@pytest.mark.parametrize("service", [services.admit, services.refuse])
def test_who_is_not_there_is_neither_let_in_nor_refused(service: object) -> None:
    room = RoomFactory()
    host = SeatFactory(room=room, host=True)
    elsewhere, _ = knock(RoomFactory())
    gone = SeatFactory(room=room, state=SeatState.LEFT)
    for key in (elsewhere.key, gone.key, host.key, "x" * 12):
        with pytest.raises(SeatGone):
            service(room_id=room.pk, seat_key=key, by_seat_id=host.pk, now=clock.now())  # type: ignore[operator]


def test_who_is_in_cannot_be_refused() -> None:
    room = RoomFactory()
    host, guest = SeatFactory(room=room, host=True), SeatFactory(room=room, admitted=True)
    with pytest.raises(SeatGone):
        services.refuse(room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=clock.now())


def test_refusing_ends_the_visit(told: Told) -> None:
    room, now = RoomFactory(), clock.now()
    host, guest = SeatFactory(room=room, host=True), SeatFactory(room=room)
    visit(guest, now - MINUTE, None)
    told.run(services.refuse, room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=now)
    guest.refresh_from_db()
    assert (guest.state, guest.is_device) == (SeatState.REFUSED, False)
    assert Visit.objects.get().ended_at == now
    assert told.named("call_ended") == []
    assert told.named("participant_refused") == [{"room_uuid": room.uuid, "seat_key": guest.key}]


# --- How many ---


@pytest.mark.parametrize(("most", "fits"), [(2, False), (3, True), (0, False)])
def test_at_most_the_rooms_number_of_devices(settings: LazySettings, most: int, fits: bool) -> None:
    settings.VDX_MAX_PARTICIPANTS = 2
    room = RoomFactory(max_participants=most)
    host = SeatFactory(room=room, host=True)
    for seat in (host, SeatFactory(room=room, admitted=True)):
        visit(seat, clock.now(), None)
    guest = SeatFactory(room=room)
    if fits:
        services.admit(room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=clock.now())
        return
    with pytest.raises(RoomFull):
        services.admit(room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=clock.now())


@pytest.mark.parametrize(("away", "fits"), [(30, False), (61, True)])
def test_the_place_of_a_broken_connection_is_kept_for_a_minute(away: int, fits: bool) -> None:
    room, now = RoomFactory(max_participants=2), clock.now()
    host, lost = SeatFactory(room=room, host=True), SeatFactory(room=room, admitted=True)
    visit(host, now, None)
    visit(lost, now - 5 * MINUTE, now - timedelta(seconds=away))
    guest = SeatFactory(room=room)
    if fits:
        services.admit(room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=now)
        visit(guest, now, None)
        with pytest.raises(RoomFull):
            services.connect(seat_id=lost.pk, instance="b" * 32, resumed=True, now=now)
    else:
        with pytest.raises(RoomFull):
            services.admit(room_id=room.pk, seat_key=guest.key, by_seat_id=host.pk, now=now)


# --- Leaving ---


def test_the_last_who_leaves_ends_the_call(told: Told) -> None:
    room, now = RoomFactory(), clock.now()
    seats = [SeatFactory(room=room, host=True), SeatFactory(room=room, admitted=True)]
    for seat in [*seats, SeatFactory(room=room)]:
        visit(seat, now - MINUTE, None)
    told.run(services.leave, seat_id=seats[0].pk, now=now)
    assert told.named("call_ended") == []
    told.run(services.leave, seat_id=seats[1].pk, now=now)
    told.run(services.leave, seat_id=seats[1].pk, now=now)
    assert told.named("call_ended") == [{"room_uuid": room.uuid, "is_final": False}]
    assert [Seat.objects.get(pk=seat.pk).state for seat in seats] == [SeatState.LEFT] * 2
