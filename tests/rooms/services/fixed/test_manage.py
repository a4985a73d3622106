"""The standing address: made, changed, its pins, off and on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rooms import services
from rooms.enums import CloseReason, DeviceKind
from rooms.errors import AddressInUse, AddressMisspelt
from rooms.fixed_queries import rooms_with_spent_pins
from rooms.models import Room
from rooms.models_fixed import FixedRoom
from rooms.services import fixed
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.fixed import FixedRoomFactory
from tests.factories.rooms import RoomFactory
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def test_a_room_has_six_digits_for_guests_and_no_pin_for_hosts() -> None:
    room = FixedRoomFactory(address="  Onsdag ")
    assert room.address == "onsdag"
    assert (100_000 <= room.guest_pin < 1_000_000, room.host_pin, room.is_active) == (True, None, True)


def test_without_an_address_it_gets_a_number() -> None:
    room = FixedRoomFactory(address="")
    assert (len(room.address), room.address.isdigit()) == (6, True)


def test_a_host_pin_is_another_than_the_guests() -> None:
    room = FixedRoomFactory(with_host_pin=True)
    assert room.host_pin is not None
    assert room.host_pin != room.guest_pin


@pytest.mark.parametrize("address", ["ab", "møde", "to ord", "-x-"])
def test_an_address_of_other_characters_is_refused(address: str) -> None:
    with pytest.raises(AddressMisspelt):
        FixedRoomFactory(address=address)


def test_an_address_belongs_to_one_room_also_when_it_is_turned_off() -> None:
    room = FixedRoomFactory(address="onsdag")
    fixed.turn_off(fixed_room_id=room.pk, actor=None, now=clock.now())
    with pytest.raises(AddressInUse):
        FixedRoomFactory(address="ONSDAG")
    with pytest.raises(IntegrityError), transaction.atomic():
        FixedRoom.objects.create(organisation=room.organisation, name="To", address="onsdag", guest_pin=123456)


def test_an_address_that_was_changed_stays_the_rooms_own() -> None:
    room = FixedRoomFactory(address="onsdag")
    change_address(room, "torsdag")
    with pytest.raises(AddressInUse):
        FixedRoomFactory(address="onsdag")
    with pytest.raises(AddressInUse):
        change_address(FixedRoomFactory(address="fredag"), "onsdag")
    # It may be taken back, and the other one is its own as well.
    change_address(room, "onsdag")
    assert list(room.former_addresses.values_list("address", flat=True)) == ["torsdag"]
    with pytest.raises(AddressInUse):
        FixedRoomFactory(address="torsdag")


def change_address(room: FixedRoom, address: str) -> FixedRoom:
    return fixed.change_fixed_room(
        fixed_room_id=room.pk,
        name=room.name,
        address=address,
        description=room.description,
        waiting_room=room.waiting_room,
        actor=None,
        now=clock.now(),
    )


def test_the_database_takes_no_capitals_and_no_empty_name() -> None:
    organisation = OrganisationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        FixedRoom.objects.create(organisation=organisation, name="To", address="Onsdag", guest_pin=123456)
    with pytest.raises(IntegrityError), transaction.atomic():
        FixedRoom.objects.create(organisation=organisation, name="", address="onsdag", guest_pin=123456)


def test_a_booked_rooms_number_at_the_hubs_domain_is_in_use(settings: object) -> None:
    booked = RoomFactory()
    settings.VDX_PUBLIC_URL = "https://vdx.example"  # type: ignore[attr-defined]
    Room.objects.filter(pk=booked.pk).update(uri_without_domain="4711", uri_domain="vdx.example")
    with pytest.raises(AddressInUse):
        FixedRoomFactory(address="4711")


def test_what_is_changed_is_audited_by_field_and_never_with_a_pin() -> None:
    room, actor = FixedRoomFactory(), member()
    now = clock.now()
    fixed.change_fixed_room(
        fixed_room_id=room.pk,
        name="Torsdag",
        address=room.address,
        description=room.description,
        waiting_room=True,
        actor=actor,
        now=now,
    )
    fixed.draw_guest_pin(fixed_room_id=room.pk, actor=actor, now=now)
    fixed.draw_host_pin(fixed_room_id=room.pk, actor=actor)
    fixed.remove_host_pin(fixed_room_id=room.pk, actor=actor)
    fixed.turn_off(fixed_room_id=room.pk, actor=actor, now=now)
    fixed.turn_on(fixed_room_id=room.pk, actor=actor, now=now)

    trail = AuditEntry.objects.filter(target_type="fixed_room", actor=actor).order_by("pk")
    assert [(entry.action, entry.detail) for entry in trail] == [
        ("fixed_room.changed", {"fields": ["name"]}),
        ("fixed_room.guest_pin_drawn", {}),
        ("fixed_room.host_pin_drawn", {}),
        ("fixed_room.host_pin_removed", {}),
        ("fixed_room.turned_off", {}),
        ("fixed_room.turned_on", {}),
    ]


def test_a_new_guest_pin_holds_in_the_call_that_is_on() -> None:
    room, now = FixedRoomFactory(), clock.now()
    call = fixed.open_call(fixed_room_id=room.pk, now=now)
    new = fixed.draw_guest_pin(fixed_room_id=room.pk, actor=None, now=now).guest_pin
    call.refresh_from_db()
    assert (call.guest_pin, new != room.guest_pin) == (new, True)


def test_a_waiting_room_is_switched_on_at_once_and_off_with_a_new_pin_from_the_next_call() -> None:
    room, now = FixedRoomFactory(waiting_room=False), clock.now()
    call = fixed.open_call(fixed_room_id=room.pk, now=now)
    assert call.waiting_room is False

    def change(*, waiting_room: bool) -> FixedRoom:
        return fixed.change_fixed_room(
            fixed_room_id=room.pk,
            name=room.name,
            address=room.address,
            description="",
            waiting_room=waiting_room,
            actor=None,
            now=now,
        )

    assert change(waiting_room=True).guest_pin == room.guest_pin
    call.refresh_from_db()
    assert call.waiting_room is True
    assert change(waiting_room=False).guest_pin != room.guest_pin
    call.refresh_from_db()
    assert call.waiting_room is True


def _held(room: FixedRoom) -> None:
    now = clock.now()
    call = fixed.open_call(fixed_room_id=room.pk, now=now)
    services.take_host_seat(room_id=call.pk, user=None, device_kind=DeviceKind.BROWSER, now=now)
    services.connect(seat_id=call.seats.get().pk, instance="a", resumed=False, now=now)
    services.close_room(room_id=call.pk, reason=CloseReason.ENDED, now=now + timedelta(minutes=1))


def test_without_a_waiting_room_a_pin_is_good_for_one_call() -> None:
    room = FixedRoomFactory(waiting_room=False)
    assert fixed.renew_spent_pins(now=clock.now()) == 0
    _held(room)
    assert rooms_with_spent_pins() == [room.pk]

    assert fixed.renew_spent_pins(now=clock.now() + timedelta(minutes=2)) == 1

    assert FixedRoom.objects.get().guest_pin != room.guest_pin
    assert fixed.renew_spent_pins(now=clock.now() + timedelta(minutes=3)) == 0


def test_a_call_that_nobody_came_to_spends_no_pin() -> None:
    room = FixedRoomFactory(waiting_room=False)
    call = fixed.open_call(fixed_room_id=room.pk, now=clock.now())
    services.close_room(room_id=call.pk, reason=CloseReason.ENDED, now=clock.now())
    assert fixed.renew_spent_pins(now=clock.now()) == 0


def test_with_a_waiting_room_the_pin_stands() -> None:
    room = FixedRoomFactory()
    _held(room)
    assert fixed.renew_spent_pins(now=clock.now()) == 0
    assert FixedRoom.objects.get().guest_pin == room.guest_pin
