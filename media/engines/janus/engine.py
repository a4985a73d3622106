"""Janus as an engine: what comes from a browser goes to its room's Janus, and the other way round.

A room is on one of several hosts. What differs from the relay stands in docs/decisions/0010.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from media import placement
from media.engine import SERVER, Device, IceServer, Ticket
from media.engines.janus import rooms
from media.engines.janus.rooms import SOURCES
from media.engines.janus.session import JanusSession, Refused, Unanswered
from media.engines.janus.talk import Talk
from media.epochs import epochs
from media.errors import NoMediaServer
from media.placement import in_thread
from vdx.lib import clock

logger = logging.getLogger(__name__)

Servers = Callable[[str, datetime], tuple[tuple[IceServer, ...], datetime | None]]
#: Words that may wait for one browser. One that reads none of them ends.
MOST_WAITING = 200
#: Seconds without a session after which a room moves to another host.
MOVE_SECONDS = 3.0
#: Seconds that whoever joins waits for a host that answers.
REACH_SECONDS = 2.5
#: Seconds that connections live on without their browser's socket.
LINGER_SECONDS = 30.0
LOOK_SECONDS, PAUSE_SECONDS = 0.1, 0.3
#: After the last one here has left a room: seconds until it is looked whether others are in it, elsewhere.
EMPTY_SECONDS = (0.5, 3.0)
ACTIONS = ("offer", "answer", "candidate", "want")


class _Line:
    """One browser's connections, and its socket's end of them."""

    def __init__(self, device: Device, host: JanusSession, epoch: int) -> None:
        self.device, self.host, self.epoch = device, host, epoch
        #: The greatest epoch that the browser has named; it may have got that from another web process.
        self.named = epoch
        self.events: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()
        self.talk: Talk | None = None
        self.talking: asyncio.Task[None] | None = None
        self.task: asyncio.Task[None] | None = None
        self.asked = asyncio.Event()

    def tell(self, event: Mapping[str, Any]) -> None:
        if self.events.qsize() >= MOST_WAITING:
            self.events.put_nowait(None)
        else:
            self.events.put_nowait({**event, "epoch": self.epoch})

    def start_anew(self) -> None:
        self.asked.set()
        if self.talking is not None:
            self.talking.cancel()


class JanusEngine:
    """``urls``: the hosts' websockets; ``secret``: their ``api_secret``; ``servers``: a seat's ICE servers."""

    name = "janus"

    def __init__(self, urls: Sequence[str], secret: str, servers: Servers) -> None:
        self._servers, self._secret = servers, secret
        self._hosts = {url: JanusSession(url, secret) for url in urls}
        self._lines: dict[Device, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def join(self, device: Device, *, now: datetime) -> Ticket:
        """Servers with credentials of the seat's own. The connections themselves begin with :meth:`events`."""
        await self._reach()
        servers, expires_at = self._servers(device.seat, now)
        return Ticket(engine=self.name, ice_servers=servers, expires_at=expires_at)

    async def signal(self, sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
        """What is for Janus goes there; the rest, between seats of a room, is passed on unread."""
        if recipient.seat != SERVER:
            return sender.room == recipient.room and sender.seat != recipient.seat
        line = self._lines.get(sender)
        if line is None or sender.room != recipient.room:
            return False
        if data.get("again"):
            line.start_anew()
            return False
        for action in ACTIONS:
            said = data.get(action)
            if isinstance(said, Mapping) and line.talk is not None and data.get("epoch") == line.talk.epoch:
                line.talk.say(action, said)
        return False

    async def events(self, device: Device, *, epoch: int | None = None) -> AsyncIterator[Mapping[str, Any]]:
        """Connect the device anew, or take its connections over, and give what is said to it."""
        if device not in self._lines:
            host = await self._host_of(device.room)
            # Another socket of the same seat's may have come meanwhile.
            if device not in self._lines:
                self._add(device, host, epoch or 0)
        line = self._lines[device]
        # Whoever comes last has the connections; the one before comes to its end.
        before, line.events = line.events, asyncio.Queue()
        before.put_nowait(None)
        if epoch is None:
            line.start_anew()
        elif line.talk is not None and line.talk.epoch == epoch:
            line.talk.tell_again()
        else:
            line.named = max(line.named, epoch)
            line.events.put_nowait({"event": "lost", "epoch": epoch, "leg": "publish", "reason": "closed"})
        events = line.events
        try:
            while (event := await events.get()) is not None:
                yield event
        finally:
            if line.events is events and self._lines.get(device) is line:
                asyncio.get_running_loop().call_later(LINGER_SECONDS, self._forget, line, events)

    async def leave(self, device: Device) -> None:
        """End the device's connections, and its events."""
        line = self._lines.get(device)
        if line is not None:
            self._forget(line, line.events)

    async def end(self, room: UUID) -> None:
        """End everybody's connections, and the room in Janus."""
        lines = [line for line in self._lines.values() if line.device.room == room]
        for line in lines:
            self._forget(line, line.events)
        for host in {line.host for line in lines}:
            self._spawn(self._destroy(host, room))

    async def close(self) -> None:
        """End the sessions. Janus ends every connection in them, and browsers come to other web processes."""
        for line in list(self._lines.values()):
            self._forget(line, line.events)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for host in self._hosts.values():
            await host.stop()

    # --- Lines ---------------------------------------------------------------------------------------------

    def _add(self, device: Device, host: JanusSession, epoch: int) -> None:
        line = self._lines[device] = _Line(device, host, epoch)
        line.task = self._spawn(self._live(line))
        # Whatever ends it, whoever listens comes to an end too.
        line.task.add_done_callback(lambda _: self._forget(line, line.events))

    def _forget(self, line: _Line, events: asyncio.Queue[Mapping[str, Any] | None]) -> None:
        """End a line, unless another socket has taken it over."""
        if line.events is not events or self._lines.get(line.device) is not line:
            return
        del self._lines[line.device]
        events.put_nowait(None)
        if line.task is not None:
            line.task.cancel()

    async def _live(self, line: _Line) -> None:
        """Keep a browser connected: anew when it asks, when its Janus is a new one, or when its room has moved."""
        await line.asked.wait()
        while True:
            if not await self._settle(line):
                return
            line.asked.clear()
            line.epoch = epochs.next(after=max(line.epoch, line.named))
            talk = line.talk = Talk(
                line.host,
                room=line.device.room,
                seat=line.device.seat,
                epoch=line.epoch,
                secret=self._secret,
                tell=line.tell,
                changed=lambda: self._changed(line),
            )
            line.talking = asyncio.get_running_loop().create_task(talk.run())
            try:
                await asyncio.wait({line.talking})
            finally:
                line.talk = None
                line.talking.cancel()
                talk.close()
                self._left(line)
            await self._after(line)

    async def _after(self, line: _Line) -> None:
        """Why a talk has come to its end: asked for anew, the session gone, or not let in."""
        if line.talking is None or line.talking.cancelled():
            return
        error = line.talking.exception()
        if isinstance(error, Refused):
            logger.warning("Janus let nobody into a room: error %d", error.code)
            line.tell({"event": "failed", "code": "full" if error.code == rooms.TOO_MANY else "no_server"})
            await line.asked.wait()
        elif isinstance(error, Unanswered):
            await asyncio.sleep(PAUSE_SECONDS)
        elif error is not None:
            raise error

    def _left(self, line: _Line) -> None:
        room, host = line.device.room, line.host
        if not any(other.device.room == room and other.talk is not None for other in self._lines.values()):
            self._spawn(self._end_empty(host, room))
        self._changed(line)

    async def _destroy(self, host: JanusSession, room: UUID) -> None:
        try:
            await host.manage(rooms.destruction(room, self._secret))
        except Refused as refusal:
            if refusal.code != rooms.NO_ROOM:
                logger.warning("Janus did not end a room that is over: error %d", refusal.code)
        except Unanswered:
            logger.debug("a room that is over went with its Janus")

    async def _end_empty(self, host: JanusSession, room: UUID) -> None:
        """End the room in Janus, where nobody is in it any more."""
        try:
            for seconds in EMPTY_SECONDS:
                await asyncio.sleep(seconds)
                told = await host.manage({"request": "listparticipants", "room": rooms.number_of(room)})
                if not told.get("participants"):
                    await host.manage(rooms.destruction(room, self._secret))
                    return
        except Refused as refusal:
            if refusal.code != rooms.NO_ROOM:
                logger.warning("Janus did not end an empty room: error %d", refusal.code)
        except Unanswered:
            logger.debug("an empty room went with its Janus")

    # --- What those in a room have to know of each other -----------------------------------------------------

    def _changed(self, line: _Line) -> None:
        """Tell those here who is away and what is wanted of them."""
        room = line.device.room
        talks = {
            other.device.seat: other.talk
            for other in self._lines.values()
            if other.device.room == room and other.talk is not None and other.talk.is_joined
        }
        for talk in talks.values():
            for seat in talk.roll.published:
                there = talks.get(seat)
                away = talk.roll.feed_of(seat) is None or (there is not None and there.is_silent)
                talk.note_away(seat, away=away)
            talk.tell_wanted(_wanted(talk, talks))
            if talk.roll.somebody_left - set(talks):
                # Perhaps another web process, which does not reach this host, has moved the room.
                talk.roll.somebody_left.clear()
                self._spawn(self._look(room))

    async def _look(self, room: UUID) -> None:
        """Follow a room that another web process has moved."""
        try:
            host = await self._placed(room)
        except NoMediaServer:
            return
        for line in list(self._lines.values()):
            if line.device.room == room and line.talk is not None and line.host is not host:
                line.start_anew()

    # --- Hosts ---------------------------------------------------------------------------------------------

    async def _reach(self) -> None:
        """Return as soon as a host can be spoken to. Raises :class:`NoMediaServer`."""
        for host in self._hosts.values():
            host.start()
        try:
            async with asyncio.timeout(REACH_SECONDS):
                while not self._reached():
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise NoMediaServer from None

    def _reached(self) -> bool:
        return any(host.connected.is_set() for host in self._hosts.values())

    async def _host_of(self, room: UUID) -> JanusSession:
        await self._reach()
        return await self._placed(room)

    async def _placed(self, room: UUID) -> JanusSession:
        url = await in_thread(
            placement.place, room, engine=self.name, choose=lambda: self._choose(room), now=clock.now()
        )
        if url not in self._hosts:
            # A host that is no longer in the settings: the room moves.
            url = await self._move(room, away_from=url)
        if url not in self._hosts:
            # Another web process has other settings.
            raise NoMediaServer
        return self._hosts[url]

    async def _move(self, room: UUID, *, away_from: str) -> str:
        return await in_thread(
            placement.move, room, engine=self.name, away_from=away_from, to=self._choose(room), now=clock.now()
        )

    def _choose(self, room: UUID) -> str:
        """The host that answers and has the fewest of this process's handles; among equals, each room has its own.

        Other processes' handles are not known here: Janus tells its load by its admin interface alone, which the
        hub does not use. Every process spreads its own evenly, and so the sum is even.
        """

        def weight(host: JanusSession) -> tuple[bool, int, bytes]:
            return not host.connected.is_set(), host.load, hashlib.sha256(room.bytes + host.url.encode()).digest()

        return min(self._hosts.values(), key=weight).url

    async def _settle(self, line: _Line) -> bool:
        """Wait for a host that answers and has the room. False: the room is on another engine by now."""
        is_told = False
        while True:
            try:
                line.host = await self._placed(line.device.room)
                if line.host.connected.is_set():
                    return True
                try:
                    await asyncio.wait_for(line.host.connected.wait(), MOVE_SECONDS)
                    return True
                except TimeoutError:
                    pass
                if self._reached():
                    await self._move(line.device.room, away_from=line.host.url)
                    continue
            except NoMediaServer:
                return False
            if not is_told:
                is_told = True
                line.tell({"event": "failed", "code": "no_server"})
            while not self._reached():
                await asyncio.sleep(LOOK_SECONDS)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a browser's connections through Janus came to an unforeseen end", exc_info=error)


def _wanted(talk: Talk, talks: Mapping[str, Talk]) -> frozenset[str]:
    """What anybody wants of a seat. What those on other web processes want is not known here: everything."""
    wanted: set[str] = set()
    for seat in talk.roll.seats:
        there = talks.get(seat)
        wanted |= set(SOURCES) if there is None else set(there.wants.get(talk.seat, SOURCES))
    return frozenset(wanted)
