"""A worker that is attacked, runs out of ports, or loses the web process that spoke with it."""

from __future__ import annotations

import asyncio
import random
import socket
from pathlib import Path

import pytest

from media.engines.relay import room as room_module
from media.engines.relay import worker as worker_module
from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses
from media.engines.relay.worker import Options, Worker
from media.epochs import epochs
from tests.media.engines.relay.peer import SECRET, Events, Peer


async def speaking(pump: Pump, client: RelayClient, events: Events, room: str = "room") -> tuple[Peer, Peer]:
    """Two who hear each other."""
    anna, bent = Peer(pump, client, events, "anna", room), Peer(pump, client, events, "bent", room)
    await anna.join()
    await bent.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    return anna, bent


def forged(sealed: bytes) -> bytes:
    """A packet whose seal is wrong by one bit, whatever the seal was."""
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


# --- Datagrams ------------------------------------------------------------------------------------------------


async def test_replayed_truncated_and_mutated_packets_reach_nobody_and_the_call_goes_on(
    pump: Pump, client: RelayClient, events: Events
) -> None:
    source = random.Random(5)  # the same every time
    anna, bent = await speaking(pump, client, events)
    for sequence in range(20):
        sealed = anna.seal(sequence)
        mutated = bytearray(sealed)
        mutated[source.randrange(12, len(mutated))] ^= 1 + source.randrange(255)
        for datagram in (bytes(mutated), sealed[:-1], sealed[: source.randrange(len(sealed))], b"", sealed, sealed):
            anna.send_raw(datagram)
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.1)
    assert bent.received == 20
    bent.send(1)
    await asyncio.sleep(0.1)
    assert anna.received == 1
    assert not [m for m in events.all if m["event"] in {"lost", "away"}]


async def test_a_flood_of_one_participant_changes_nothing_for_another_room(
    pump: Pump, client: RelayClient, events: Events
) -> None:
    loud, _ = await speaking(pump, client, events, "loud")
    events.all.clear()
    anna, bent = await speaking(pump, client, events, "calm")
    for sequence in range(50):
        for _ in range(100):
            loud.send_raw(forged(loud.seal(0)))
        anna.send(sequence)
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    assert bent.received == 50


async def test_a_strangers_flood_at_the_ports_of_a_call_changes_nothing(
    worker: Worker, pump: Pump, client: RelayClient, events: Events
) -> None:
    anna, bent = await speaking(pump, client, events)
    chosen = anna.legs["publish"].chosen
    assert chosen is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for sequence in range(30):
            for _ in range(200):
                stranger.sendto(forged(anna.seal(1000 + sequence)), chosen.sock.getpeername())
                stranger.sendto(bytes.fromhex("000100002112a442") + bytes(12), chosen.sock.getpeername())
            anna.send(sequence)
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert bent.received == 30
    assert not [m for m in events.all if m["event"] == "lost"]


# --- Those who are gone ----------------------------------------------------------------------------------------


async def test_another_web_process_takes_over_after_the_first_has_died(
    worker: Worker, options: Options, pump: Pump, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "ORPHAN_SECONDS", 2.0)
    first = RelayClient(options.url, SECRET, events)
    first.start()
    await asyncio.wait_for(first.connected.wait(), 5)
    anna, bent = await speaking(pump, first, events)
    await first.stop()
    await asyncio.sleep(1)
    others = Events()
    second = RelayClient(options.url, SECRET, others)
    second.join("room", "anna", anna.epoch, resume=True)
    second.start()
    await others.wait(lambda m: m["event"] == "away" and m["who"] == "bent" and not m["away"], 3)
    bent.send(1)
    await asyncio.sleep(0.1)
    assert anna.received == 1
    # For Bent nobody came: he is let go, and Anna is offered the sections without him.
    offer = await others.offer("anna", "subscribe", 5)
    assert offer["tracks"] == {}
    assert worker.load()["participants"] == 1
    await second.stop()


async def test_a_room_whose_web_process_died_is_forgotten(
    worker: Worker, options: Options, pump: Pump, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "ORPHAN_SECONDS", 0.5)
    client = RelayClient(options.url, SECRET, events)
    client.start()
    await asyncio.wait_for(client.connected.wait(), 5)
    await speaking(pump, client, events)
    await client.stop()
    async with asyncio.timeout(5):
        while worker.load()["rooms"]:
            await asyncio.sleep(0.1)


