"""What is read of fixed rooms: for the pages, and for the sweep."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from rooms.enums import RoomKind, RoomState
from rooms.models import Room, Seat, Visit
from rooms.models_fixed import FixedRoom, FormerAddress, RoomGroup
from rooms.rules.fixed import EMPTY_FOR, KEPT
from vdx.accounts import queries as accounts_queries

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User

_AT_ONCE = 200


def fixed_rooms(organisation_ids: Collection[int] | None) -> QuerySet[FixedRoom]:
    """The fixed rooms of the organisations (None: all), those in use first, by name."""
    found = FixedRoom.objects.select_related("organisation").order_by("-is_active", "name", "pk")
    return found if organisation_ids is None else found.filter(organisation_id__in=organisation_ids)


def groups(organisation_ids: Collection[int] | None) -> QuerySet[RoomGroup]:
    """The groups of the organisations (None: all), by name."""
    found = RoomGroup.objects.select_related("organisation").order_by("name", "pk")
    return found if organisation_ids is None else found.filter(organisation_id__in=organisation_ids)


def groups_for(fixed: FixedRoom) -> QuerySet[RoomGroup]:
    """The groups that may be given the room and do not have it: of its organisation and below."""
    below = accounts_queries.descendant_ids([fixed.organisation_id])
    return groups(below).exclude(fixed_rooms=fixed)


def live_calls(fixed_room_ids: Collection[int]) -> dict[int, int]:
    """The rooms of the calls that are on now, by the fixed room's id; those where none is are left out. One query."""
    live = Room.objects.filter(fixed_room_id__in=list(fixed_room_ids)).exclude(state=RoomState.CLOSED)
    return {
        fixed_room_id: room_id
        for fixed_room_id, room_id in live.values_list("fixed_room_id", "pk")
        if fixed_room_id is not None
    }


@dataclass(frozen=True)
class Named:
    """Somebody named in a room or group. ``may``: works at its organisation or below, with a login that is open."""

    user_id: int
    name: str
    email: str
    may: bool


def named_in(holder: FixedRoom | RoomGroup) -> list[Named]:
    """Who is named in it, by name. Three queries at most."""
    people = list(holder.users.order_by("name", "email"))
    if not people:
        return []
    here = accounts_queries.descendant_ids([holder.organisation_id])
    working = _working(here, [person.pk for person in people])
    return [Named(person.pk, person.name, person.email, person.pk in working) for person in people]


def colleagues_to_add(holder: FixedRoom | RoomGroup) -> QuerySet[User]:
    """Who might be named in it, and is not: everybody with an open login at its organisation or below."""
    here = accounts_queries.descendant_ids([holder.organisation_id])
    return (
        accounts_queries.people(here)
        .filter(is_active=True)
        .exclude(pk__in=holder.users.order_by().values("pk"))
        .prefetch_related(None)
    )


def groups_of(fixed: FixedRoom) -> list[RoomGroup]:
    """The groups that may use the room, each with its people. Two queries."""
    return list(fixed.groups.select_related("organisation").prefetch_related("users").order_by("name", "pk"))


def empty_calls(now: datetime, *, room_id: int | None = None) -> list[int]:
    """The rooms of fixed rooms' calls in which nobody has been connected for five minutes. One query.

    Nobody waited there either, knocked, or was just on the way in. ``room_id``: of this one alone.
    """
    since = now - EMPTY_FOR
    still = Visit.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since), seat__room=OuterRef("pk"))
    knocked = Seat.objects.filter(room=OuterRef("pk"), knocked_at__gt=since)
    calls = Room.objects.filter(kind=RoomKind.FIXED, updated_time__lte=since).exclude(state=RoomState.CLOSED)
    if room_id is not None:
        calls = calls.filter(pk=room_id)
    empty = calls.filter(~Exists(still), ~Exists(knocked))
    return list(empty.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])


def forgotten_calls(now: datetime) -> list[int]:
    """The rooms of fixed rooms' calls that ended three months ago, the longest first."""
    old = Room.objects.filter(kind=RoomKind.FIXED, state=RoomState.CLOSED, closed_at__lte=now - KEPT)
    return list(old.order_by("closed_at").values_list("pk", flat=True)[:_AT_ONCE])


def rooms_with_spent_pins(*, fixed_room_id: int | None = None) -> list[int]:
    """The fixed rooms whose guests' pin has served its call. One query.

    With a waiting room a host looks at everybody who comes, and the pin stands. Without, whoever knows it comes
    straight in: it is good for one call, so that nobody from an earlier one stands in the next.
    """
    rooms = FixedRoom.objects.filter(waiting_room=False, is_active=True)
    if fixed_room_id is not None:
        rooms = rooms.filter(pk=fixed_room_id)
    held = Room.objects.filter(
        fixed_room=OuterRef("pk"),
        state=RoomState.CLOSED,
        opened_at__isnull=False,
        closed_at__gte=OuterRef("guest_pin_at"),
    )
    return list(rooms.filter(Exists(held)).order_by("pk").values_list("pk", flat=True))


def is_fixed(room_uuid: UUID) -> bool:
    """Whether the room is a call at a fixed room's address. One query."""
    return Room.objects.filter(uuid=room_uuid, kind=RoomKind.FIXED).exists()


def domain() -> str:
    """Behind which fixed rooms are dialled."""
    return urlsplit(settings.VDX_PUBLIC_URL).hostname or ""


def addresses_taken(at: str, numbers: Collection[str]) -> set[str]:
    """Which of these addresses in a domain are in use: by a booked room, or by a fixed one, turned off or not.

    Those that a fixed room had before are its own still. Two queries at most.
    """
    booked = Room.objects.filter(uri_domain=at, uri_without_domain__in=list(numbers))
    taken = {number for number in booked.values_list("uri_without_domain", flat=True) if number is not None}
    if at.lower() == domain().lower():
        own, former = (
            table.objects.order_by().filter(address__in=list(numbers)).values_list("address", flat=True)
            for table in (FixedRoom, FormerAddress)
        )
        taken |= set(own.union(former))
    return taken


def fixed_owners(uris: Collection[str]) -> dict[str, Organisation]:
    """Whose the fixed rooms with these addresses are, as far as they are in use; by the address in small letters."""
    at = f"@{domain().lower()}"
    wanted = {uri.lower().removesuffix(at) for uri in uris if uri.lower().endswith(at)}
    found = FixedRoom.objects.filter(address__in=wanted, is_active=True).select_related("organisation")
    return {f"{fixed.address}{at}": fixed.organisation for fixed in found}


def _working(organisation_ids: Collection[int], user_ids: Collection[int]) -> set[int]:
    found = accounts_queries.people(organisation_ids).filter(pk__in=list(user_ids)).prefetch_related(None)
    return set(found.order_by().values_list("pk", flat=True))
