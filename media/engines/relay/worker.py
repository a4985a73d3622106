"""A relay worker: one process, one thread, whole rooms (``python -m media.engines.relay.worker --number 0``)."""

from __future__ import annotations

import argparse
import asyncio
import gc
import hmac
import logging
import logging.config
import os
import resource
import secrets
import signal
import stat
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings

from media.engines.relay import asked, wire
from media.engines.relay.aiortc_private import make_certificate
from media.engines.relay.allowance import Allowance
from media.engines.relay.feedback import Feedback
from media.engines.relay.forward import Pump
from media.engines.relay.held import Client, Held
from media.engines.relay.leg import Workshop
from media.engines.relay.preflight import CannotRun, must_be_able_to_run
from media.engines.relay.room import LOOK_SECONDS, Room
from media.engines.relay.sdp import MOST_CHARACTERS
from media.engines.relay.sockets import Addresses, NoPortLeft
from media.engines.relay.stillness import Stillness

logger = logging.getLogger(__name__)

#: DTLS handshakes at the same time; each takes some 3 ms of CPU, and those who talk must not wait for many of them.
HANDSHAKES = 8
TICK_SECONDS = 0.02
LOAD_SECONDS = 2.0
CERTIFICATE_SECONDS = 86_400.0
#: Seconds that participants stay without the web process that spoke for them.
ORPHAN_SECONDS = 30.0
#: Seconds that goodbyes to browsers may take together.
STOP_SECONDS = 2.0
#: Lines a second, and at once, about messages that cannot be used: whoever sends them must not fill the log.
COMPLAINTS_RATE, COMPLAINTS_BURST = 0.1, 20.0
MOST_ROOMS = 5_000
MOST_PARTICIPANTS = 64


@dataclass(frozen=True)
class Options:
    """How a worker runs. ``url``: where it listens for web processes; ``secret``: what they must know."""

    url: str
    secret: str
    addresses: Addresses


