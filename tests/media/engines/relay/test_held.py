"""How often a seat may connect anew, and what a worker keeps of seats that have gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest

from media.engines.relay import wire
from media.engines.relay.held import JOIN_BURST
from media.engines.relay.worker import Options, Worker
from tests.media.engines.relay.peer import SECRET


class WebProcess:
    """A line to a worker on which anything can be said."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def say(self, action: str, epoch: int, seat: str = "anna") -> None:
        self._writer.write(wire.dump({"do": action, "room": "room", "seat": seat, "epoch": epoch}))

    async def offered(self, seconds: float) -> list[int]:
        """The epochs under which publishing was offered to Anna during these seconds."""
        found: list[int] = []
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            try:
                message = wire.load(await asyncio.wait_for(self._reader.readline(), left))
            except TimeoutError:
                break
            if (message["event"], message.get("seat"), message.get("leg")) == ("offer", "anna", "publish"):
                found.append(message["epoch"])
        return found

    async def hang_up(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


@pytest.fixture
async def line(worker: Worker, options: Options) -> AsyncIterator[WebProcess]:
    reader, writer = await asyncio.open_unix_connection(wire.place(options.url).path)
    hello = wire.load(await reader.readline())
    writer.write(wire.dump({"do": "hello", "proof": wire.prove(SECRET, hello["nonce"])}))
    made = WebProcess(reader, writer)
    yield made
    await made.hang_up()


async def test_who_asks_for_ever_new_connections_gets_a_few_and_the_newest_in_the_end(line: WebProcess) -> None:
    for epoch in range(1, 101):
        line.say("join", epoch)
    assert await line.offered(1.5) == [*range(1, int(JOIN_BURST) + 1), 100]
    # A second later all is as ever.
    line.say("join", 101)
    assert await line.offered(0.5) == [101]


async def test_who_leaves_meanwhile_is_not_brought_back(worker: Worker, line: WebProcess) -> None:
    for epoch in range(1, 11):
        line.say("join", epoch)
    line.say("leave", 10)
    assert await line.offered(2.2) == [*range(1, int(JOIN_BURST) + 1)]
    assert worker.load()["rooms"] == 0


async def test_a_web_process_that_goes_takes_its_wishes_with_it(worker: Worker, line: WebProcess) -> None:
    for epoch in range(1, 11):
        line.say("join", epoch)
    await line.offered(0.1)
    await line.hang_up()
    await asyncio.sleep(1.2)
    held = worker._rooms["room"]
    assert held.room.participants["anna"].epoch == int(JOIN_BURST)
    assert held.later == held.owners == {}
    assert set(held.orphans) == {"anna"}


async def test_of_seats_that_have_left_nothing_is_kept(worker: Worker, line: WebProcess) -> None:
    line.say("join", 1, "bent")
    for number in range(10):
        line.say("join", 1, f"seat{number}")
        line.say("leave", 1, f"seat{number}")
    await line.offered(1.2)
    held = worker._rooms["room"]
    assert set(held.owners) == set(held._joins) == {"bent"}
