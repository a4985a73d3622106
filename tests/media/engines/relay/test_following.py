"""A browser that goes on from another address in the middle of a call."""

from __future__ import annotations

import asyncio
import resource
import socket
from collections.abc import AsyncIterator
from time import process_time

import pytest

from media.engines.relay import rtcp
from media.engines.relay.client import RelayClient
from media.engines.relay.following import BURST, RATE
from media.engines.relay.forward import Pump
from media.engines.relay.leg import Leg
from media.engines.relay.sockets import Addresses, RelaySocket, open_sockets
from media.engines.relay.worker import Options, Worker
from tests.media.engines.relay.peer import HERE, SECRET, Events, Peer

TWO = Addresses(bind=("127.0.0.1", "127.0.0.2"))
REPORT = rtcp.build_receiver_report(7, ())
#: Seconds within which sound must go on.
AT_ONCE = 0.5


@pytest.fixture
async def anna(pump: Pump, client: RelayClient, events: Events) -> Peer:
    """Has two addresses, as a telephone with wifi and a mobile net."""
    peer = Peer(pump, client, events, "anna", addresses=TWO)
    await peer.join()
    return peer


@pytest.fixture
async def bent(anna: Peer, pump: Pump, client: RelayClient, events: Events) -> AsyncIterator[Peer]:
    peer = Peer(pump, client, events, "bent")
    await peer.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    for sequence in range(10):
        anna.send(sequence)
        peer.send(sequence)
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert (anna.received, peer.received) == (10, 10)
    yield peer
    assert not [m for m in events.all if m["event"] in {"lost", "away", "failed"}]


def leg_of(worker: Worker, seat: str, side: str) -> Leg:
    participant = worker._rooms["room"].room.participants[seat]
    leg = participant.publish if side == "publish" else participant.subscribe
    assert leg is not None
    return leg


def speaks_with(leg: Leg) -> set[tuple[str, int]]:
    """The addresses to which the leg's copies go, and at which it hears without its ears."""
    port = leg.port
    assert port is not None
    return {getattr(way, "__self__").getpeername()[:2] for way in (port.recv_into, port.send)}  # noqa: B009


def at(peer: Peer, leg: str) -> tuple[str, int]:
    chosen = peer.legs[leg].chosen
    assert chosen is not None
    return chosen.address


async def test_sound_goes_on_both_ways_when_a_browser_changes_its_address(
    worker: Worker, anna: Peer, bent: Peer
) -> None:
    anna.go_on_from_another_address()
    anna.report(REPORT)
    for sequence in range(10, 35):
        anna.send(sequence)
        bent.send(sequence)
        await asyncio.sleep(AT_ONCE / 25)
    heard_by_then = anna.received
    await asyncio.sleep(0.1)
    # Not a packet of hers is lost, and his reach her once she has answered.
    assert bent.received == 35
    assert heard_by_then > 20
    for side in ("publish", "subscribe"):
        assert speaks_with(leg_of(worker, "anna", side)) == {at(anna, side)}


async def test_a_browser_that_comes_back_is_followed_back(worker: Worker, anna: Peer, bent: Peer) -> None:
    connection = anna.legs["publish"]
    first = connection.chosen
    for turn in range(4):
        before = connection.chosen
        anna.go_on_from_another_address("publish")
        assert connection.chosen is not None
        connection.chosen._open = True
        if turn:
            anna._pump.watch(connection.chosen.fd, connection.chosen._readable)
        assert connection.chosen is not before
        for step in range(10):
            anna.send(10 + 10 * turn + step)
            await asyncio.sleep(0.01)
        assert speaks_with(leg_of(worker, "anna", "publish")) == {at(anna, "publish")}
    assert connection.chosen is first
    assert bent.received == 50


async def test_the_listening_leg_follows_the_publishing_one_without_a_report(
    worker: Worker, anna: Peer, bent: Peer
) -> None:
    anna.go_on_from_another_address()
    anna.look("subscribe")
    await asyncio.sleep(0.1)
    leg = leg_of(worker, "anna", "subscribe")
    # A check says nothing yet: a browser makes them on every way that it keeps in reserve.
    assert speaks_with(leg) != {at(anna, "subscribe")}
    anna.send(10)
    await asyncio.sleep(0.1)
    assert speaks_with(leg) == {at(anna, "subscribe")}
    bent.send(10)
    await asyncio.sleep(0.1)
    assert anna.received == 11


async def test_a_silent_leg_is_sought_where_checks_come_from(
    worker: Worker, pump: Pump, client: RelayClient, events: Events, anna: Peer
) -> None:
    anna.go_on_from_another_address("subscribe")
    for _ in range(30):
        anna.look("subscribe")
        anna.send(1)
        await asyncio.sleep(0.1)
    assert speaks_with(leg_of(worker, "anna", "subscribe")) == {at(anna, "subscribe")}
    assert not [m for m in events.all if m["event"] == "lost"]


async def test_a_browser_is_followed_to_another_address_of_ours(
    tmp_path_factory: pytest.TempPathFactory, pump: Pump, events: Events
) -> None:
    options = Options(f"unix://{tmp_path_factory.mktemp('two')}/w.sock", SECRET, TWO)
    worker = Worker(options)
    await worker.start()
    client = RelayClient(options.url, SECRET, events)
    client.start()
    await asyncio.wait_for(client.connected.wait(), 5)
    anna = Peer(pump, client, events, "anna", addresses=TWO)
    bent = Peer(pump, client, events, "bent")
    await anna.join()
    await bent.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    for sequence in range(5):
        anna.send(sequence)
        bent.send(sequence)
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    assert (anna.received, bent.received) == (5, 5)
    for side in ("publish", "subscribe"):
        leg, chosen = leg_of(worker, "anna", side), anna.legs[side].chosen
        assert chosen is not None
        other = next(sock for sock in leg._sockets if sock.address != chosen.sock.getpeername()[:2])
        anna.go_on_from_another_address(side, to=other.address)
    anna.report(REPORT)
    for sequence in range(5, 30):
        anna.send(sequence)
        bent.send(sequence)
        await asyncio.sleep(AT_ONCE / 25)
    await asyncio.sleep(0.1)
    assert bent.received == 30
    assert anna.received > 25
    for side in ("publish", "subscribe"):
        assert speaks_with(leg_of(worker, "anna", side)) == {at(anna, side)}
    assert not [m for m in events.all if m["event"] in {"lost", "away", "failed"}]
    await client.stop()
    await worker.stop()


