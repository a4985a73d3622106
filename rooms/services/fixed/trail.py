"""What the services of fixed rooms share: the locked row, and the audit's target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from rooms.enums import RoomState
from rooms.models import Room
from rooms.models_fixed import FixedRoom, RoomGroup
from vdx.accounts import services as accounts
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User


def locked_room(fixed_room_id: int) -> FixedRoom:
    """The fixed room, held until the transaction ends. Raises :class:`NotFound`."""
    found = FixedRoom.objects.select_for_update(no_key=True).filter(pk=fixed_room_id).first()
    if found is None:
        raise NotFound
    return found


def locked_group(group_id: int) -> RoomGroup:
    """The group, held until the transaction ends. Raises :class:`NotFound`."""
    found = RoomGroup.objects.select_for_update(no_key=True).filter(pk=group_id).first()
    if found is None:
        raise NotFound
    return found


def live_call(fixed: FixedRoom) -> Room | None:
    """The call that is on in the room, or begins: its room held until the transaction ends. The address is locked."""
    return Room.objects.select_for_update().filter(~Q(state=RoomState.CLOSED), fixed_room=fixed).first()


def write_down(
    action: str, fixed: FixedRoom, *, actor: User | None, actor_kind: str = "user", **detail: object
) -> None:
    """Audit entry about a fixed room."""
    accounts.audit(
        action=action,
        target_type="fixed_room",
        target_id=str(fixed.pk),
        organisation=fixed.organisation,
        actor=actor,
        actor_kind=actor_kind,
        detail=detail,
    )


def write_down_group(action: str, group: RoomGroup, *, actor: User | None, **detail: object) -> None:
    """Audit entry about a group."""
    accounts.audit(
        action=action,
        target_type="room_group",
        target_id=str(group.pk),
        organisation=group.organisation,
        actor=actor,
        detail=detail,
    )
