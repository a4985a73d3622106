"""Who may use a fixed room: people one by one, and groups of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from rooms.errors import GroupElsewhere, NotAColleague
from rooms.hosts import WORKING_ROLES
from rooms.models_fixed import FixedRoom, RoomGroup
from rooms.services.fixed.trail import locked_group, locked_room, write_down, write_down_group
from rooms.signals import room_use_ended
from vdx.accounts import access as accounts_access
from vdx.accounts import queries as accounts_queries

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def add_person(*, fixed_room_id: int, user: User, actor: User | None) -> FixedRoom:
    """Let somebody use the room. May already: nothing happens. Raises :class:`NotAColleague`."""
    fixed = locked_room(fixed_room_id)
    if not is_colleague(user, fixed.organisation_id):
        raise NotAColleague(field="email")
    if not fixed.users.filter(pk=user.pk).exists():
        fixed.users.add(user)
        write_down("fixed_room.person_added", fixed, actor=actor, user=user.pk)
    return fixed


@transaction.atomic
def remove_person(*, fixed_room_id: int, user_id: int, actor: User | None) -> FixedRoom:
    """Take somebody's right to the room, also in the call that is on. Has none: nothing happens."""
    fixed = locked_room(fixed_room_id)
    if fixed.users.filter(pk=user_id).exists():
        fixed.users.remove(user_id)
        write_down("fixed_room.person_removed", fixed, actor=actor, user=user_id)
        room_use_ended.tell(user_ids=[user_id])
    return fixed


@transaction.atomic
def add_group(*, fixed_room_id: int, group_id: int, actor: User | None) -> FixedRoom:
    """Let a group use the room. May already: nothing happens.

    Raises :class:`GroupElsewhere` for a group that is neither of the room's organisation nor of one below it.
    """
    fixed = locked_room(fixed_room_id)
    group = locked_group(group_id)
    if fixed.organisation_id not in accounts_queries.ancestor_ids([group.organisation_id]):
        raise GroupElsewhere(field="group")
    if not fixed.groups.filter(pk=group.pk).exists():
        fixed.groups.add(group)
        write_down("fixed_room.group_added", fixed, actor=actor, group=group.pk)
    return fixed


@transaction.atomic
def remove_group(*, fixed_room_id: int, group_id: int, actor: User | None) -> FixedRoom:
    """Take a group's right to the room, also in the call that is on. Has none: nothing happens."""
    fixed = locked_room(fixed_room_id)
    group = fixed.groups.filter(pk=group_id).first()
    if group is not None:
        fixed.groups.remove(group)
        write_down("fixed_room.group_removed", fixed, actor=actor, group=group_id)
        room_use_ended.tell(user_ids=list(group.users.order_by("pk").values_list("pk", flat=True)))
    return fixed


def note_look(*, holder: FixedRoom | RoomGroup, actor: User) -> None:
    """Write down that somebody looked at who is named in a room or group."""
    if isinstance(holder, FixedRoom):
        write_down("fixed_room.view", holder, actor=actor)
    else:
        write_down_group("room_group.view", holder, actor=actor)


def is_colleague(user: User, organisation_id: int) -> bool:
    """Whether somebody works at the organisation or below it, with a login that is open."""
    works_at = accounts_access.organisations_of(user, WORKING_ROLES).order_by().values_list("pk", flat=True)
    return organisation_id in accounts_queries.ancestor_ids(works_at)
