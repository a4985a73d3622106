"""The standing address itself: made, changed, turned off and on, and its pins."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from rooms.enums import CloseReason
from rooms.errors import AddressInUse, AddressMisspelt, NoFreeAddress
from rooms.fixed_queries import addresses_taken, domain, rooms_with_spent_pins
from rooms.models_fixed import FixedRoom, FormerAddress
from rooms.rules.fixed import NUMBERS, PINS, normal_address, well_spelt
from rooms.services.close import close_locked
from rooms.services.fixed.trail import live_call, locked_room, write_down
from rooms.services.locks import write_down as write_down_call
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User

_DRAWS = 20


@transaction.atomic
def create_fixed_room(
    *,
    organisation: Organisation,
    name: str,
    address: str,
    description: str,
    waiting_room: bool,
    with_host_pin: bool,
    actor: User | None,
    now: datetime,
) -> FixedRoom:
    """Make a fixed room with a guests' pin. Without an address it gets a number of six digits.

    Raises :class:`AddressMisspelt`, :class:`AddressInUse` and :class:`NoFreeAddress`.
    """
    fixed = FixedRoom(
        organisation=organisation,
        name=name,
        address=_free_address(address, besides=None),
        description=description,
        waiting_room=waiting_room,
        host_pin=_pin() if with_host_pin else None,
        guest_pin=_pin(),
        guest_pin_at=now,
        created_at=now,
    )
    _save(fixed)
    write_down("fixed_room.created", fixed, actor=actor)
    return fixed


@transaction.atomic
def change_fixed_room(
    *,
    fixed_room_id: int,
    name: str,
    address: str,
    description: str,
    waiting_room: bool,
    actor: User | None,
    now: datetime,
) -> FixedRoom:
    """Change what the room is called, where it is, and whether guests wait. Audited with the fields that changed.

    The address that it had stays its own, and leads to the new one.
    A waiting room that is switched on holds for the call that is on as well; one that is switched off holds from the
    next, under a new pin. Raises :class:`AddressMisspelt` and :class:`AddressInUse`.
    """
    fixed = locked_room(fixed_room_id)
    wanted = {
        "name": name,
        "address": _free_address(address, besides=fixed),
        "description": description,
        "waiting_room": waiting_room,
    }
    changed = [field for field, value in wanted.items() if getattr(fixed, field) != value]
    if not changed:
        return fixed
    if "address" in changed:
        FormerAddress.objects.filter(fixed_room=fixed, address=wanted["address"]).delete()
        FormerAddress.objects.create(fixed_room=fixed, address=fixed.address)
    for field in changed:
        setattr(fixed, field, wanted[field])
    if "waiting_room" in changed and not waiting_room:
        # Who knows the old one has been told that somebody opens the door.
        fixed.guest_pin, fixed.guest_pin_at = _pin(), now
    _save(fixed)
    live = live_call(fixed)
    if live is not None:
        live.host_label = fixed.name
        live.waiting_room = live.waiting_room or waiting_room
        live.guest_pin = fixed.guest_pin
        live.save(update_fields=["host_label", "waiting_room", "guest_pin"])
    write_down("fixed_room.changed", fixed, actor=actor, fields=changed)
    return fixed


@transaction.atomic
def turn_off(*, fixed_room_id: int, actor: User | None, now: datetime) -> FixedRoom:
    """Take the room out of use. A call that is on ends for everybody. Turned off already: nothing happens."""
    fixed = locked_room(fixed_room_id)
    if not fixed.is_active:
        return fixed
    fixed.is_active = False
    fixed.save(update_fields=["is_active"])
    write_down("fixed_room.turned_off", fixed, actor=actor)
    live = live_call(fixed)
    if live is not None:
        write_down_call("room.closed", live, actor=actor, reason=CloseReason.ADMIN.value)
        close_locked(live, reason=CloseReason.ADMIN, now=now)
    return fixed


@transaction.atomic
def turn_on(*, fixed_room_id: int, actor: User | None, now: datetime) -> FixedRoom:
    """Put the room into use again, with a new pin for guests. In use already: nothing happens."""
    fixed = locked_room(fixed_room_id)
    if fixed.is_active:
        return fixed
    fixed.is_active, fixed.guest_pin, fixed.guest_pin_at = True, _pin(), now
    fixed.save(update_fields=["is_active", "guest_pin", "guest_pin_at"])
    write_down("fixed_room.turned_on", fixed, actor=actor)
    return fixed


@transaction.atomic
def draw_guest_pin(*, fixed_room_id: int, actor: User | None, now: datetime) -> FixedRoom:
    """A new pin for guests, in the call that is on as well. Whoever has a seat keeps it."""
    fixed = locked_room(fixed_room_id)
    _renew(fixed, now)
    write_down("fixed_room.guest_pin_drawn", fixed, actor=actor)
    return fixed


@transaction.atomic
def draw_host_pin(*, fixed_room_id: int, actor: User | None) -> FixedRoom:
    """A pin, or a new one, with which anybody is host. Who is host already stays it until the call is over."""
    fixed = locked_room(fixed_room_id)
    fixed.host_pin = _pin(besides=fixed.guest_pin)
    fixed.save(update_fields=["host_pin"])
    write_down("fixed_room.host_pin_drawn", fixed, actor=actor)
    return fixed


@transaction.atomic
def remove_host_pin(*, fixed_room_id: int, actor: User | None) -> FixedRoom:
    """Only those who are named are host from now on. No pin there: nothing happens."""
    fixed = locked_room(fixed_room_id)
    if fixed.host_pin is not None:
        fixed.host_pin = None
        fixed.save(update_fields=["host_pin"])
        write_down("fixed_room.host_pin_removed", fixed, actor=actor)
    return fixed


def renew_spent_pins(*, now: datetime) -> int:
    """Draw a new guests' pin where one has served its call; say for how many rooms. Each is a transaction by itself."""
    return sum(_renew_if_spent(pk, now) for pk in rooms_with_spent_pins())


