"""What surveys does when others tell a fact."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from rooms.signals import call_ended
from surveys import services


@receiver(call_ended, dispatch_uid="surveys.ask_hosts")
def ask_hosts(*, room_uuid: UUID, **kwargs: Any) -> None:
    """Offer the hosts of the call their postcard."""
    services.ask_hosts(room_uuid=room_uuid)