async def test_a_participant_without_connections_is_forgotten_and_so_is_an_empty_room(
    worker: Worker, pump: Pump, client: RelayClient, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "FORGET_SECONDS", 1.0)
    anna = Peer(pump, client, events, "anna")
    await anna.join()
    for connection in anna.legs.values():
        await connection.transport.close()
    await events.wait(lambda m: m["event"] == "lost", 3)
    assert worker.load()["participants"] == 1
    async with asyncio.timeout(5):
        while worker.load()["rooms"]:
            await asyncio.sleep(0.1)


async def test_a_closed_room_lets_everybody_go(worker: Worker, pump: Pump, client: RelayClient, events: Events) -> None:
    anna, bent = await speaking(pump, client, events)
    gone = [asyncio.Event() for _ in range(2)]
    for peer, event in zip((anna, bent), gone, strict=True):
        peer.legs["publish"].transport.on_closed(event.set)
    client.close("room")
    await asyncio.wait_for(asyncio.gather(*(event.wait() for event in gone)), 3)
    assert worker.load()["rooms"] == 0


# --- Ports and addresses ----------------------------------------------------------------------------------------


async def running(folder: Path, addresses: Addresses) -> tuple[Worker, RelayClient, Events]:
    options = Options(f"unix://{folder}/w.sock", SECRET, addresses)
    worker, events = Worker(options), Events()
    await worker.start()
    client = RelayClient(options.url, SECRET, events)
    client.start()
    await asyncio.wait_for(client.connected.wait(), 5)
    return worker, client, events


async def test_ports_that_ran_out_are_there_again_when_somebody_has_left(tmp_path: Path) -> None:
    worker, client, events = await running(tmp_path, Addresses(bind=("127.0.0.1",), ports=(47400, 47402)))
    first, second = epochs.next(), epochs.next()
    client.join("room", "anna", first)
    await events.offer("anna", "publish")
    # A participant needs two ports, and one is left.
    client.join("room", "bent", second)
    failed = await events.wait(lambda m: m["event"] == "failed", 3)
    assert (failed["seat"], failed["epoch"], failed["code"]) == ("bent", second, "no_port")
    assert worker.load()["participants"] == 1
    client.leave("room", "anna")
    async with asyncio.timeout(5):
        while worker.load()["participants"]:
            await asyncio.sleep(0.05)
    await asyncio.sleep(1.1)
    client.join("room", "bent", epochs.next())
    await events.offer("bent", "publish", 3)
    await client.stop()
    await worker.stop()


async def test_every_address_is_offered_and_each_of_them_works(tmp_path: Path, pump: Pump) -> None:
    worker, client, events = await running(tmp_path, Addresses(bind=("127.0.0.1", "127.0.0.2")))
    client.join("room", "anna", epochs.next())
    offer = await events.offer("anna", "publish")
    lines = [line.split() for line in offer["sdp"].splitlines() if line.startswith("a=candidate")]
    assert [words[4] for words in lines] == ["127.0.0.1", "127.0.0.2"]
    assert int(lines[0][3]) > int(lines[1][3])
    for number, (kept, dropped) in enumerate((("127.0.0.1", "127.0.0.2"), ("127.0.0.2", "127.0.0.1"))):
        peer = Peer(pump, client, events, f"seat{number}")
        client.join("room", peer.seat, peer.epoch)
        offer = await events.offer(peer.seat, "publish")
        text = "\r\n".join(line for line in offer["sdp"].splitlines() if f" {dropped} " not in line)
        leg = worker._rooms["room"].room.participants[peer.seat].publish
        assert leg is not None
        (silent,) = [sock for sock in leg._sockets if sock.address[0] == dropped]
        # Nor does the relay look from there whether the browser answers.
        silent.sendto = lambda data, address: None  # type: ignore[method-assign]
        await peer.answer({**offer, "sdp": text})
        chosen = peer.legs["publish"].chosen
        assert chosen is not None
        assert chosen.sock.getpeername()[0] == kept
    await client.stop()
    await worker.stop()


async def test_a_public_address_stands_in_place_of_every_ipv4_address_and_of_no_other(tmp_path: Path) -> None:
    addresses = Addresses(bind=("127.0.0.1", "::1"), public="192.0.2.7")
    worker, client, events = await running(tmp_path, addresses)
    client.join("room", "anna", epochs.next())
    offer = await events.offer("anna", "publish")
    lines = [line.split() for line in offer["sdp"].splitlines() if line.startswith("a=candidate")]
    assert [words[4] for words in lines] == ["192.0.2.7", "::1"]
    await client.stop()
    await worker.stop()
