"""A host's seat ends with the login's right to host."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from rooms import services
from rooms.access import seat_for
from rooms.enums import CloseReason, DeviceKind, SeatState
from rooms.errors import HostDoorShut, HostOnly
from rooms.models import Room, Seat, Visit
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.rooms import RoomFactory, SeatFactory
from tests.rooms.services.conftest import Told
from vdx.accounts import services as accounts
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, Membership
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

PAGE = "a" * 32


def hosting(room: Room, membership: Membership | None = None) -> tuple[Membership, Seat]:
    """A doctor of the practice who stands in the room."""
    doctor = membership or MembershipFactory(organisation=room.organisation)
    seat, _ = services.take_host_seat(
        room_id=room.pk, user=doctor.user, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    services.connect(seat_id=seat.pk, instance=PAGE, resumed=False, now=clock.now())
    return doctor, seat


def lapse(doctor: Membership) -> None:
    """The right is gone, and nobody has been told."""
    Membership.objects.filter(pk=doctor.pk).update(ended_at=clock.now())


def test_who_may_not_host_any_more_can_do_nothing_as_host() -> None:
    room, now = RoomFactory(), clock.now()
    doctor, seat = hosting(room)
    guest = SeatFactory(room=room)
    lapse(doctor)
    for refused in (
        lambda: services.admit(room_id=room.pk, seat_key=guest.key, by_seat_id=seat.pk, now=now),
        lambda: services.refuse(room_id=room.pk, seat_key=guest.key, by_seat_id=seat.pk, now=now),
        lambda: services.extend_room(room_id=room.pk, minutes=5, by_seat=seat.pk, now=now),
        lambda: services.close_room(room_id=room.pk, reason=CloseReason.ENDED, by_seat=seat.pk, now=now),
    ):
        with pytest.raises(HostOnly):
            refused()


def test_who_may_not_host_any_more_does_not_come_back_as_host() -> None:
    doctor, seat = hosting(RoomFactory())
    lapse(doctor)
    with pytest.raises(HostDoorShut):
        services.connect(seat_id=seat.pk, instance=PAGE, resumed=True, now=clock.now())


def test_a_host_who_typed_the_pin_has_no_login_to_lose() -> None:
    seat = SeatFactory(host=True)
    assert services.connect(seat_id=seat.pk, instance=PAGE, resumed=False, now=clock.now()).ended_at is None


def test_closing_somebodys_access_ends_the_hosting_everywhere(told: Told) -> None:
    rooms = [RoomFactory() for _ in range(2)]
    organisation = rooms[0].organisation
    doctor, first = hosting(rooms[0])
    second = hosting(rooms[1], MembershipFactory(organisation=rooms[1].organisation, user=doctor.user))[1]
    _, colleague = hosting(rooms[0])
    told.run(accounts.deactivate, user=doctor.user, actor=None, now=clock.now())
    assert [Seat.objects.get(pk=seat.pk).state for seat in (first, second, colleague)] == [
        SeatState.LEFT,
        SeatState.LEFT,
        SeatState.ADMITTED,
    ]
    assert set(Visit.objects.filter(ended_at__isnull=True).values_list("seat", flat=True)) == {colleague.pk}
    assert told.named("host_unseated") == [
        {"room_uuid": rooms[0].uuid, "seat_key": first.key},
        {"room_uuid": rooms[1].uuid, "seat_key": second.key},
    ]
    entry = AuditEntry.objects.get(action="room.host_unseated", target_id=str(rooms[0].uuid))
    assert (entry.organisation, entry.actor, entry.actor_kind) == (organisation, None, "system")


def test_a_role_that_ends_takes_the_rooms_of_that_practice_only(told: Told) -> None:
    here, there = RoomFactory(), RoomFactory()
    doctor, lost = hosting(here)
    _, kept = hosting(there, MembershipFactory(organisation=there.organisation, user=doctor.user))
    told.run(accounts.end_membership, membership=doctor, actor=None, now=clock.now())
    assert (Seat.objects.get(pk=lost.pk).state, Seat.objects.get(pk=kept.pk).state) == (
        SeatState.LEFT,
        SeatState.ADMITTED,
    )


def test_who_is_also_a_secretary_there_stays(told: Told) -> None:
    doctor, seat = hosting(RoomFactory())
    MembershipFactory(organisation=doctor.organisation, user=doctor.user, role=Role.SECRETARY)
    told.run(accounts.end_membership, membership=doctor, actor=None, now=clock.now())
    assert Seat.objects.get(pk=seat.pk).state == SeatState.ADMITTED


def test_nobody_who_hosts_nothing_is_unseated() -> None:
    guest = SeatFactory(admitted=True, user=UserFactory())
    assert services.unseat_host(user_id=guest.user.pk, now=clock.now()) == 0
    assert Seat.objects.get().state == SeatState.ADMITTED


@pytest.mark.parametrize("left_before", [False, True])
def test_logging_out_leaves_no_hosts_door_open_behind(told: Told, client: Client, left_before: bool) -> None:
    room = RoomFactory()
    doctor = MembershipFactory(organisation=room.organisation)
    client.force_login(doctor.user)
    seat, token = services.take_host_seat(
        room_id=room.pk, user=doctor.user, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    if left_before:
        services.leave(seat_id=seat.pk, now=clock.now())
    told.run(client.post, path=reverse("accounts:logout"))
    seat.refresh_from_db()
    assert (seat.state, seat_for(room, token)) == (SeatState.LEFT, None)
    assert len(told.named("host_unseated")) == (0 if left_before else 1)
    again, _ = services.take_host_seat(
        room_id=room.pk, user=doctor.user, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    assert (again.pk, again.state) == (seat.pk, SeatState.ADMITTED)
