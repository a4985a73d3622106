"""Where a meeting is held: a new room from a template, a reserved one, or one that lies ready in a pool.

The order in which a room is refused is the contract's (section 9.2): host pin, guest pin, the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from booking.errors import (
    AddressNotAllowed,
    PoolEmpty,
    PoolMissing,
    ReservationUnusable,
    ReservationWithPin,
)
from booking.services.make import address_for, draw_guest_pin, draw_host_pin, settings_for
from booking.services.pools import overflow_organisation, pool_organisation
from booking.services.templates import template_for
from rooms import queries as rooms_queries
from rooms import services as rooms
from vdx.accounts import queries as accounts_queries

if TYPE_CHECKING:
    from rooms.models import Room
    from vdx.accounts.models import MeetingUser, Organisation, User


class PoolUse(Enum):
    """Whether a room may, or must, come from a pool."""

    NEVER = "never"
    IF_AT_ONCE = "if_at_once"
    MUST = "must"


@dataclass(frozen=True)
class Wish:
    """What the one who books asks of the room. ``layout`` and the rest go before the template's values.

    ``layout`` holds members of ``RoomSettings`` by name; a room from a pool must have them as they are. A room that
    lies ready keeps everything else as it is.
    """

    template_id: int | None = None
    max_participants: int = 0
    end_meeting_on_end_time: bool | None = None
    call_type: str | None = None
    layout: Mapping[str, object] = field(default_factory=dict)
    own_address: str | None = None
    host_pin: int | None = None
    guest_pin: int | None = None
    guest_pin_required: bool = False
    pool: PoolUse = PoolUse.NEVER
    reservation_id: UUID | None = None


@dataclass(frozen=True)
class Occasion:
    """Whose meeting it is, and when."""

    uuid: UUID
    organisation: Organisation
    start: datetime
    end: datetime
    host_label: str
    host_phone: str
    creator: MeetingUser
    actor: User | None
    now: datetime
    # Whether somebody was quicker: then nothing is taken for free any more.
    again: bool = False


def check(wish: Wish, organisation: Organisation) -> None:
    """What can be said before anything is written. Raises :class:`ReservationWithPin` and :class:`PoolMissing`."""
    if wish.reservation_id is not None and (wish.host_pin is not None or wish.guest_pin is not None):
        raise ReservationWithPin
    if wish.pool is PoolUse.MUST and not pool_organisation(organisation).pool_size:
        raise PoolMissing


def room_for(wish: Wish, occasion: Occasion, *, at_once: timedelta) -> Room:
    """The room for a meeting, in the contract's order (section 6.3, 7).

    Raises what that section names, and ``IntegrityError`` where another has taken uuid or address meanwhile.
    """
    if wish.own_address is not None:
        if not occasion.organisation.allow_custom_uri_without_domain:
            raise AddressNotAllowed
        return _new(wish, occasion)
    if wish.host_pin is not None or wish.guest_pin is not None:
        return _new(wish, occasion)
    if wish.reservation_id is not None:
        return _reserved(wish.reservation_id, occasion)
    if wish.pool is PoolUse.NEVER or occasion.start - occasion.now > at_once:
        return _new(wish, occasion)
    drawn = _drawn(wish, occasion)
    if drawn is None and wish.pool is PoolUse.MUST:
        raise PoolEmpty
    return drawn or _new(wish, occasion)


def _new(wish: Wish, occasion: Occasion) -> Room:
    template = template_for(organisation=occasion.organisation, template_id=wish.template_id, now=occasion.now)
    layout = dict(wish.layout)
    if wish.call_type is not None:
        layout["call_type"] = wish.call_type
    room_settings = settings_for(
        template,
        max_participants=wish.max_participants,
        end_meeting_on_end_time=wish.end_meeting_on_end_time,
        layout=layout,
    )
    host_pin = wish.host_pin if wish.host_pin is not None else draw_host_pin(template)
    guest_pin = wish.guest_pin if wish.guest_pin is not None else draw_guest_pin(template, wish.guest_pin_required)
    return rooms.create_room(
        uuid=occasion.uuid,
        organisation=occasion.organisation,
        settings=room_settings,
        starts_at=occasion.start,
        ends_at=occasion.end,
        host_label=occasion.host_label,
        host_phone=occasion.host_phone,
        host_pin=host_pin,
        guest_pin=guest_pin,
        created_by=occasion.creator,
        now=occasion.now,
        actor=occasion.actor,
        address=address_for(template, wish.own_address, ask=occasion.again),
    )


def _reserved(reservation_id: UUID, occasion: Occasion) -> Room:
    found = rooms_queries.reserved_rooms(occasion.organisation.pk, reservation_id, occasion.now)
    room = found.select_for_update(of=("self",)).first()
    if room is None:
        raise ReservationUnusable
    return _attached(room, occasion, overflow=False)


def _drawn(wish: Wish, occasion: Occasion) -> Room | None:
    older_than = timedelta(seconds=settings.VDX_POOL_MINIMUM_AGE_SECONDS)
    home = pool_organisation(occasion.organisation)
    sources = [home.pk]
    overflow = overflow_organisation() if home.pool_size else None
    if overflow is not None:
        sources.append(overflow.pk)
    for source in sources:
        room = rooms.draw_room(organisation_id=source, wishes=wish.layout, older_than=older_than, now=occasion.now)
        if room is not None:
            return _attached(room, occasion, overflow=source != home.pk)
    return None


def _attached(room: Room, occasion: Occasion, *, overflow: bool) -> Room:
    return rooms.attach_room(
        room_id=room.pk,
        uuid=occasion.uuid,
        organisation=occasion.organisation,
        starts_at=occasion.start,
        ends_at=occasion.end,
        host_label=occasion.host_label,
        host_phone=occasion.host_phone,
        creator=occasion.creator,
        now=occasion.now,
        overflow=overflow,
    )


def host_shown(organisation: Organisation, email: str) -> tuple[str, str]:
    """Name and telephone that waiting patients read.

    The organiser's where the hub knows the person as a clinician there, else no name and the practice's telephone.
    """
    name, phone = accounts_queries.clinician_shown(organisation.pk, email) or ("", "")
    return name, phone or organisation.phone
