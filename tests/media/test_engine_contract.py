"""What every engine promises; each of them is held to it, the relay and Janus with real servers."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from media.engine import SERVER, Device, Engine, IceServer
from media.engines.direct import DirectEngine
from media.engines.fake import FakeEngine
from media.engines.janus.engine import JanusEngine
from media.engines.relay.engine import RelayEngine
from media.errors import NoMediaServer
from media.reach import reachable
from tests.support import janus as janus_support
from tests.support.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = "a key of the hub, which web processes and workers share: 0123456789"
SERVERS = ["relay", "janus", "fake"]
Made = Callable[[], Engine]


def servers(seat: str, now: datetime) -> tuple[tuple[IceServer, ...], datetime]:
    return (IceServer(("turn:a",), f"1:{seat}", "x"),), now + timedelta(minutes=10)


@contextlib.contextmanager
def relay() -> Iterator[Made]:
    """A worker as the hub starts it, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="vdx-contract-", dir="/tmp") as folder:
        url = f"unix://{folder}/relay.sock"
        own = {
            "VDX_VAR_DIR": folder,
            "VDX_SECRET_KEY": KEY,
            "VDX_RELAY_URLS": url,
            "VDX_RELAY_ADDRESSES": "127.0.0.1",
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("VDX_", "DJANGO_"))}
        worker = subprocess.Popen(
            [sys.executable, "-m", "media.engines.relay.worker", "--number", "0", "--watch-stdin"],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={**inherited, **own},
        )
        secret = hmac.new(KEY.encode(), b"media.engines.relay", hashlib.sha256).hexdigest()
        try:
            wait_until("the worker listens", lambda: reachable(url))
            yield lambda: RelayEngine([url], secret, servers)
        finally:
            worker.terminate()
            worker.communicate(timeout=10)


@contextlib.contextmanager
def janus() -> Iterator[Made]:
    with janus_support.address() as address, janus_support.janus(address) as server:
        yield lambda: JanusEngine([server.url], janus_support.SECRET, servers)


@contextlib.contextmanager
def without_server(make: Made) -> Iterator[Made]:
    yield make


ENGINES = {
    "direct": lambda: without_server(lambda: DirectEngine(servers)),
    "relay": relay,
    "janus": janus,
    "fake": lambda: without_server(FakeEngine),
}


@pytest.fixture(scope="module")
def make(request: pytest.FixtureRequest) -> Iterator[Made]:
    """Makes engines of one name, as each web process has one."""
    with ENGINES[request.param]() as made:
        yield made


@pytest.fixture
async def engine(make: Made) -> AsyncIterator[Engine]:
    made = make()
    yield made
    await made.close()


@pytest.fixture
def anna() -> Device:
    return Device(uuid4(), "anna")


@pytest.fixture
def lise(anna: Device) -> Device:
    return Device(anna.room, "lise")


every_engine = pytest.mark.parametrize("make", ["direct", *SERVERS], indirect=True)
every_server = pytest.mark.parametrize("make", SERVERS, indirect=True)


class Page:
    """A browser's page: what the engine says to it."""

    def __init__(self, engine: Engine, device: Device, epoch: int | None = None) -> None:
        self.heard: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self.task = asyncio.create_task(self._listen(engine, device, epoch))

    async def _listen(self, engine: Engine, device: Device, epoch: int | None) -> None:
        events = engine.events(device, epoch=epoch)
        try:
            async for event in events:
                self.heard.put_nowait(event)
        finally:
            await events.aclose()  # type: ignore[attr-defined]

    async def invited(self, *, after: int = 0) -> int:
        """The epoch in which the engine wants the page to connect: its publishing leg is named first."""
        async with asyncio.timeout(15):
            while True:
                event = await self.heard.get()
                if event["event"] in {"offer", "make-offer"} and event["epoch"] > after:
                    assert event["leg"] == "publish"
                    return int(event["epoch"])

    async def lost(self) -> None:
        """The engine says that the connections are gone. Something said before that may still have been on its way."""
        async with asyncio.timeout(10):
            while (await self.heard.get())["event"] != "lost":
                pass

    async def hears_for(self, seconds: float) -> list[Mapping[str, Any]]:
        await asyncio.sleep(seconds)
        return [self.heard.get_nowait() for _ in range(self.heard.qsize())]

    async def ended(self) -> None:
        """The engine has ended it."""
        await asyncio.wait_for(self.task, 10)

    async def go(self) -> None:
        """The socket goes."""
        self.task.cancel()
        await asyncio.wait([self.task])


