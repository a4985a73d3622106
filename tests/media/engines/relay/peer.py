"""A browser's side of the relay without a browser: real ICE, DTLS and SRTP, and what the worker's line told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from bench.media.peers import Connection
from media.engines.relay import wire
from media.engines.relay.aiortc_private import make_certificate, protect, srtp_buffer
from media.engines.relay.client import RelayClient, epochs
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses
from tests.media.engines.relay.parties import rtp_packet

HERE = Addresses(bind=("127.0.0.1",))


class Events:
    """What a client was told, and a way to wait for it."""

    def __init__(self) -> None:
        self.all: list[wire.Message] = []
        self._news = asyncio.Event()

    def __call__(self, message: wire.Message) -> None:
        self.all.append(message)
        self._news.set()

    async def wait(self, matches: Callable[[wire.Message], bool], seconds: float = 10) -> wire.Message:
        async with asyncio.timeout(seconds):
            while True:
                for message in self.all:
                    if matches(message):
                        self.all.remove(message)
                        return message
                self._news.clear()
                await self._news.wait()

    async def offer(self, seat: str, leg: str, seconds: float = 10) -> wire.Message:
        return await self.wait(lambda m: m["event"] == "offer" and m["seat"] == seat and m["leg"] == leg, seconds)


class Peer:
    """A browser's side of one seat."""

    #: Every peer's connections of this test, to be closed at its end.
    connections: ClassVar[list[Connection]] = []

    def __init__(self, pump: Pump, client: RelayClient, events: Events, seat: str, room: str = "room") -> None:
        self._pump, self._client, self._events = pump, client, events
        self.seat, self.room = seat, room
        self.epoch = epochs.next()
        self.legs: dict[str, Connection] = {}
        self.tracks: dict[str, Any] = {}
        #: Packets of sound that have come on the listening leg.
        self.received = 0

    async def answer(self, offer: wire.Message, *, connect: bool = True) -> None:
        leg = offer["leg"]
        is_new = leg not in self.legs
        if is_new:
            self.legs[leg] = Connection(self._pump, HERE, make_certificate(), leads=False)
            self.connections.append(self.legs[leg])
        text = await self.legs[leg].answer_to(offer["sdp"])
        self._client.say("answer", self.room, self.seat, self.epoch, leg=leg, revision=offer["revision"], sdp=text)
        if leg == "subscribe":
            self.tracks = offer["tracks"]
        if is_new and connect:
            await self.legs[leg].connect(offer["sdp"])
            if leg == "subscribe":
                self._listen()
            await self._events.wait(lambda m: m["event"] == "up" and m["seat"] == self.seat and m["leg"] == leg)

    async def join(self) -> None:
        self._client.join(self.room, self.seat, self.epoch)
        await self.answer(await self._events.offer(self.seat, "publish"))
        await self.answer(await self._events.offer(self.seat, "subscribe"))

    def send(self, sequence: int) -> None:
        chosen = self.legs["publish"].chosen
        assert chosen is not None
        packet = rtp_packet(self.legs["publish"].ssrcs[0], sequence, sequence * 960, b"sound", 111)
        memory = bytearray(2048)
        memory[: len(packet)] = packet
        raw, length = srtp_buffer(memory)
        length[0] = len(packet)
        assert protect(self.legs["publish"].transport.keys()[1], raw, length) == 0
        chosen.sock.send(memory[: length[0]])

    def _listen(self) -> None:
        chosen = self.legs["subscribe"].chosen
        assert chosen is not None

        def readable() -> None:
            data = chosen.sock.recv(2000)
            if data[0] < 64:
                chosen.control(data)
            self.received += data[0] > 127 and data[1] & 0x7F == 111

        self._pump.forget(chosen.fd)
        self._pump.watch(chosen.fd, readable)
