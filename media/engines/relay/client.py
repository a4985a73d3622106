"""A web process's line to one relay worker: it holds, comes back by itself, and remembers who has joined.

When the line breaks but the worker lives, the participants are taken over again under their epochs, and nothing
happens to their media. When the worker is a new one (it died and was started anew), they join again under a new epoch,
and so every browser is offered new connections.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from media.engines.relay import wire
from media.epochs import epochs

logger = logging.getLogger(__name__)

#: Seconds between attempts to reach a worker: the first, and the greatest.
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
HELLO_SECONDS = 3.0
#: A worker tells its load every two seconds or three. One that says nothing for this long hangs.
SILENT_SECONDS = 8.0
#: Packets a second that a call of two makes, for rooms that have been placed and cannot be measured yet.
CALL_PACKETS = 300


class RelayClient:
    """The line to the worker at ``url``. ``on_event`` gets the worker's messages that name a participant."""

    def __init__(self, url: str, secret: str, on_event: Callable[[wire.Message], None]) -> None:
        self.url = url
        self.load: wire.Message = {}
        #: Rooms that this process has placed there since the worker told its load.
        self.placed = 0
        self._secret = secret
        self._on_event = on_event
        self._joined: dict[tuple[str, str], int] = {}
        # Those of them that the worker has been told of, or that joined it through another web process.
        self._known: set[tuple[str, str]] = set()
        self._boot = ""
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    def start(self) -> None:
        """Connect, and keep connected until :meth:`stop`."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Let go of the worker. Its participants stay for a while, for another web process to take over."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    # --- What participants do ------------------------------------------------------------------------------

    def join(self, room: str, seat: str, epoch: int, *, resume: bool = False) -> None:
        """Take a participant in, now or as soon as the worker can be reached.

        ``resume``: it has joined under this epoch before, here or through another web process. Where the worker knows
        it no longer it says ``lost``, and takes nobody in.
        """
        self._joined[room, seat] = epoch
        self._known.discard((room, seat))
        if resume:
            self._known.add((room, seat))
        self._greet(room, seat, epoch)

    @property
    def weight(self) -> tuple[int, int]:
        """What the worker carries, as far as it is known: packets a second, then rooms."""
        packets, rooms = self.load.get("packets", 0), self.load.get("rooms", 0)
        return packets + CALL_PACKETS * self.placed, rooms + self.placed

    def epoch(self, room: str, seat: str) -> int | None:
        """The participant's epoch, if it is here."""
        return self._joined.get((room, seat))

    def say(self, action: str, room: str, seat: str, epoch: int, **members: object) -> None:
        """``answer`` or ``want``. Without a line it is lost, and what follows the next line is new."""
        self._send({"do": action, "room": room, "seat": seat, "epoch": epoch, **members})

    def leave(self, room: str, seat: str) -> None:
        """The participant's connections end."""
        self._part("leave", room, seat)

    def release(self, room: str, seat: str) -> None:
        """Speak for the participant no longer. Its connections go on for a while, for whoever takes it over."""
        self._part("release", room, seat)

    def close(self, room: str) -> None:
        """Everybody leaves the room."""
        for key in [key for key in self._joined if key[0] == room]:
            del self._joined[key]
            self._known.discard(key)
        self._send({"do": "close", "room": room})

    # --- The line ------------------------------------------------------------------------------------------

    def _send(self, message: wire.Message) -> None:
        if self.connected.is_set() and self._writer is not None and not self._writer.is_closing():
            self._writer.write(wire.dump(message))

    def _greet(self, room: str, seat: str, epoch: int) -> None:
        if not self.connected.is_set():
            return
        resume = (room, seat) in self._known
        self._known.add((room, seat))
        self._send({"do": "join", "room": room, "seat": seat, "epoch": epoch, "resume": resume})

    def _part(self, how: str, room: str, seat: str) -> None:
        epoch = self._joined.pop((room, seat), None)
        self._known.discard((room, seat))
        if epoch is not None:
            self._send({"do": how, "room": room, "seat": seat, "epoch": epoch})

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                if await self._talk():
                    pause = FIRST_PAUSE
            except (OSError, TimeoutError, asyncio.IncompleteReadError, wire.BadMessage, ValueError) as error:
                logger.debug("the relay worker cannot be reached: %s", type(error).__name__)
            finally:
                self._hang_up()
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _talk(self) -> bool:
        """One line, from beginning to end. True if there was one."""
        where = wire.place(self.url)
        async with asyncio.timeout(HELLO_SECONDS):
            if where.path:
                reader, writer = await asyncio.open_unix_connection(where.path, limit=wire.MOST_OCTETS)
            else:
                reader, writer = await asyncio.open_connection(where.host, where.port, limit=wire.MOST_OCTETS)
            self._writer = writer
            hello = wire.load(await reader.readline())
        if wire.number(hello, "version") != wire.VERSION:
            raise wire.BadMessage("version")
        writer.write(wire.dump({"do": "hello", "proof": wire.prove(self._secret, wire.text(hello, "nonce"))}))
        self.connected.set()
        self._greet_again(wire.text(hello, "boot"))
        while line := await self._heard(reader):
            message = wire.load(line)
            if message.get("event") == "load":
                self.load, self.placed = message, 0
            elif "seat" in message and self._is_current(message):
                self._on_event(message)
        return True

    async def _heard(self, reader: asyncio.StreamReader) -> bytes:
        """The next line; nothing at the end. Raises TimeoutError where the worker has gone silent: it hangs."""
        async with asyncio.timeout(SILENT_SECONDS):
            return await reader.readline()

    def _greet_again(self, boot: str) -> None:
        is_new = bool(self._boot) and boot != self._boot
        self._boot = boot
        for (room, seat), epoch in list(self._joined.items()):
            if is_new:
                self._known.discard((room, seat))
                epoch = self._joined[room, seat] = epochs.next(after=epoch)
            self._greet(room, seat, epoch)

    def _is_current(self, message: wire.Message) -> bool:
        return self._joined.get((str(message.get("room")), str(message["seat"]))) == message.get("epoch")

    def _hang_up(self) -> None:
        self.connected.clear()
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
