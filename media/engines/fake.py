"""An engine without media, for tests: it remembers who is in, and passes signals on like the direct one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from media.engine import Device, Ticket


class FakeEngine:
    """``present`` are the devices that have joined and not left."""

    name = "fake"

    def __init__(self) -> None:
        self.present: set[Device] = set()

    async def join(self, device: Device, *, now: datetime) -> Ticket:
        """A ticket without servers."""
        self.present.add(device)
        return Ticket(engine=self.name, ice_servers=(), expires_at=None)

    async def signal(self, sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
        """Passed on within one room, to anybody but oneself."""
        return sender.room == recipient.room and sender.seat != recipient.seat

    async def events(self, device: Device) -> AsyncIterator[Mapping[str, Any]]:
        """Nothing to say."""
        nothing: tuple[Mapping[str, Any], ...] = ()
        for event in nothing:
            yield event

    async def leave(self, device: Device) -> None:
        """Forget the device."""
        self.present.discard(device)