class Worker:
    """Rooms, and the socket on which web processes speak of them."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._loop = asyncio.get_running_loop()
        self._pump = Pump(self._loop)
        self._feedback = Feedback(self._pump)
        self._workshop = Workshop(self._pump, options.addresses, make_certificate(), asyncio.Semaphore(HANDSHAKES))
        self._rooms: dict[str, Held] = {}
        self._clients: set[Client] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._complaints = Allowance(COMPLAINTS_RATE, COMPLAINTS_BURST)
        self._boot = secrets.token_hex(8)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Raises OSError where the address is taken."""
        where = wire.place(self._options.url)
        if where.path:
            path = Path(where.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            # Left behind by a worker that was killed; two workers with one number are the supervisor's mistake.
            path.unlink(missing_ok=True)
            mask = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(self._serve, path, limit=wire.MOST_OCTETS)
            finally:
                os.umask(mask)
        else:
            self._server = await asyncio.start_server(self._serve, where.host, where.port, limit=wire.MOST_OCTETS)
        self._spawn(self._tick())
        self._spawn(self._every_second())
        gc.collect()
        gc.freeze()
        # Packets make no circles, and legs are taken apart when they close: what little is left may wait.
        gc.set_threshold(20_000, 5, 2)

    async def stop(self) -> None:
        """Say goodbye to web processes and browsers, and end. Takes well under three seconds."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        for client in self._clients:
            client.send({"event": "stopping"})
        if self._rooms:
            closing = [self._loop.create_task(held.room.close()) for held in self._rooms.values()]
            self._rooms.clear()
            await asyncio.wait(closing, timeout=STOP_SECONDS)
        for client in list(self._clients):
            client.writer.close()
        if self._serving:
            await asyncio.wait(self._serving, timeout=1)
        self._pump.close()
        where = wire.place(self._options.url)
        if where.path:
            Path(where.path).unlink(missing_ok=True)

    # --- Web processes -------------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(writer)
        if (task := asyncio.current_task()) is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        nonce = secrets.token_hex(16)
        client.send({"event": "hello", "version": wire.VERSION, "boot": self._boot, "nonce": nonce})
        try:
            async with asyncio.timeout(5):
                hello = wire.load(await reader.readline())
            proof = hello.get("proof")
            expected = wire.prove(self._options.secret, nonce)
            if not isinstance(proof, str) or not hmac.compare_digest(proof.encode(), expected.encode()):
                logger.warning("somebody without the relay's secret was turned away")
                return
            self._clients.add(client)
            while line := await reader.readline():
                await self._handle(client, line)
        except (wire.BadMessage, TimeoutError, ConnectionError, ValueError):
            # ValueError is a line that never ends.
            if client in self._clients:
                logger.info("a web process was let go")
        finally:
            self._clients.discard(client)
            self._orphan(client)
            writer.close()

    async def _handle(self, client: Client, line: bytes) -> None:
        try:
            message = wire.load(line)
            name = wire.text(message, "room")
            if message.get("do") == "close":
                await self._close(name)
                return
            seat, epoch = wire.text(message, "seat", 64), wire.number(message, "epoch")
            await self._act(client, message, name, seat, epoch)
        except wire.BadMessage as error:
            if self._complaints.take():
                logger.warning("a message could not be used: %s", error)
            client.send({"event": "failed", "code": "invalid"})

    async def _act(self, client: Client, message: wire.Message, name: str, seat: str, epoch: int) -> None:
        action = message.get("do")
        if action == "join" and message.get("resume"):
            await self._resume(client, name, seat, epoch)
            return
        if action == "join":
            await self._join(client, name, seat, epoch)
            return
        held = self._rooms.get(name)
        if held is None:
            return
        if action == "answer":
            revision = wire.number(message, "revision")
            await held.room.answer(
                seat, epoch, asked.side(message), revision, wire.text(message, "sdp", MOST_CHARACTERS)
            )
        elif action == "want":
            held.room.want(seat, epoch, asked.wants(message, most=MOST_PARTICIPANTS))
        elif action == "leave":
            held.leave(seat, client, epoch)
        elif action == "release":
            held.release(seat, client)
        else:
            raise wire.BadMessage("do")

    async def _join(self, client: Client, name: str, seat: str, epoch: int) -> None:
        held = self._rooms.get(name)
        if held is None:
            if len(self._rooms) >= MOST_ROOMS:
                client.send(_failed(name, seat, epoch, "full"))
                return
            held = self._rooms[name] = Held(Room(self._workshop, self._feedback, self._teller(name)))
        if held.may_join(seat, client, epoch):
            await self._connect(held, client, name, seat, epoch)

    async def _connect(self, held: Held, client: Client, name: str, seat: str, epoch: int) -> None:
        if seat not in held.room.participants and len(held.room.participants) >= MOST_PARTICIPANTS:
            client.send(_failed(name, seat, epoch, "full"))
            return
        held.own(seat, client)
        try:
            await held.room.join(seat, epoch)
        except (NoPortLeft, OSError) as error:
            logger.error("no port is left in VDX_RELAY_PORT_RANGE, or no file is: %s", type(error).__name__)
            held.room.leave(seat, epoch)
            client.send(_failed(name, seat, epoch, "no_port"))

    async def _resume(self, client: Client, name: str, seat: str, epoch: int) -> None:
        """Take over the connections of this epoch, where they live. Where they do not, nothing is made."""
        held = self._rooms.get(name)
        if held is None or not held.room.knows(seat, epoch):
            client.send({"event": "lost", "leg": "publish", "reason": "closed", **_who(name, seat, epoch)})
            return
        held.own(seat, client)
        await held.room.join(seat, epoch)

    async def _close(self, name: str) -> None:
        held = self._rooms.pop(name, None)
        if held is not None:
            await held.room.close()

    def _teller(self, name: str) -> Any:
        def tell(seat: str, epoch: int, event: dict[str, Any]) -> None:
            held = self._rooms.get(name)
            client = held.owners.get(seat) if held is not None else None
            if client is not None:
                client.send({**event, **_who(name, seat, epoch)})

        return tell

    def _orphan(self, client: Client) -> None:
        for held in self._rooms.values():
            held.orphan(client)

    # --- Time ----------------------------------------------------------------------------------------------

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            # Without its clock, or its pump, a worker is of no use; the supervisor starts another.
            logger.critical("this relay worker cannot go on, and ends", exc_info=task.exception())
            signal.raise_signal(signal.SIGTERM)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS if self._rooms else 0.2)
            self._feedback.tick()

    async def _every_second(self) -> None:
        told, made = 0.0, monotonic()
        stillness = Stillness(self._pump, seconds=LOOK_SECONDS)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if stillness.look():
                raise RuntimeError("sound and picture came, and nothing was read for five seconds")
            now = monotonic()
            for name, held in list(self._rooms.items()):
                held.room.second()
                for seat, since in list(held.orphans.items()):
                    participant = held.room.participants.get(seat)
                    if participant is None or now - since > ORPHAN_SECONDS:
                        del held.orphans[seat]
                        if participant is not None:
                            held.room.leave(seat, participant.epoch)
                await held.room.sweep()
                for seat, client, epoch in held.take_later():
                    await self._connect(held, client, name, seat, epoch)
                held.tidy()
                if held.room.is_empty:
                    self._rooms.pop(name, None)
            if now - told >= LOAD_SECONDS:
                told = now
                load = self.load()
                for client in list(self._clients):
                    client.send(load)
            if now - made > CERTIFICATE_SECONDS:
                made, self._workshop.certificate = now, make_certificate()

    def load(self) -> wire.Message:
        """How much this worker carries: packets are those that came in during the last second."""
        rooms = [held.room for held in self._rooms.values()]
        return {
            "event": "load",
            "rooms": len(rooms),
            "participants": sum(len(room.participants) for room in rooms),
            "packets": sum(room.packets for room in rooms),
        }


def _failed(name: str, seat: str, epoch: int, code: str) -> wire.Message:
    return {"event": "failed", "code": code, **_who(name, seat, epoch)}


def _who(name: str, seat: str, epoch: int) -> wire.Message:
    return {"room": name, "seat": seat, "epoch": epoch}


async def run(options: Options, *, parent: int | None = None) -> None:
    """Work until SIGTERM or SIGINT, or until the pipe ``parent`` is closed at its other end.

    Raises :class:`CannotRun`.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    def parent_spoke(pipe: int) -> None:
        if not os.read(pipe, 1024):
            loop.remove_reader(pipe)
            logger.warning("whoever started this relay worker is gone: it ends")
            stopping.set()

    if parent is not None:
        loop.add_reader(parent, parent_spoke, parent)
    worker = Worker(options)
    try:
        await worker.start()
    except (OSError, ValueError) as error:
        raise CannotRun(f"VDX_RELAY_URLS: it cannot listen at {options.url} ({error}).") from None
    logger.info("relay worker ready")
    await stopping.wait()
    await worker.stop()


def open_files() -> None:
    """Take as many open files as the system grants.

    A participant has two legs; a leg has a socket on every address and one more on that from which it speaks (on each,
    once it has followed its browser to all). A thousand participants: 4,000 files with one address, 6,000 with two.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def log_as_the_hub() -> None:
    """Every line is masked as the web processes' are: also what libraries say, and tracebacks."""
    logging.config.dictConfig(settings.LOGGING)
    quiet()


def quiet() -> None:
    """Keep people's addresses out of the log: aioice tells every candidate pair at INFO."""
    for name in ("aioice", "aiortc"):
        logging.getLogger(name).setLevel(logging.WARNING)


def main(arguments: list[str] | None = None) -> None:
    """Start a worker with the hub's settings."""
    parser = argparse.ArgumentParser(prog="python -m media.engines.relay.worker", description=__doc__)
    parser.add_argument("--number", type=int, default=0, help="which of VDX_RELAY_URLS this worker is, from 0")
    parser.add_argument(
        "--watch-stdin", action="store_true", help="end when stdin, a pipe, is closed: whoever holds it has died"
    )
    chosen = parser.parse_args(arguments)
    pipe = sys.stdin.fileno() if chosen.watch_stdin else None
    if pipe is not None and not stat.S_ISFIFO(os.fstat(pipe).st_mode):
        parser.error("--watch-stdin needs a pipe as stdin")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vdx.settings")
    # Reads the settings, and the settings alone: a worker has no database and no apps.
    from media.engines.relay.options import worker_options  # noqa: PLC0415

    log_as_the_hub()
    open_files()
    try:
        options = worker_options(chosen.number)
        must_be_able_to_run(options.addresses)
        asyncio.run(run(options, parent=pipe))
    except CannotRun as error:
        # Not by the log, which would mask the operator's own address.
        parser.exit(os.EX_CONFIG, f"the relay worker cannot start: {error}\n")


if __name__ == "__main__":
    main()
