"""The network that tests put under a worker does what it says."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.poor_worker import Network, PoorSocket


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that says how bad it is."""
    monkeypatch.setenv("POOR_FILE", str(tmp_path / "network.json"))
    return tmp_path / "network.json"


@pytest.fixture
def pair(told: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[PoorSocket, socket.socket]]:
    """A socket on the poor network, and one outside."""
    monkeypatch.setattr(PoorSocket, "network", Network(), raising=False)
    inside, outside = PoorSocket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for sock in (inside, outside):
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_000_000)
        sock.bind(("127.0.0.1", 0))
    inside.connect(outside.getsockname())
    outside.connect(inside.getsockname())
    yield inside, outside
    inside.close()
    outside.close()


def came(sock: socket.socket) -> int:
    count = 0
    while True:
        try:
            sock.recv_into(bytearray(2000))
        except BlockingIOError:
            return count
        count += 1


def sent(sender: socket.socket, receiver: socket.socket, count: int) -> int:
    """How many of ``count`` datagrams come, one after the other."""
    total = 0
    for _ in range(count):
        sender.send(bytes(100))
        total += came(receiver)
    return total


def test_without_a_word_nothing_is_lost(pair: tuple[PoorSocket, socket.socket]) -> None:
    inside, outside = pair
    assert sent(inside, outside, 200) == 200
    assert sent(outside, inside, 200) == 200


def test_the_share_that_is_told_is_lost_both_ways(pair: tuple[PoorSocket, socket.socket], told: Path) -> None:
    inside, outside = pair
    told.write_text(json.dumps({"loss": 0.2}))
    for sender, receiver in ((inside, outside), (outside, inside)):
        assert 0.7 < sent(sender, receiver, 1000) / 1000 < 0.9


async def test_the_way_down_carries_no_more_than_is_told(pair: tuple[PoorSocket, socket.socket], told: Path) -> None:
    inside, outside = pair
    told.write_text(json.dumps({"kbps": 80}))
    for _ in range(200):
        inside.send(bytes(100))
    assert came(outside) == 0
    await asyncio.sleep(0.6)
    # 0.3 seconds of 80 kbit/s are 30 datagrams of 100 octets; the rest was lost.
    assert came(outside) == 31


def test_a_half_written_file_changes_nothing(pair: tuple[PoorSocket, socket.socket], told: Path) -> None:
    inside, outside = pair
    told.write_text('{"loss": 1')
    assert sent(inside, outside, 50) == 50