# --- Every engine ------------------------------------------------------------------------------------------


@every_engine
async def test_a_ticket_names_the_engine_and_is_good_for_later(engine: Engine, anna: Device) -> None:
    ticket = await engine.join(anna, now=NINE)
    assert ticket.engine == engine.name
    assert ticket.expires_at is None or ticket.expires_at > NINE
    assert all(server.urls for server in ticket.ice_servers)


@every_engine
async def test_joining_again_renews_and_disturbs_nobody(engine: Engine, anna: Device, lise: Device) -> None:
    await engine.join(lise, now=NINE)
    first = await engine.join(anna, now=NINE)
    again = await engine.join(anna, now=NINE + timedelta(minutes=5))
    assert again.engine == first.engine
    assert first.expires_at is None or (again.expires_at or NINE) > first.expires_at
    assert await engine.signal(lise, anna, {"candidate": None}) is True


@every_engine
async def test_no_ticket_is_anybody_elses(engine: Engine, anna: Device, lise: Device) -> None:
    found = [(await engine.join(device, now=NINE)).ice_servers for device in (anna, lise)]
    assert found == [(), ()] or found[0][0].username != found[1][0].username


@every_engine
async def test_signals_stay_in_the_room_and_come_back_to_nobody(engine: Engine, anna: Device, lise: Device) -> None:
    stranger = Device(uuid4(), "anna")
    for device in (anna, lise, stranger):
        await engine.join(device, now=NINE)
    assert await engine.signal(anna, lise, {"moved": True}) is True
    assert await engine.signal(lise, stranger, {"moved": True}) is False
    assert await engine.signal(anna, anna, {"moved": True}) is False


@every_engine
async def test_leaving_twice_or_without_having_come_is_nothing(engine: Engine, anna: Device) -> None:
    await engine.leave(anna)
    await engine.join(anna, now=NINE)
    await engine.leave(anna)
    await engine.leave(anna)
    assert (await engine.join(anna, now=NINE)).engine == engine.name


@every_engine
async def test_closing_twice_is_nothing(engine: Engine, anna: Device) -> None:
    await engine.join(anna, now=NINE)
    await engine.close()
    await engine.close()


@pytest.mark.parametrize("make", ["direct"], indirect=True)
async def test_an_engine_that_passes_signals_on_has_nothing_to_say_itself(engine: Engine, anna: Device) -> None:
    assert [event async for event in engine.events(anna)] == []


# --- Engines with a server ---------------------------------------------------------------------------------


@every_server
async def test_whoever_listens_is_invited_to_connect(engine: Engine, anna: Device) -> None:
    page = Page(engine, anna)
    assert await page.invited() > 0
    await page.go()


@every_server
async def test_asking_again_is_answered_by_new_connections(engine: Engine, anna: Device) -> None:
    page = Page(engine, anna)
    epoch = await page.invited()
    assert await engine.signal(anna, Device(anna.room, SERVER), {"again": True}) is False
    assert await page.invited(after=epoch) > epoch
    await page.go()


@every_server
async def test_the_newest_listener_is_the_only_one(engine: Engine, anna: Device) -> None:
    older = Page(engine, anna)
    before = await older.invited()
    newer = Page(engine, anna)
    assert await newer.invited() > before
    await older.ended()
    await newer.go()


@every_server
async def test_who_leaves_hears_no_more(engine: Engine, anna: Device) -> None:
    page = Page(engine, anna)
    await page.invited()
    await engine.leave(anna)
    await page.ended()


@every_server
async def test_connections_outlive_the_socket_and_are_taken_over_undisturbed(engine: Engine, anna: Device) -> None:
    page = Page(engine, anna)
    epoch = await page.invited()
    await page.go()
    again = Page(engine, anna, epoch)
    heard = await again.hears_for(1.5)
    # What still waits for an answer may be said again; nothing is lost and nothing is new.
    assert {event["epoch"] for event in heard} <= {epoch}
    assert "lost" not in {event["event"] for event in heard}
    await again.go()


