"""A browser's side of the relay without a browser: real ICE, DTLS and SRTP, and what the worker's line told."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from typing import Any, ClassVar

from bench.media.peers import Connection
from media.engines.relay import wire
from media.engines.relay.aiortc_private import Address, SrtpCall, make_certificate, protect, protect_rtcp, srtp_buffer
from media.engines.relay.client import RelayClient
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses
from media.epochs import epochs
from tests.media.engines.relay.parties import rtp_packet

HERE = Addresses(bind=("127.0.0.1",))
SECRET = "shared by web processes and workers"


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
    #: Ports of peers that have vanished: nobody answers at them, and nobody says so.
    held_ports: ClassVar[list[socket.socket]] = []

    def __init__(
        self,
        pump: Pump,
        client: RelayClient,
        events: Events,
        seat: str,
        room: str = "room",
        *,
        addresses: Addresses = HERE,
    ) -> None:
        self._pump, self._client, self._events, self._addresses = pump, client, events, addresses
        self.seat, self.room = seat, room
        self.epoch = epochs.next()
        self.legs: dict[str, Connection] = {}
        self.tracks: dict[str, Any] = {}
        #: Packets of sound, and of picture, that have come on the listening leg.
        self.received = 0
        self.pictures = 0

    async def answer(self, offer: wire.Message, *, connect: bool = True, named: Address | None = None) -> None:
        """Answer an offer, with our own addresses or the one ``named``, and connect."""
        leg = offer["leg"]
        is_new = leg not in self.legs
        if is_new:
            self.legs[leg] = Connection(self._pump, self._addresses, make_certificate(), leads=False)
            self.connections.append(self.legs[leg])
        text = await self.legs[leg].answer_to(offer["sdp"])
        if named is not None:
            text = re.sub(r"(a=candidate:.* udp \d+) \S+ \d+", rf"\1 {named[0]} {named[1]}", text)
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

    def seal(self, sequence: int, *, picture: bool = False, payload: bytes = b"sound") -> bytes:
        """A packet of ours, sealed and not sent."""
        kind, clock = (96, 900) if picture else (111, 960)
        ssrc = self.legs["publish"].ssrcs[picture]
        return self._sealed("publish", rtp_packet(ssrc, sequence, sequence * clock, payload, kind), protect)

    def send(self, sequence: int, *, picture: bool = False, payload: bytes = b"sound") -> None:
        self.send_raw(self.seal(sequence, picture=picture, payload=payload))

    def send_raw(self, datagram: bytes, leg: str = "publish") -> None:
        chosen = self.legs[leg].chosen
        assert chosen is not None
        chosen.sock.send(datagram)

    def report(self, packet: bytes, leg: str = "subscribe") -> None:
        """Send a compound of reports."""
        self.send_raw(self.sealed_report(packet, leg), leg)

    def sealed_report(self, packet: bytes, leg: str) -> bytes:
        """A compound of reports, sealed and not sent."""
        return self._sealed(leg, packet, protect_rtcp)

    def vanish(self) -> None:
        """No packet comes any more, and what is sent to the ports is neither answered nor refused."""
        for connection in self.legs.values():
            for sock in connection.sockets:
                if sock.sock.fileno() >= 0:
                    self.held_ports.append(sock.sock.dup())
                    sock.close()

    def hush(self, *, silent: bool) -> None:
        """Say nothing at all on any leg, not even to be asked; or speak again."""
        for connection in self.legs.values():
            chosen = connection.chosen
            assert chosen is not None
            chosen._open = not silent
            if silent:
                self._pump.forget(chosen.fd)
            else:
                self._pump.watch(chosen.fd, chosen._readable)

    def go_on_from_another_address(self, *legs: str, to: tuple[str, int] | None = None) -> None:
        """Change the pair of addresses without a word; at the one before, nothing is heard or said any more.

        ``to``: the relay's address, if it is another one from now on as well.
        """
        for leg in legs or ("publish", "subscribe"):
            connection = self.legs[leg]
            before = connection.chosen
            assert before is not None
            other = next(sock for sock in connection.sockets if sock is not before)
            other.connect(to or before.sock.getpeername())
            connection.chosen = other
            self._pump.forget(before.fd)
            before._open = False
            if leg == "subscribe":
                self._listen()

    def look(self, leg: str) -> None:
        """Make a connectivity check from where the leg is now."""
        connection = self.legs[leg]
        ice = connection.transport._connection
        request = ice.build_request(ice._nominated[1], nominate=False)
        request.add_message_integrity(ice.remote_password.encode())
        self.send_raw(bytes(request), leg)

    def _sealed(self, leg: str, packet: bytes, seal: SrtpCall) -> bytes:
        memory = bytearray(2048)
        memory[: len(packet)] = packet
        raw, length = srtp_buffer(memory)
        length[0] = len(packet)
        assert seal(self.legs[leg].transport.keys()[1], raw, length) == 0
        return bytes(memory[: length[0]])

    def _listen(self) -> None:
        chosen = self.legs["subscribe"].chosen
        assert chosen is not None

        def readable() -> None:
            data = chosen.sock.recv(2000)
            if data[0] < 64:
                chosen.control(data)
            self.received += data[0] > 127 and data[1] & 0x7F == 111
            self.pictures += data[0] > 127 and data[1] & 0x7F == 96

        self._pump.forget(chosen.fd)
        self._pump.watch(chosen.fd, readable)
