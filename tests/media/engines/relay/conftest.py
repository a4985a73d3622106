"""A worker in this process, a line to it, and a pump for the peers that connect to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.worker import Options, Worker
from tests.media.engines.relay.peer import HERE, SECRET, Events, Peer


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(f"unix://{tmp_path}/worker.sock", SECRET, HERE)


@pytest.fixture
async def worker(options: Options) -> AsyncIterator[Worker]:
    made = Worker(options)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
async def client(worker: Worker, options: Options, events: Events) -> AsyncIterator[RelayClient]:
    made = RelayClient(options.url, SECRET, events)
    made.start()
    await asyncio.wait_for(made.connected.wait(), 5)
    yield made
    await made.stop()


@pytest.fixture
async def pump() -> AsyncIterator[Pump]:
    made = Pump(asyncio.get_running_loop())
    yield made
    for connection in Peer.connections:
        await connection.transport.close()
        for sock in connection.sockets:
            sock.close()
            # Also of a peer that was made to say nothing.
            sock.sock.close()
    Peer.connections.clear()
    for held in Peer.held_ports:
        held.close()
    Peer.held_ports.clear()
    made.close()
