"""The relay as an engine: what comes from a browser goes to its room's worker, and the other way round.

A browser speaks to the relay as to a seat with the key ``relay``; the relay's words come back as from that seat.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from media.engine import Device, IceServer, Ticket
from media.engines.relay import placement, wire
from media.engines.relay.client import RelayClient, epochs
from vdx.lib import clock

#: The seat key that means the relay itself; people's keys have twelve characters.
RELAY = "relay"
#: Words that may wait for one browser. One that reads none of them starts anew.
MOST_WAITING = 200
#: Seconds without a line to its worker after which a room moves to another one.
MOVE_SECONDS = 3.0

Servers = Callable[[str, datetime], tuple[tuple[IceServer, ...], datetime | None]]
#: What a browser may say, and the members that go on to the worker.
ACTIONS = {"answer": ("leg", "revision", "sdp"), "candidate": ("leg", "candidate"), "want": ("sources",)}


class _Line:
    """One browser's connection to its room: what it is still to be told."""

    def __init__(self, client: RelayClient) -> None:
        self.client = client
        self.events: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()


class RelayEngine:
    """``urls``: the workers; ``secret``: what they and we know; ``servers``: a seat's ICE servers at a time."""

    name = "relay"

    def __init__(self, urls: Sequence[str], secret: str, servers: Servers) -> None:
        self._servers = servers
        self._clients = {url: RelayClient(url, secret, self._told) for url in urls}
        self._lines: dict[Device, _Line] = {}

    async def join(self, device: Device, *, now: datetime) -> Ticket:
        """Servers with credentials of the seat's own. The connections themselves are offered by :meth:`events`."""
        servers, expires_at = self._servers(device.seat, now)
        return Ticket(engine=self.name, ice_servers=servers, expires_at=expires_at)

    async def signal(self, sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
        """What is for the relay goes to the worker; the rest, between seats of a room, is passed on unread."""
        if recipient.seat != RELAY:
            return sender.room == recipient.room and sender.seat != recipient.seat
        line = self._lines.get(sender)
        if line is None or sender.room != recipient.room:
            return False
        if data.get("again"):
            line.client.join(str(sender.room), sender.seat, epochs.next())
        for action, members in ACTIONS.items():
            said, epoch = data.get(action), data.get("epoch")
            if isinstance(said, Mapping) and type(epoch) is int:
                line.client.say(
                    action, str(sender.room), sender.seat, epoch, **{name: said.get(name) for name in members}
                )
        return False

    async def events(self, device: Device) -> AsyncIterator[Mapping[str, Any]]:
        """Connect the device anew, and give what the relay says to it, until it is superseded or the caller ends.

        Whoever calls this again for the same device takes over; the older one comes to its end.
        """
        client = await self._client_of(device.room)
        line = _Line(client)
        older = self._lines.get(device)
        self._lines[device] = line
        if older is not None:
            older.events.put_nowait(None)
        client.join(str(device.room), device.seat, epochs.next())
        moving = asyncio.get_running_loop().create_task(self._follow(device, line))
        try:
            while (event := await line.events.get()) is not None:
                yield event
        finally:
            moving.cancel()
            if self._lines.get(device) is line:
                del self._lines[device]
                line.client.leave(str(device.room), device.seat)

    async def leave(self, device: Device) -> None:
        """End the device's events, and so its connections."""
        line = self._lines.get(device)
        if line is not None:
            line.events.put_nowait(None)

    async def close(self) -> None:
        """Let go of the workers. What goes on in them goes on for half a minute, for other web processes to take."""
        for client in self._clients.values():
            await client.stop()

    # --- Workers -------------------------------------------------------------------------------------------

    async def _client_of(self, room: UUID) -> RelayClient:
        for client in self._clients.values():
            client.start()
        url = await database_sync_to_async(placement.place)(room, choose=self._least_loaded, now=clock.now())
        # A worker that is no longer in the settings: the room moves.
        if url not in self._clients:
            url = await database_sync_to_async(placement.move)(
                room, away_from=url, to=self._least_loaded(), now=clock.now()
            )
        return self._clients[url]

    def _least_loaded(self) -> str:
        """The worker that can be reached and has the fewest packets a second, then the fewest rooms."""

        def weight(client: RelayClient) -> tuple[bool, int, int]:
            return not client.connected.is_set(), client.load.get("packets", 0), client.load.get("rooms", 0)

        return min(self._clients.values(), key=weight).url

    async def _follow(self, device: Device, line: _Line) -> None:
        """Move the device when its worker stays away, or when another web process has moved the room."""
        while True:
            await asyncio.sleep(0.5)
            if line.client.connected.is_set():
                continue
            try:
                await asyncio.wait_for(line.client.connected.wait(), MOVE_SECONDS)
                continue
            except TimeoutError:
                target = self._least_loaded()
            url = await database_sync_to_async(placement.move)(
                device.room, away_from=line.client.url, to=target, now=clock.now()
            )
            if url != line.client.url and url in self._clients:
                line.client.leave(str(device.room), device.seat)
                line.client = self._clients[url]
                line.client.join(str(device.room), device.seat, epochs.next())

    def _told(self, message: wire.Message) -> None:
        device = Device(UUID(message.pop("room")), message.pop("seat"))
        line = self._lines.get(device)
        if line is None:
            return
        if line.events.qsize() >= MOST_WAITING:
            line.events.put_nowait(None)
            return
        line.events.put_nowait(message)
