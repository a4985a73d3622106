"""Rooms that lie ready: drawing one for a meeting, and holding one back for a meeting to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction

from rooms import queries
from rooms.enums import ProvisionStatus
from rooms.models import Room
from rooms.services.create import draw_code, place_window
from rooms.services.locks import locked, write_down

if TYPE_CHECKING:
    from vdx.accounts.models import MeetingUser, Organisation


def draw_room(
    *, organisation_id: int, wishes: Mapping[str, object], older_than: timedelta, now: datetime
) -> Room | None:
    """A free room of the organisation's pool that fits the wishes, locked until the transaction ends; None: there is
    none. Of many who draw at once each gets another.
    """
    free = queries.free_pool_rooms(now=now, older_than=older_than).filter(organisation_id=organisation_id, **wishes)
    return free.select_for_update(of=("self",), skip_locked=True).order_by("created_time", "pk").first()


@transaction.atomic
def attach_room(
    *,
    room_id: int,
    uuid: UUID,
    organisation: Organisation,
    starts_at: datetime,
    ends_at: datetime,
    host_label: str,
    host_phone: str,
    creator: MeetingUser,
    now: datetime,
    overflow: bool = False,
) -> Room:
    """Give a room that lies ready to a meeting: its uuid becomes the meeting's, and it moves to the meeting's
    organisation. Pins, address and settings stay the room's. Raises ``IntegrityError`` where the uuid is taken.
    """
    room = locked(room_id)
    if not room.outside_provisioner and room.provision_status == ProvisionStatus.AWAITS_PROVISION:
        room.provision_status = ProvisionStatus.PROVISIONED_OK
        room.provision_timestamp = room.created_time
    room.uuid, room.organisation = uuid, organisation
    room.starts_at, room.ends_at = starts_at, ends_at
    room.host_label, room.host_phone = host_label, host_phone
    room.created_by = room.updated_by = creator
    room.updated_time = now
    room.pool_overflow = overflow
    place_window(room)
    draw_code(room)
    room.save()
    write_down("room.attached", room)
    return room


@transaction.atomic
def reserve_room(
    *, organisation: Organisation, wishes: Mapping[str, object], older_than: timedelta, now: datetime
) -> Room | None:
    """Hold a room of the organisation's own pool back for a day, under a new id; None: there is none."""
    room = draw_room(organisation_id=organisation.pk, wishes=wishes, older_than=older_than, now=now)
    if room is None:
        return None
    room.reservation_id, room.reserved_at, room.updated_time = uuid4(), now, now
    room.save(update_fields=["reservation_id", "reserved_at", "updated_time"])
    write_down("room.reserved", room)
    return room