@transaction.atomic
def _renew_if_spent(fixed_room_id: int, now: datetime) -> bool:
    try:
        fixed = locked_room(fixed_room_id)
    except NotFound:
        return False
    if fixed.pk not in rooms_with_spent_pins(fixed_room_id=fixed.pk):
        return False
    _renew(fixed, now)
    write_down("fixed_room.guest_pin_drawn", fixed, actor=None, actor_kind="system")
    return True


def _renew(fixed: FixedRoom, now: datetime) -> None:
    fixed.guest_pin, fixed.guest_pin_at = _pin(besides=fixed.host_pin), now
    fixed.save(update_fields=["guest_pin", "guest_pin_at"])
    live = live_call(fixed)
    if live is not None:
        live.guest_pin = fixed.guest_pin
        live.save(update_fields=["guest_pin"])


def _free_address(typed: str, *, besides: FixedRoom | None) -> str:
    """The address as it is kept. Raises :class:`AddressMisspelt`, :class:`AddressInUse`, :class:`NoFreeAddress`."""
    address = normal_address(typed)
    if not address and besides is not None:
        return besides.address
    if not address:
        numbers = [str(NUMBERS[0] + secrets.randbelow(NUMBERS[1] - NUMBERS[0])) for _ in range(_DRAWS)]
        free = [number for number in numbers if not _is_taken(number, None)]
        if not free:
            raise NoFreeAddress
        return free[0]
    if not well_spelt(address):
        raise AddressMisspelt(field="address")
    if _is_taken(address, besides):
        raise AddressInUse(field="address")
    return address


def _is_taken(address: str, besides: FixedRoom | None) -> bool:
    """Another fixed room has it, or had it, or a booked one that is dialled at the hub's own domain."""
    if besides is not None and (
        besides.address == address or besides.former_addresses.filter(address=address).exists()
    ):
        return False
    return bool(addresses_taken(domain(), [address]))


def _save(fixed: FixedRoom) -> None:
    try:
        with transaction.atomic():
            fixed.save()
    except IntegrityError as error:
        # Somebody else has taken the address meanwhile.
        raise AddressInUse(field="address") from error


def _pin(*, besides: int | None = None) -> int:
    """Six digits that are not the room's other pin: who knows the guests' shall not be host by it."""
    low, high = PINS
    while True:
        pin = low + secrets.randbelow(high - low)
        if pin != besides:
            return pin
