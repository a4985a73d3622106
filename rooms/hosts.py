"""Who may be host of a room, whatever kind it is: asked by the doors, and again by every service that acts for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from rooms.models import Room
from rooms.models_fixed import FixedRoom
from vdx.accounts import access as accounts_access
from vdx.accounts import queries as accounts_queries
from vdx.accounts.enums import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from vdx.accounts.models import User

# Whoever works somewhere; a researcher comes from outside.
WORKING_ROLES = frozenset(set(Role) - {Role.RESEARCHER})


def may_host(user: User | AnonymousUser, room: Room) -> bool:
    """Whether the login may be host, second factor shown where it is owed.

    In a meeting's room a doctor or secretary of its organisation; in a call of a fixed room, whoever may use that.
    """
    if not room.is_fixed:
        return accounts_access.may_host(user, room.organisation_id)
    return room.fixed_room_id is not None and may_use(user, room.fixed_room_id)


def may_use(user: User | AnonymousUser, fixed_room_id: int) -> bool:
    """Whether the login may be host in the fixed room, second factor shown where it is owed."""
    if not user.is_authenticated or not usable_rooms(user).filter(pk=fixed_room_id).exists():
        return False
    return not accounts_access.owes_second_factor(user)


def usable_rooms(user: Any) -> QuerySet[FixedRoom]:
    """The fixed rooms in use that the person may use: named there or in one of its groups, and still a colleague.

    A colleague works at the room's organisation or below it. Three queries with the one that is returned.
    """
    works_at = accounts_access.organisations_of(user, WORKING_ROLES).order_by().values_list("pk", flat=True)
    above = accounts_queries.ancestor_ids(works_at)
    if not above:
        return FixedRoom.objects.none()
    named = FixedRoom.objects.filter(Q(users=user.pk) | Q(groups__users=user.pk)).order_by().values("pk")
    return FixedRoom.objects.filter(pk__in=named, organisation_id__in=above, is_active=True)
