"""What an outside provisioner says of a room."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from rooms.enums import ProvisionStatus
from rooms.models import ProvisionStep, Room
from rooms.services.locks import locked, write_down

if TYPE_CHECKING:
    from vdx.accounts.models import MeetingUser


@transaction.atomic
def note_provisioning(
    *,
    room_id: int,
    status: ProvisionStatus,
    description: str | None,
    vmr_id: str | None,
    editor: MeetingUser,
    now: datetime,
) -> Room:
    """Keep status, text and the outside room's id; any status may follow any other (contract, section 11.1).

    With DEPROVISION_OK the address is free again.
    """
    room = locked(room_id)
    room.provision_status = status
    room.provision_status_description = description
    room.provision_vmr_id = vmr_id
    room.provision_timestamp = room.updated_time = now
    room.updated_by = editor
    if status == ProvisionStatus.DEPROVISION_OK:
        room.uri_without_domain = room.uri_domain = None
    room.save()
    ProvisionStep.objects.create(room=room, status=status, description=description, at=now)
    write_down("room.provisioned", room, status=status.value)
    return room
