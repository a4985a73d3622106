"""The relay as an engine: rooms, workers, and browsers that come, connect anew and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async

from media import placement
from media.engine import SERVER, Device
from media.engines.relay import wire
from media.engines.relay.engine import RelayEngine
from media.engines.relay.sockets import Addresses
from media.engines.relay.worker import Options, Worker

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HERE = Addresses(bind=("127.0.0.1",))
ROOM = uuid4()
ANNA, BENT = Device(ROOM, "anna"), Device(ROOM, "bent")


def urls(folder: Path) -> list[str]:
    return [f"unix://{folder}/{number}.sock" for number in range(2)]


@pytest.fixture
async def workers(tmp_path: Path) -> AsyncIterator[list[Worker]]:
    made = [Worker(Options(url, "secret", HERE)) for url in urls(tmp_path)]
    for worker in made:
        await worker.start()
    yield made
    for worker in made:
        await worker.stop()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[RelayEngine]:
    made = RelayEngine(urls(tmp_path), "secret", lambda seat, now: ((), None))
    yield made
    await made.close()


class Browser:
    """Collects what the relay says to one device."""

    def __init__(self, engine: RelayEngine, device: Device, epoch: int | None = None) -> None:
        self.heard: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self.task = asyncio.create_task(self._listen(engine, device, epoch))

    async def _listen(self, engine: RelayEngine, device: Device, epoch: int | None) -> None:
        async for event in engine.events(device, epoch=epoch):
            self.heard.put_nowait(event)

    async def offer(self, seconds: float = 10) -> Mapping[str, Any]:
        async with asyncio.timeout(seconds):
            while True:
                event = await self.heard.get()
                if event["event"] == "offer":
                    return event

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])


async def test_both_legs_are_offered(workers: list[Worker], engine: RelayEngine) -> None:
    anna = Browser(engine, ANNA)
    offers = [await anna.offer(), await anna.offer()]
    assert [offer["leg"] for offer in offers] == ["publish", "subscribe"]
    assert "room" not in offers[0]
    await anna.end()


async def test_a_room_stays_on_one_worker(workers: list[Worker], engine: RelayEngine, tmp_path: Path) -> None:
    other = RelayEngine(urls(tmp_path), "secret", lambda seat, now: ((), None))
    anna, bent = Browser(engine, ANNA), Browser(other, BENT)
    await anna.offer()
    await bent.offer()
    assert sorted(worker.load()["participants"] for worker in workers) == [0, 2]
    await anna.end()
    await bent.end()
    await other.close()


async def test_who_connects_anew_takes_over(workers: list[Worker], engine: RelayEngine) -> None:
    first = Browser(engine, ANNA)
    before = await first.offer()
    second = Browser(engine, ANNA)
    after = await second.offer()
    await asyncio.wait_for(first.task, 3)
    assert after["epoch"] > before["epoch"]
    assert sum(worker.load()["participants"] for worker in workers) == 1
    await second.end()


def participants(workers: list[Worker]) -> int:
    return sum(worker.load()["participants"] for worker in workers)


async def test_another_web_process_takes_connections_over(
    workers: list[Worker], engine: RelayEngine, tmp_path: Path
) -> None:
    other = RelayEngine(urls(tmp_path), "secret", lambda seat, now: ((), None))
    first = Browser(engine, ANNA)
    epoch = (await first.offer())["epoch"]
    # The socket has come back elsewhere, before the first process has noticed that it went.
    second = Browser(other, ANNA, epoch)
    assert (await second.offer())["epoch"] == epoch
    await first.end()
    await asyncio.sleep(0.2)
    assert participants(workers) == 1
    # The first process cannot take them away any more.
    await engine.leave(ANNA)
    await asyncio.sleep(0.2)
    assert participants(workers) == 1
    await other.leave(ANNA)
    await asyncio.wait_for(second.task, 3)
    async with asyncio.timeout(3):
        while participants(workers):
            await asyncio.sleep(0.05)
    await other.close()


async def test_who_is_away_from_all_workers_is_told_once_and_connected_anew_when_one_is_back(
    workers: list[Worker], engine: RelayEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.engines.relay.engine.MOVE_SECONDS", 0.2)
    anna = Browser(engine, ANNA)
    before = (await anna.offer())["epoch"]
    for worker in workers:
        await worker.stop()
    async with asyncio.timeout(8):
        while (event := await anna.heard.get())["event"] != "failed":
            pass
    assert (event["code"], event["epoch"]) == ("no_server", before)
    await asyncio.sleep(1.5)
    assert [anna.heard.get_nowait() for _ in range(anna.heard.qsize())] == []
    back = Worker(Options(urls(tmp_path)[0], "secret", HERE))
    await back.start()
    assert (await anna.offer())["epoch"] > before
    await anna.end()
    await back.stop()


async def test_somebody_elses_being_away_is_told_by_the_name_of_its_seat(
    workers: list[Worker], engine: RelayEngine
) -> None:
    anna = Browser(engine, ANNA)
    epoch = (await anna.offer())["epoch"]
    engine._told({"event": "away", "room": str(ROOM), "seat": "anna", "epoch": epoch, "who": "bent", "away": True})
    async with asyncio.timeout(3):
        while (event := await anna.heard.get())["event"] != "away":
            pass
    assert event == {"event": "away", "epoch": epoch, "seat": "bent", "away": True}
    await anna.end()


async def test_who_leaves_is_let_go(workers: list[Worker], engine: RelayEngine) -> None:
    anna = Browser(engine, ANNA)
    await anna.offer()
    await engine.leave(ANNA)
    await asyncio.wait_for(anna.task, 3)
    async with asyncio.timeout(3):
        while any(worker.load()["participants"] for worker in workers):
            await asyncio.sleep(0.05)
    await engine.leave(ANNA)


async def test_those_who_come_at_once_by_several_web_processes_are_all_taken_in(
    workers: list[Worker], tmp_path: Path
) -> None:
    engines = [RelayEngine(urls(tmp_path), "secret", lambda seat, now: ((), None)) for _ in range(6)]
    # Each has its line before anybody comes.
    await asyncio.gather(*(one.join(ANNA, now=datetime.now(UTC)) for one in engines))
    browsers = [Browser(one, Device(ROOM, f"seat{number}")) for number, one in enumerate(engines)]
    await asyncio.gather(*(browser.offer() for browser in browsers))
    assert participants(workers) == len(browsers)
    for browser in browsers:
        await browser.end()
    for one in engines:
        await one.close()


async def test_a_room_that_is_over_holds_nobody_also_not_those_whose_sockets_are_away(
    workers: list[Worker], engine: RelayEngine, tmp_path: Path
) -> None:
    other = RelayEngine(urls(tmp_path), "secret", lambda seat, now: ((), None))
    anna, lise = Browser(engine, ANNA), Browser(other, Device(ROOM, "lise"))
    await anna.offer()
    await lise.offer()
    await lise.end()
    assert participants(workers) == 2
    await engine.end(ROOM)
    await asyncio.wait_for(anna.task, 3)
    async with asyncio.timeout(3):
        while participants(workers):
            await asyncio.sleep(0.05)
    await other.close()


async def test_a_browser_may_ask_for_new_connections(workers: list[Worker], engine: RelayEngine) -> None:
    anna = Browser(engine, ANNA)
    before = await anna.offer()
    assert await engine.signal(ANNA, Device(ROOM, SERVER), {"again": True}) is False
    async with asyncio.timeout(5):
        while (await anna.offer())["epoch"] == before["epoch"]:
            pass
    await anna.end()


@pytest.mark.parametrize(
    "data",
    [{}, {"answer": 1}, {"answer": {}, "epoch": "1"}, {"answer": {"sdp": 1}, "epoch": 1}, {"want": {}, "epoch": 1}],
)
async def test_nonsense_from_a_browser_is_taken_and_forgotten(
    workers: list[Worker], engine: RelayEngine, data: dict[str, Any]
) -> None:
    anna = Browser(engine, ANNA)
    await anna.offer()
    assert await engine.signal(ANNA, Device(ROOM, SERVER), data) is False
    assert await engine.signal(BENT, Device(ROOM, SERVER), data) is False
    await asyncio.sleep(0.1)
    assert sum(worker.load()["participants"] for worker in workers) == 1
    await anna.end()


async def test_a_room_moves_when_its_worker_stays_away(
    workers: list[Worker], engine: RelayEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.engines.relay.engine.MOVE_SECONDS", 0.2)
    anna = Browser(engine, ANNA)
    before = await anna.offer()
    gone = next(worker for worker in workers if worker.load()["participants"])
    await gone.stop()
    async with asyncio.timeout(8):
        while (await anna.offer())["epoch"] == before["epoch"]:
            pass
    assert [worker.load()["participants"] for worker in workers if worker is not gone] == [1]
    await anna.end()


async def test_who_stayed_on_the_old_worker_follows_the_room(
    workers: list[Worker], engine: RelayEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another web process lost the worker and moved the room; this one's line to it was never cut."""
    monkeypatch.setattr("media.engines.relay.engine.WATCH_SECONDS", 0.2)
    anna, bent = Browser(engine, ANNA), Browser(engine, BENT)
    epochs = {(await anna.offer())["epoch"], (await bent.offer())["epoch"]}
    old = (await database_sync_to_async(placement.servers_of)([ROOM], engine="relay"))[ROOM]
    new = next(url for url in engine._clients if url != old)
    await database_sync_to_async(placement.move)(ROOM, engine="relay", away_from=old, to=new, now=NINE)
    for browser in (anna, bent):
        async with asyncio.timeout(8):
            while (await browser.offer())["epoch"] in epochs:
                pass
    await asyncio.sleep(0.1)
    assert sorted(worker.load()["participants"] for worker in workers) == [0, 2]
    await anna.end()
    await bent.end()


