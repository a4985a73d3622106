"""The relay as an engine: what comes from a browser goes to its room's worker, and the other way round."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from media import placement
from media.engine import SERVER, Device, IceServer, Ticket
from media.engines.relay import wire
from media.engines.relay.client import RelayClient
from media.epochs import epochs
from media.errors import NoMediaServer
from media.placement import in_thread
from vdx.lib import clock

logger = logging.getLogger(__name__)

#: Words that may wait for one browser. One that reads none of them starts anew.
MOST_WAITING = 200
#: Seconds without a line to its worker after which a room moves to another one.
MOVE_SECONDS = 3.0
#: Seconds that whoever joins waits for a worker; one that died is there again within them.
REACH_SECONDS = 3.0
LOOK_SECONDS = 0.05
#: Seconds between two looks at where the record has the rooms of this process.
WATCH_SECONDS = 5.0

Servers = Callable[[str, datetime], tuple[tuple[IceServer, ...], datetime | None]]
#: What a browser may say, and the members that go on to the worker. It needs no candidates (leg.py).
ACTIONS = {"answer": ("leg", "revision", "sdp"), "want": ("sources",)}


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
        self._watching: asyncio.Task[None] | None = None

    async def join(self, device: Device, *, now: datetime) -> Ticket:
        """Servers with credentials of the seat's own. The connections themselves are offered by :meth:`events`."""
        await self._reach()
        servers, expires_at = self._servers(device.seat, now)
        return Ticket(engine=self.name, ice_servers=servers, expires_at=expires_at)

    async def signal(self, sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
        """What is for the relay goes to the worker; the rest, between seats of a room, is passed on unread."""
        if recipient.seat != SERVER:
            return sender.room == recipient.room and sender.seat != recipient.seat
        line = self._lines.get(sender)
        if line is None or sender.room != recipient.room:
            return False
        if data.get("again"):
            self._join_anew(line.client, sender)
        for action, members in ACTIONS.items():
            said, epoch = data.get(action), data.get("epoch")
            if isinstance(said, Mapping) and type(epoch) is int:
                line.client.say(
                    action, str(sender.room), sender.seat, epoch, **{name: said.get(name) for name in members}
                )
        return False

    async def events(self, device: Device, *, epoch: int | None = None) -> AsyncIterator[Mapping[str, Any]]:
        """Connect the device anew, or take its connections over, and give what the relay says to it.

        Whoever calls this again for the same device takes over; the older one comes to its end.
        """
        client = await self._client_of(device.room)
        line = _Line(client)
        older = self._lines.get(device)
        self._lines[device] = line
        if older is not None:
            older.events.put_nowait(None)
            if older.client is not client:
                older.client.leave(str(device.room), device.seat)
        if epoch is None:
            self._join_anew(client, device)
        else:
            client.join(str(device.room), device.seat, epoch, resume=True)
        following = asyncio.get_running_loop().create_task(self._follow(device, line))
        following.add_done_callback(lambda task: _followed(task, line))
        if self._watching is None:
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        try:
            while (event := await line.events.get()) is not None:
                yield event
        finally:
            following.cancel()
            if self._lines.get(device) is line:
                del self._lines[device]
                line.client.release(str(device.room), device.seat)
            if not self._lines and self._watching is not None:
                self._watching.cancel()
                self._watching = None

    async def leave(self, device: Device) -> None:
        """End the device's connections, and its events."""
        line = self._lines.get(device)
        if line is not None:
            line.client.leave(str(device.room), device.seat)
            line.events.put_nowait(None)

    async def end(self, room: UUID) -> None:
        """Have the room's worker end everybody's connections, whichever web processes they came through."""
        for client in self._clients.values():
            client.close(str(room))
        for device, line in self._lines.items():
            if device.room == room:
                line.events.put_nowait(None)

    async def close(self) -> None:
        """Let go of the workers. What goes on in them goes on for half a minute, for other web processes to take."""
        for client in self._clients.values():
            await client.stop()

    # --- Workers -------------------------------------------------------------------------------------------

    async def _reach(self) -> None:
        """Return as soon as a worker can be spoken to. Raises :class:`NoMediaServer`."""
        for client in self._clients.values():
            client.start()
        try:
            async with asyncio.timeout(REACH_SECONDS):
                while not self._reached():
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise NoMediaServer from None

    def _reached(self) -> bool:
        return any(client.connected.is_set() for client in self._clients.values())

    async def _client_of(self, room: UUID) -> RelayClient:
        await self._reach()
        url = await in_thread(placement.place, room, engine=self.name, choose=self._least_loaded, now=clock.now())
        # A worker that is no longer in the settings: the room moves.
        if url not in self._clients:
            url = await self._move(room, away_from=url)
        if url not in self._clients:
            # Another web process has other settings.
            raise NoMediaServer
        return self._clients[url]

    async def _move(self, room: UUID, *, away_from: str) -> str:
        return await in_thread(
            placement.move, room, engine=self.name, away_from=away_from, to=self._least_loaded(), now=clock.now()
        )

    def _least_loaded(self) -> str:
        """The worker that can be reached and has the fewest packets a second, then the fewest rooms."""
        client = min(self._clients.values(), key=lambda client: (not client.connected.is_set(), *client.weight))
        client.placed += 1
        return client.url

    def _join_anew(self, client: RelayClient, device: Device) -> None:
        room, seat = str(device.room), device.seat
        client.join(room, seat, epochs.next(after=client.epoch(room, seat) or 0))

    async def _follow(self, device: Device, line: _Line) -> None:
        """Move the device when its worker stays away, or when another web process has moved the room."""
        room, seat = str(device.room), device.seat
        is_told = False
        while True:
            await asyncio.sleep(0.5)
            if line.client.connected.is_set():
                is_told = False
                continue
            try:
                await asyncio.wait_for(line.client.connected.wait(), MOVE_SECONDS)
                continue
            except TimeoutError:
                pass
            if not self._reached():
                if not is_told:
                    is_told = True
                    epoch = line.client.epoch(room, seat) or 0
                    line.events.put_nowait({"event": "failed", "epoch": epoch, "code": "no_server"})
                continue
            try:
                url = await self._move(device.room, away_from=line.client.url)
            except NoMediaServer:
                # The room is on another engine by now, and whoever listens is told so.
                line.events.put_nowait(None)
                return
            self._go_over(device, line, url)

    def _go_over(self, device: Device, line: _Line, url: str) -> None:
        """Connect the device to the worker that its room is on, unless it is there or the worker is not ours."""
        if url == line.client.url or url not in self._clients:
            return
        room, seat = str(device.room), device.seat
        epoch = line.client.epoch(room, seat) or 0
        line.client.leave(room, seat)
        line.client = self._clients[url]
        line.client.join(room, seat, epochs.next(after=epoch))

    async def _watch(self) -> None:
        """Bring everybody to the worker that the record names.

        A room may have moved in another web process, or while somebody's own line to the worker had just come back.
        """
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            lines = dict(self._lines)
            rooms = {device.room for device in lines}
            try:
                servers = await in_thread(placement.servers_of, rooms, engine=self.name)
            except DatabaseError:
                # The next look is not far; calls go on without it.
                logger.exception("the record of rooms could not be read")
                continue
            for device, line in lines.items():
                if self._lines.get(device) is line and device.room in servers:
                    self._go_over(device, line, servers[device.room])

    def _told(self, message: wire.Message) -> None:
        device = Device(UUID(message.pop("room")), message.pop("seat"))
        line = self._lines.get(device)
        if line is None:
            return
        if line.events.qsize() >= MOST_WAITING:
            line.events.put_nowait(None)
            return
        if "who" in message:
            # Between worker and hub ``seat`` is whom a message is for.
            message["seat"] = message.pop("who")
        line.events.put_nowait(message)


def _followed(task: asyncio.Task[None], line: _Line) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("a device's worker could not be followed", exc_info=error)
        line.events.put_nowait(None)
