"""What booking does when others tell a fact."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from booking import services
from rooms.signals import room_extended


def follow_extended_room(room_uuid: UUID, **kwargs: Any) -> None:
    """A room that was extended, from inside or outside, takes its meeting's end along."""
    services.follow_room(room_uuid=room_uuid)


room_extended.connect(follow_extended_room, dispatch_uid="booking.follow_extended_room", weak=False)
