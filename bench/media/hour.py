"""Joins and leaves for an hour, a process of its own: does the worker's memory grow?

usage: python -m bench.media.hour --url URL --pid PID --minutes 60 --out FILE

Every second a call comes and another goes, so that about twenty stand at any time; everybody connects with real ICE,
DTLS and SRTP, and sends a little sound and picture. Ends with 1 when memory grew by 5 % or more after the first ten
minutes (of a shorter run: after its first third).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
from collections import deque
from pathlib import Path
from time import monotonic
from typing import Any

from bench.media.clocks import cpu_of, memory_of
from bench.media.peers import Connection
from bench.media.report import conditions
from media.engines.relay import wire
from media.engines.relay.aiortc_private import make_certificate, protect, srtp_buffer
from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses
from media.epochs import epochs

#: Calls that come in a second, and that stand at the same time.
CALLS_A_SECOND, STANDING = 1.0, 20
MOST_GROWTH = 0.05
SETTLING_MINUTES = 10
PATIENCE = 30.0
PACKETS = 25


class Visitor:
    """One seat's two connections, from coming to going."""

    def __init__(self, pump: Pump, addresses: Addresses, client: RelayClient, room: str, seat: str) -> None:
        self.room, self.seat, self.epoch = room, seat, epochs.next()
        self.heard: asyncio.Queue[wire.Message] = asyncio.Queue()
        self._pump, self._addresses, self._client = pump, addresses, client
        self._legs: dict[str, Connection] = {}

    async def come(self) -> None:
        self._client.join(self.room, self.seat, self.epoch)
        up: set[str] = set()
        connecting: list[asyncio.Task[None]] = []
        while len(up) < 2:
            message = await asyncio.wait_for(self.heard.get(), PATIENCE)
            if message["event"] == "up":
                up.add(message["leg"])
            elif message["event"] == "offer":
                task = await self._answer(message)
                if task is not None:
                    connecting.append(task)
        await asyncio.gather(*connecting)

    async def _answer(self, offer: wire.Message) -> asyncio.Task[None] | None:
        leg, is_new = offer["leg"], offer["leg"] not in self._legs
        if is_new:
            self._legs[leg] = Connection(self._pump, self._addresses, CERTIFICATE, leads=False)
        text = await self._legs[leg].answer_to(offer["sdp"])
        members = {"leg": leg, "revision": offer["revision"], "sdp": text}
        self._client.say("answer", self.room, self.seat, self.epoch, **members)
        return asyncio.get_running_loop().create_task(self._legs[leg].connect(offer["sdp"])) if is_new else None

    async def talk(self) -> None:
        """Half a second of sound and picture, and answers to what is offered meanwhile."""
        connection = self._legs["publish"]
        memory = bytearray(2048)
        raw, length = srtp_buffer(memory)
        for sequence in range(PACKETS):
            for ssrc, kind, octets in zip(connection.ssrcs, (111, 96), (80, 984), strict=True):
                head = bytes((0x80, kind)) + sequence.to_bytes(2, "big") + (sequence * 900).to_bytes(4, "big")
                packet = head + ssrc.to_bytes(4, "big") + bytes(octets)
                memory[: len(packet)] = packet
                length[0] = len(packet)
                if connection.chosen is not None and protect(connection.transport.keys()[1], raw, length) == 0:
                    connection.chosen.sock.send(memory[: length[0]])
            while not self.heard.empty():
                message = self.heard.get_nowait()
                if message["event"] == "offer":
                    await self._answer(message)
            await asyncio.sleep(0.02)

    async def go(self) -> None:
        """Leave, and close the connections."""
        self._client.leave(self.room, self.seat)
        for connection in self._legs.values():
            await connection.transport.close()
            for sock in connection.sockets:
                sock.close()


CERTIFICATE = make_certificate()


async def visit(minutes: int, url: str, pid: int, address: str) -> dict[str, Any]:
    """Calls come and go for so many minutes; the worker's memory once a minute."""
    pump, addresses = Pump(asyncio.get_running_loop()), Addresses(bind=(address,))
    visitors: dict[tuple[str, str], Visitor] = {}

    def told(message: wire.Message) -> None:
        visitor = visitors.get((message["room"], message["seat"]))
        if visitor is not None:
            visitor.heard.put_nowait(message)

    client = RelayClient(url, os.environ["BENCH_SECRET"], told)
    client.start()
    await asyncio.wait_for(client.connected.wait(), PATIENCE)
    standing: deque[list[Visitor]] = deque()
    memory: list[float] = []
    began, number, used = monotonic(), 0, cpu_of(pid)
    while monotonic() - began < 60 * minutes:
        number += 1
        call = [Visitor(pump, addresses, client, f"hour{number}", seat) for seat in ("a", "b")]
        visitors.update({(visitor.room, visitor.seat): visitor for visitor in call})
        await asyncio.gather(*(visitor.come() for visitor in call))
        await asyncio.gather(*(visitor.talk() for visitor in call))
        standing.append(call)
        if len(standing) > STANDING:
            leaving = standing[random.randrange(len(standing))]
            standing.remove(leaving)
            for visitor in leaving:
                await visitor.go()
                del visitors[visitor.room, visitor.seat]
        if monotonic() - began >= 60 * (len(memory) + 1):
            memory.append(memory_of(pid))
            print(f"minute {len(memory)}: {memory[-1]:.1f} MB, {number} calls", flush=True)
        await asyncio.sleep(max(0.0, began + number / CALLS_A_SECOND - monotonic()))
    if len(memory) < minutes:
        memory.append(memory_of(pid))
    await client.stop()
    return {"calls": number, "memory_mb_each_minute": memory, "cpu_seconds": cpu_of(pid) - used, **verdict(memory)}


def verdict(memory: list[float]) -> dict[str, Any]:
    """How much memory grew after the first ten minutes, or after the first third of a shorter run."""
    settled = SETTLING_MINUTES if len(memory) > 3 * SETTLING_MINUTES else max(1, len(memory) // 3)
    if len(memory) <= settled:
        return {"settled_after_minutes": settled, "growth": None, "is_bounded": False}
    growth = memory[-1] / memory[settled - 1] - 1
    return {"settled_after_minutes": settled, "growth": growth, "is_bounded": growth < MOST_GROWTH}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--address", default="10.99.0.1")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    found = asyncio.run(visit(arguments.minutes, arguments.url, arguments.pid, arguments.address))
    result = {"conditions": conditions(), "calls_a_second": CALLS_A_SECOND, "standing": STANDING, **found}
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    growth = "too short to say" if found["growth"] is None else f"{found['growth']:.2%}"
    print(f"memory after minute {found['settled_after_minutes']}: {growth} (bound: under {MOST_GROWTH:.0%})")
    sys.exit(0 if found["is_bounded"] else 1)


if __name__ == "__main__":
    main()