async def test_rooms_that_come_at_once_are_spread(workers: list[Worker], engine: RelayEngine) -> None:
    browsers = [Browser(engine, Device(uuid4(), "anna")) for _ in range(6)]
    for browser in browsers:
        await browser.offer()
    assert [worker.load()["rooms"] for worker in workers] == [3, 3]
    for browser in browsers:
        await browser.end()


async def test_a_worker_that_hangs_is_left(
    engine: RelayEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.engines.relay.engine.MOVE_SECONDS", 0.2)
    monkeypatch.setattr("media.engines.relay.client.SILENT_SECONDS", 3.0)
    monkeypatch.setattr("media.engines.relay.client.HELLO_SECONDS", 0.5)
    greeted = 0

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal greeted
        greeted += 1
        if greeted == 1:
            writer.write(wire.dump({"event": "hello", "version": wire.VERSION, "boot": "one", "nonce": "n"}))
        await reader.read()
        writer.close()

    first, second = urls(tmp_path)
    server = await asyncio.start_unix_server(hang, wire.place(first).path)
    anna = Browser(engine, ANNA)
    async with asyncio.timeout(5):
        while not greeted:
            await asyncio.sleep(0.01)
    worker = Worker(Options(second, "secret", HERE))
    await worker.start()
    await anna.offer(15)
    assert worker.load()["participants"] == 1
    await anna.end()
    await engine.close()
    server.close()
    await worker.stop()