@every_server
async def test_they_are_taken_over_also_while_the_older_socket_seems_to_live(engine: Engine, anna: Device) -> None:
    older = Page(engine, anna)
    epoch = await older.invited()
    again = Page(engine, anna, epoch)
    await older.ended()
    assert "lost" not in {event["event"] for event in await again.hears_for(1.5)}
    # It is the page's line now.
    await engine.signal(anna, Device(anna.room, SERVER), {"again": True})
    assert await again.invited(after=epoch) > epoch
    await again.go()


@every_server
async def test_connections_that_nobody_knows_are_said_to_be_lost(engine: Engine, anna: Device) -> None:
    page = Page(engine, anna, 7)
    async with asyncio.timeout(10):
        lost = await page.heard.get()
    assert (lost["event"], lost["epoch"], lost["leg"]) == ("lost", 7, "publish")
    await engine.signal(anna, Device(anna.room, SERVER), {"again": True})
    assert await page.invited() > 7
    await page.go()


@every_server
async def test_connections_of_somebody_who_left_are_lost(engine: Engine, anna: Device) -> None:
    page = Page(engine, anna)
    epoch = await page.invited()
    await engine.leave(anna)
    await page.ended()
    again = Page(engine, anna, epoch)
    await again.lost()
    await again.go()


@every_server
async def test_a_room_that_is_over_ends_for_everybody_also_for_those_whose_sockets_are_away(
    engine: Engine, anna: Device, lise: Device
) -> None:
    there, away = Page(engine, anna), Page(engine, lise)
    await there.invited()
    epoch = await away.invited()
    await away.go()
    await engine.end(anna.room)
    await there.ended()
    again = Page(engine, lise, epoch)
    await again.lost()
    await again.go()
    await engine.end(anna.room)


@every_server
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"answer": 1},
        {"answer": {}, "epoch": "1"},
        {"answer": {"leg": 1, "revision": [], "sdp": {}}, "epoch": 1},
        {"offer": {"leg": "publish", "revision": 1, "sdp": "nonsense"}, "epoch": 1},
        {"candidate": {"leg": "subscribe", "candidate": "x"}, "epoch": 1},
        {"want": {}, "epoch": 1},
        {"want": {"sources": {"bent": ["camera", 1, None]}}, "epoch": 1},
        {"unknown": True},
    ],
)
async def test_nonsense_is_taken_and_forgotten(
    engine: Engine, anna: Device, lise: Device, data: dict[str, Any]
) -> None:
    page = Page(engine, anna)
    epoch = await page.invited()
    current = {**data, "epoch": epoch} if "epoch" in data else data
    for sender in (anna, lise, Device(uuid4(), "anna")):
        for words in (data, current):
            assert await engine.signal(sender, Device(anna.room, SERVER), words) is False
    # The engine is as well as before.
    await engine.signal(anna, Device(anna.room, SERVER), {"again": True})
    assert await page.invited(after=epoch) > epoch
    await page.go()


@every_server
async def test_two_devices_hear_words_of_their_own(engine: Engine, anna: Device, lise: Device) -> None:
    one, other = Page(engine, anna), Page(engine, lise)
    first, second = await one.invited(), await other.invited()
    assert first != second
    await engine.signal(lise, Device(lise.room, SERVER), {"again": True})
    await other.invited(after=second)
    assert {event["epoch"] for event in await one.hears_for(0.3)} <= {first}
    await one.go()
    await other.go()


@pytest.mark.parametrize(
    "nowhere",
    [
        lambda: RelayEngine(["unix:///nowhere.sock"], "secret", servers),
        lambda: JanusEngine(["ws://127.0.0.1:9"], "secret", servers),
        lambda: _away(FakeEngine()),
    ],
    ids=SERVERS,
)
async def test_without_a_server_nobody_gets_a_ticket(nowhere: Made, anna: Device) -> None:
    engine = nowhere()
    started = asyncio.get_running_loop().time()
    with pytest.raises(NoMediaServer):
        await engine.join(anna, now=NINE)
    with pytest.raises(NoMediaServer):
        async for _ in engine.events(anna):
            pass
    assert asyncio.get_running_loop().time() - started < 10
    await engine.close()


def _away(engine: FakeEngine) -> FakeEngine:
    engine.is_there = False
    return engine


async def test_the_fake_knows_who_is_in(anna: Device, lise: Device) -> None:
    fake = FakeEngine()
    await fake.join(anna, now=NINE)
    await fake.join(lise, now=NINE)
    await fake.leave(anna)
    assert fake.present == {lise}
