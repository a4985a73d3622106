"""The doors of fixed rooms. What is absent, turned off or somebody else's looks alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from rooms import fixed_queries, hosts
from rooms.access import same_pin
from rooms.errors import NotAColleague, UnknownAddress, WrongPin
from rooms.models_fixed import FixedRoom, RoomGroup
from rooms.rules.fixed import normal_address
from vdx.accounts import access as accounts_access
from vdx.lib import throttle
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User


def organisation_ids(user: Any) -> set[int] | None:
    """The organisations whose fixed rooms and groups the person administrates: own and below; None: all (MedCom)."""
    return None if accounts_access.is_medcom(user) else accounts_access.administered_ids(user)


def administrated(user: Any, fixed_room_id: int) -> FixedRoom:
    """A fixed room that the person administrates. Raises :class:`NotFound`."""
    found = fixed_queries.fixed_rooms(organisation_ids(user)).filter(pk=fixed_room_id).first()
    if found is None:
        raise NotFound
    return found


def administrated_group(user: Any, group_id: int) -> RoomGroup:
    """A group that the person administrates. Raises :class:`NotFound`."""
    found = fixed_queries.groups(organisation_ids(user)).filter(pk=group_id).first()
    if found is None:
        raise NotFound
    return found


def own(user: Any, fixed_room_id: int) -> FixedRoom:
    """A fixed room that the person may use. Raises :class:`NotFound`."""
    found = hosts.usable_rooms(user).filter(pk=fixed_room_id).first()
    if found is None:
        raise NotFound
    return found


def may_use(user: Any, fixed: FixedRoom) -> bool:
    """Whether the login may be host there, second factor shown where it is owed."""
    return hosts.may_use(user, fixed.pk)


def colleague(holder: FixedRoom | RoomGroup, email: str) -> User:
    """Somebody who may be named in the room or group, by e-mail. Raises :class:`NotAColleague` for everybody else."""
    found = fixed_queries.colleagues_to_add(holder).filter(email__iexact=email.strip()).first()
    if found is None:
        raise NotAColleague(field="email")
    return found


def room_at(address: str, *, cookie: str, client: str) -> FixedRoom:
    """The fixed room at an address as somebody typed or followed it, also one that it had before.

    Raises ``Throttled`` and :class:`UnknownAddress`.
    """
    own_tries = throttle.attempt("fixed-room", (cookie, client), free=10, ceiling=60)
    shared = own_tries.also("fixed-room-address", (client,), free=500, ceiling=15)
    rooms = FixedRoom.objects.select_related("organisation")
    typed = normal_address(address)
    found = rooms.filter(Q(address=typed) | Q(former_addresses__address=typed), is_active=True).first()
    if found is None:
        raise UnknownAddress
    own_tries.take_back()
    shared.take_back()
    return found


def check_guest_pin(fixed: FixedRoom, pin: str, *, cookie: str, client: str) -> None:
    """Raise :class:`WrongPin` unless this is the guests' pin and it still opens, and ``Throttled`` before comparing.

    Wrong guesses count for the browser, for the address and for the room. The room stands for years: who changes
    cookies and addresses has a hundred of its 900,000 pins in an hour.
    """
    own_tries = throttle.attempt("fixed-guest-pin", (cookie, client, fixed.pk), free=5, ceiling=900)
    shared = own_tries.also("fixed-guest-pin-address", (client, fixed.pk), free=30, ceiling=60)
    everybody = shared.also("fixed-guest-pin-room", (fixed.pk,), free=30, ceiling=30)
    # A pin that has served its call opens nothing, whether or not the sweep has drawn the next.
    spent = fixed_queries.rooms_with_spent_pins(fixed_room_id=fixed.pk)
    if not same_pin(fixed.guest_pin, pin) or spent:
        raise WrongPin(field="pin")
    own_tries.succeeded()
    shared.take_back()
    everybody.take_back()


def check_host_pin(fixed: FixedRoom, pin: str, *, cookie: str, client: str) -> None:
    """Raise :class:`WrongPin` unless this is the host's pin, and ``Throttled`` before comparing; counted as above."""
    own_tries = throttle.attempt("fixed-host-pin", (cookie, client, fixed.pk), free=5, ceiling=900)
    # One network alone cannot make the others wait.
    shared = own_tries.also("fixed-host-pin-address", (client, fixed.pk), free=20, ceiling=900)
    everybody = shared.also("fixed-host-pin-room", (fixed.pk,), free=30, ceiling=60)
    if fixed.host_pin is None or not same_pin(fixed.host_pin, pin):
        raise WrongPin(field="pin")
    own_tries.succeeded()
    shared.take_back()
    everybody.take_back()