# --- What moves nothing --------------------------------------------------------------------------------------


async def test_a_packet_from_an_address_that_does_not_answer_goes_on_and_moves_nothing(
    worker: Worker, anna: Peer, bent: Peer
) -> None:
    """Somebody has caught a packet and is quicker than the browser, or the sender is a false one."""
    chosen = anna.legs["publish"].chosen
    assert chosen is not None
    before = at(anna, "publish")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as stranger:
        for sequence in range(10, 30):
            stranger.sendto(anna.seal(sequence), chosen.sock.getpeername())
            await asyncio.sleep(0.01)
        assert bent.received == 30
        assert speaks_with(leg_of(worker, "anna", "publish")) == {before}
        heard = []
        while True:
            try:
                heard.append(stranger.recv(2000))
            except BlockingIOError:
                break
    # Questions without what only the browser knows, and no more than two of them.
    assert 1 <= len(heard) <= 2
    assert all(datagram[0] < 4 for datagram in heard)


async def test_a_packet_that_was_overtaken_does_not_move_the_leg_back(worker: Worker, anna: Peer, bent: Peer) -> None:
    connection = anna.legs["publish"]
    before = connection.chosen
    assert before is not None
    late = anna.seal(10)
    anna.go_on_from_another_address("publish")
    anna._pump.watch(before.fd, before._readable)
    before._open = True
    for sequence in range(11, 16):
        anna.send(sequence)
        await asyncio.sleep(0.02)
    before.sock.send(late)
    await asyncio.sleep(0.1)
    assert bent.received == 16
    assert speaks_with(leg_of(worker, "anna", "publish")) == {at(anna, "publish")}


@pytest.mark.parametrize("what", ["replayed", "forged", "checks", "cut checks"])
async def test_a_strangers_flood_costs_little_and_moves_nothing(
    worker: Worker, anna: Peer, bent: Peer, what: str
) -> None:
    chosen = anna.legs["publish"].chosen
    assert chosen is not None
    sealed = anna.seal(10)
    anna.send_raw(sealed)
    datagram = {
        "replayed": sealed,
        "forged": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "checks": bytes.fromhex("000100002112a442") + bytes(12),
        "cut checks": bytes.fromhex("000100082112a442") + bytes(12) + bytes.fromhex("0024000100000000"),
    }[what]
    leg = leg_of(worker, "anna", "publish")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        allowed = worker._pump.elsewhere._left
        sent = process_time()
        for _ in range(100):
            stranger.sendto(datagram, chosen.sock.getpeername())
        sent = (process_time() - sent) * 150
        began = process_time()
        for sequence in range(11, 161):
            for _ in range(100):
                stranger.sendto(datagram, chosen.sock.getpeername())
            anna.send(sequence)
            await asyncio.sleep(0.01)
        cost = process_time() - began - sent
    await asyncio.sleep(0.1)
    # 15,000 datagrams in some two seconds: the leg hears a burst and what it may a second, and no more.
    assert allowed - worker._pump.elsewhere._left < BURST + 10 * RATE
    assert cost < 3.0
    assert bent.received == 161
    assert speaks_with(leg) == {at(anna, "publish")}


# --- Sockets -------------------------------------------------------------------------------------------------


def second(pump: Pump) -> tuple[RelaySocket, socket.socket]:
    (sock,) = open_sockets(pump, HERE)
    pump.forget(sock.fd)
    sock.connect(("127.0.0.1", 9))
    ear = sock.second_ear()
    assert ear is not None
    return sock, ear


async def test_the_second_ear_hears_everybody_but_the_one_to_whom_the_first_is_connected(pump: Pump) -> None:
    sock, ear = second(pump)
    one, two = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    with one, two:
        for party in (one, two):
            party.bind(("127.0.0.1", 0))
        for connected, other in ((one, two), (two, one)):
            sock.connect(connected.getsockname())
            connected.sendto(b"connected", sock.address)
            other.sendto(b"other", sock.address)
            assert (sock.sock.recv(99), ear.recv(99)) == (b"connected", b"other")
            for nothing_more in (sock.sock, ear):
                with pytest.raises(BlockingIOError):
                    nothing_more.recv(99)
    sock.close()
    assert ear.fileno() == -1


@pytest.mark.parametrize("option", [0, 1])
async def test_nobody_else_gets_at_a_port_with_two_ears(pump: Pump, option: int) -> None:
    sock, _ = second(pump)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as third:
        third.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, option)
        with pytest.raises(OSError, match="in use"):
            third.bind(sock.address)
    sock.close()


async def test_without_a_file_left_there_is_no_second_ear_and_the_first_one_works(pump: Pump) -> None:
    (sock,) = open_sockets(pump, HERE)
    pump.forget(sock.fd)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as browser:
        browser.bind(("127.0.0.1", 0))
        sock.connect(browser.getsockname())
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            assert sock.second_ear() is None
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        browser.sendto(b"sound", sock.address)
        assert sock.sock.recv(99) == b"sound"
    sock.close()
