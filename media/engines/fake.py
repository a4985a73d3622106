"""A server engine without media, for tests: it remembers who is in, hears what is said to it, and says what a test
has it say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from media.engine import SERVER, Device, Ticket
from media.epochs import epochs
from media.errors import NoMediaServer


class FakeEngine:
    """``present`` are the devices that have joined and not left, ``heard`` what browsers said to the server.

    ``is_there``: whether the server answers.
    """

    name = "fake"

    def __init__(self) -> None:
        self.present: set[Device] = set()
        self.heard: list[tuple[Device, Mapping[str, Any]]] = []
        self.is_there = True
        self._lines: dict[Device, asyncio.Queue[Mapping[str, Any] | None]] = {}
        self._epochs: dict[Device, int] = {}

    async def join(self, device: Device, *, now: datetime) -> Ticket:
        """A ticket without servers."""
        self._must_be_there()
        self.present.add(device)
        return Ticket(engine=self.name, ice_servers=(), expires_at=None)

    async def signal(self, sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
        """Passed on within one room, to anybody but oneself; what is for the server stays here."""
        if sender.room != recipient.room or sender.seat == recipient.seat:
            return False
        if recipient.seat != SERVER:
            return True
        self.heard.append((sender, data))
        if data.get("again") and sender in self._lines:
            self._offer(sender)
        return False

    async def events(self, device: Device, *, epoch: int | None = None) -> AsyncIterator[Mapping[str, Any]]:
        """Offers of two connections without content, and what :meth:`say` is given."""
        self._must_be_there()
        line: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()
        older = self._lines.get(device)
        self._lines[device] = line
        if older is not None:
            older.put_nowait(None)
        if epoch is None:
            self._offer(device)
        elif self._epochs.get(device) != epoch:
            line.put_nowait({"event": "lost", "epoch": epoch, "leg": "publish", "reason": "closed"})
        try:
            while (event := await line.get()) is not None:
                yield event
        finally:
            if self._lines.get(device) is line:
                del self._lines[device]

    def say(self, device: Device, event: Mapping[str, Any]) -> None:
        """Say this to the device's browser."""
        self._lines[device].put_nowait(event)

    def epoch_of(self, device: Device) -> int | None:
        """The epoch of the device's connections."""
        return self._epochs.get(device)

    async def leave(self, device: Device) -> None:
        """Forget the device, and end its events."""
        self.present.discard(device)
        self._epochs.pop(device, None)
        line = self._lines.get(device)
        if line is not None:
            line.put_nowait(None)

    async def end(self, room: UUID) -> None:
        """Everybody in the room leaves."""
        for device in {*self.present, *self._epochs}:
            if device.room == room:
                await self.leave(device)

    async def close(self) -> None:
        """End everybody's events."""
        for line in self._lines.values():
            line.put_nowait(None)

    def _offer(self, device: Device) -> None:
        number = self._epochs[device] = epochs.next(after=self._epochs.get(device, 0))
        for leg in ("publish", "subscribe"):
            self.say(device, {"event": "offer", "epoch": number, "leg": leg, "revision": 1, "sdp": "v=0", "tracks": {}})

    def _must_be_there(self) -> None:
        if not self.is_there:
            raise NoMediaServer
