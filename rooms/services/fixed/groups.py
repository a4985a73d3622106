"""Groups of colleagues: made, named, filled and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from rooms.errors import GroupNameTaken, NotAColleague
from rooms.models_fixed import RoomGroup
from rooms.services.fixed.people import is_colleague
from rooms.services.fixed.trail import locked_group, write_down_group
from rooms.signals import room_use_ended

if TYPE_CHECKING:
    from datetime import datetime

    from vdx.accounts.models import Organisation, User


@transaction.atomic
def create_group(*, organisation: Organisation, name: str, actor: User | None, now: datetime) -> RoomGroup:
    """Make a group without anybody in it. Raises :class:`GroupNameTaken`."""
    group = RoomGroup(organisation=organisation, name=name, created_at=now)
    _save(group)
    write_down_group("room_group.created", group, actor=actor)
    return group


@transaction.atomic
def rename_group(*, group_id: int, name: str, actor: User | None) -> RoomGroup:
    """Call the group something else. Raises :class:`GroupNameTaken`."""
    group = locked_group(group_id)
    if group.name != name:
        group.name = name
        _save(group)
        write_down_group("room_group.renamed", group, actor=actor)
    return group


@transaction.atomic
def delete_group(*, group_id: int, actor: User | None) -> None:
    """Take the group away. Its people lose what they had by it alone, also in calls that are on."""
    group = locked_group(group_id)
    people = list(group.users.order_by("pk").values_list("pk", flat=True))
    write_down_group("room_group.deleted", group, actor=actor)
    group.delete()
    room_use_ended.tell(user_ids=people)


@transaction.atomic
def add_to_group(*, group_id: int, user: User, actor: User | None) -> RoomGroup:
    """Put somebody into the group. Is there already: nothing happens. Raises :class:`NotAColleague`."""
    group = locked_group(group_id)
    if not is_colleague(user, group.organisation_id):
        raise NotAColleague(field="email")
    if not group.users.filter(pk=user.pk).exists():
        group.users.add(user)
        write_down_group("room_group.person_added", group, actor=actor, user=user.pk)
    return group


@transaction.atomic
def remove_from_group(*, group_id: int, user_id: int, actor: User | None) -> RoomGroup:
    """Take somebody out of the group. Is not there: nothing happens."""
    group = locked_group(group_id)
    if group.users.filter(pk=user_id).exists():
        group.users.remove(user_id)
        write_down_group("room_group.person_removed", group, actor=actor, user=user_id)
        room_use_ended.tell(user_ids=[user_id])
    return group


def _save(group: RoomGroup) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise GroupNameTaken(field="name") from error
