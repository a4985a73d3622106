"""Browser to browser, for exactly two devices. The hub gives ICE servers and passes signals on; sound and picture
never come by it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from media.engine import Device, IceServer, Ticket

Servers = Callable[[str, datetime], tuple[tuple[IceServer, ...], datetime | None]]


class DirectEngine:
    """``servers`` gives the ICE servers of a seat at a time, and until when they are good."""

    name = "direct"

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def join(self, device: Device, *, now: datetime) -> Ticket:
        """Servers with credentials of the seat's own."""
        servers, expires_at = self._servers(device.seat, now)
        return Ticket(engine=self.name, ice_servers=servers, expires_at=expires_at)

    async def signal(self, sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
        """Passed on within one room, to anybody but oneself."""
        return sender.room == recipient.room and sender.seat != recipient.seat

    async def events(self, device: Device, *, epoch: int | None = None) -> AsyncIterator[Mapping[str, Any]]:
        """Nothing to say."""
        nothing: tuple[Mapping[str, Any], ...] = ()
        for event in nothing:
            yield event

    async def leave(self, device: Device) -> None:
        """Nothing to let go of."""

    async def end(self, room: UUID) -> None:
        """Nothing to let go of."""

    async def close(self) -> None:
        """Nothing to let go of."""
