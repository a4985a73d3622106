"""A hundred thousand datagrams that no browser would send, into the live ports of a call that goes on."""

from __future__ import annotations

import asyncio
import logging
import random
import socket
from time import process_time
from typing import Any

import pytest

from media.engines.relay import following, rtcp, sockets
from media.engines.relay.allowance import Allowance
from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.worker import Worker
from tests.media.engines.relay.parties import rtp_packet
from tests.media.engines.relay.peer import Events, Peer

DATAGRAMS = 100_000
#: The most that all of it may cost, in seconds of this process's own time.
SECONDS = 60.0
REPORT = bytes.fromhex("80c80006000000010000000100000002000000030000000400000005")
STUN = bytes.fromhex("000100002112a442") + bytes(12)
NACK = rtcp.build_nack(1, 2, [1, 5, 90])
REMB = rtcp.build_remb(1, 500_000, [2])
BLOCK = rtcp.ReportBlock(2, 0, 0, 0, 0, 0, 0)
#: A check whose attribute is cut short: aioice raises for it.
CUT = bytes.fromhex("000100082112a442") + bytes(12) + bytes.fromhex("0024000100000000")
DTLS = bytes.fromhex("16fefd0000000000000000002001") + bytes(40)


def mutated(source: random.Random, seeds: list[bytes]) -> bytes:
    """Noise, or a datagram that was whole once."""
    kind = source.randrange(4)
    if kind == 0:
        return source.randbytes(source.randrange(0, 200))
    datagram = bytearray(source.choice(seeds))
    for position in source.sample(range(len(datagram)), source.randrange(1, 4)):
        datagram[position] ^= source.randrange(1, 256)
    return bytes(datagram[: source.randrange(len(datagram) + 1)] if kind == 1 else datagram)


def nonsense(source: random.Random) -> bytes:
    """A compound of reports that lies about its kind, its length or its content; always from the same stream."""
    kinds = [REPORT, NACK, rtcp.build_pli(1, 2), REMB, rtcp.build_receiver_report(1, [BLOCK])]
    compound = bytearray(b"".join(source.choices(kinds, k=source.randrange(1, 4))))
    for _ in range(source.randrange(1, 5)):
        compound[source.randrange(8, len(compound))] = source.randrange(256)
    compound[0] = 0x80 | source.choice([compound[0] & 0x1F, source.randrange(64)])
    compound[1] = source.choice([compound[1], source.randrange(192, 224)])
    compound[2:4] = source.choice([bytes(compound[2:4]), source.randrange(4).to_bytes(2, "big")])
    compound[4:8] = (1).to_bytes(4, "big")
    return bytes(compound[: source.choice([len(compound), 4 * source.randrange(2, len(compound) // 4 + 1)])])


async def test_the_call_goes_on_under_random_and_mutated_datagrams(
    worker: Worker,
    pump: Pump,
    client: RelayClient,
    events: Events,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # What the allowance would keep from aioice and OpenSSL shall reach them here.
    monkeypatch.setattr(sockets, "CONTROL_RATE", 1e9)
    monkeypatch.setattr(sockets, "CONTROL_BURST", 1e9)
    for name in ("RATE", "BURST", "CHECK_RATE", "CHECK_BURST"):
        monkeypatch.setattr(following, name, 1e9)
    worker._pump.elsewhere = Allowance(1e9, 1e9)
    # aioice tells every candidate at INFO; here nobody reads it.
    logging.getLogger("aioice").setLevel(logging.WARNING)
    escaped: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: escaped.append(context))
    source = random.Random(20261122)  # the same every time
    anna, bent = Peer(pump, client, events, "anna"), Peer(pump, client, events, "bent")
    await anna.join()
    await bent.join()
    await anna.answer(await events.offer("anna", "subscribe"))
    events.all.clear()

    seeds = [anna.seal(0), anna.sealed_report(REPORT, "publish"), STUN, CUT, DTLS, rtp_packet(1, 5, 5), REPORT]
    ways = [(peer, leg) for peer in (anna, bent) for leg in ("publish", "subscribe")]
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    began, sequence = process_time(), 0
    for number in range(DATAGRAMS):
        peer, leg = source.choice(ways)
        if number % 3:
            peer.send_raw(mutated(source, seeds), leg)
        else:
            chosen = peer.legs[leg].chosen
            assert chosen is not None
            stranger.sendto(mutated(source, seeds), chosen.sock.getpeername())
        if number % 10 == 0:
            # Whoever has keys may still send any nonsense, well sealed.
            peer.report(nonsense(source), leg)
        if number % 40 == 0:
            sequence += 1
            anna.send(sequence)
            await asyncio.sleep(0.002)
    await asyncio.sleep(0.2)
    stranger.close()

    assert process_time() - began < SECONDS
    assert escaped == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert [m for m in events.all if m["event"] in {"lost", "away", "failed"}] == []
    assert bent.received == sequence
    bent.send(1)
    await asyncio.sleep(0.1)
    assert anna.received == 1
    assert worker.load()["participants"] == 2
