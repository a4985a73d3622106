"""Peers of the load generator: real ICE, DTLS and SRTP, made of the relay's own lower parts.

A publisher sends sound (50 packets a second) and picture (100 a second, 800 kbit/s); the moment of sending is written
into every payload, before it is sealed. A listener opens every packet, and reports once a second as browsers do.
"""

from __future__ import annotations

import random
import re
import select
from collections.abc import Callable
from dataclasses import dataclass, field
from struct import Struct
from time import perf_counter_ns
from typing import Any

from aiortc import RTCCertificate

from media.engines.relay import rtcp
from media.engines.relay.aiortc_private import (
    RemoteParameters,
    Transport,
    make_certificate,
    protect,
    protect_rtcp,
    srtp_buffer,
    unprotect,
)
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses, RelaySocket, open_sockets

AUDIO_PAYLOAD, VIDEO_PAYLOAD = 80, 984
#: One turn of the wheel: sound once, picture twice.
PERIOD_NS = 20_000_000
_HEADER = Struct(">BBHII")
_MOMENT = Struct(">Q")
_AUDIO_EXTENSION = bytes.fromhex("bede0001 10 aa 0000".replace(" ", ""))
LATENCY_STEPS = 5000
LATENCY_STEP_NS = 100_000
#: Packets in one go, about 2 ms of work.
MOST_AT_ONCE = 256


def description_of(text: str) -> tuple[RemoteParameters, list[str]]:
    """Keys and candidates of an offer or an answer."""

    def first(name: str) -> str:
        found = re.search(rf"^a={name}:(.*?)\r?$", text, re.MULTILINE)
        return found[1] if found else ""

    algorithm, _, digest = first("fingerprint").partition(" ")
    remote = RemoteParameters(
        first("ice-ufrag"), first("ice-pwd"), ((algorithm.lower(), digest),), first("setup") == "active"
    )
    return remote, re.findall(r"^a=candidate:(.*?)\r?$", text, re.MULTILINE)


class Connection:
    """One peer connection of the generator."""

    def __init__(self, pump: Pump, addresses: Addresses, certificate: RTCCertificate, *, leads: bool) -> None:
        self.sockets = open_sockets(pump, addresses)
        self.transport = Transport(certificate, [(sock.endpoint, sock) for sock in self.sockets], leads=leads)
        self.pump = pump
        for sock in self.sockets:
            sock.transport = self.transport
        self.ssrcs = (random.getrandbits(31) | 1, random.getrandbits(31) | 2)
        self.chosen: RelaySocket | None = None

    async def keys_of(self) -> list[str]:
        """Our own lines for every section."""
        local = await self.transport.gather()
        return [
            f"a=ice-ufrag:{local.username}",
            f"a=ice-pwd:{local.password}",
            f"a=fingerprint:sha-256 {local.fingerprint}",
            *(f"a=candidate:{line}" for line in local.candidates),
        ]

    async def answer_to(self, offer: str) -> str:
        """An answer that takes everything as it is offered; where the other side receives, we send."""
        own = await self.keys_of()
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        lines += [line for line in offer.splitlines() if line.startswith("a=group")]
        senders = 0
        dropped = ("a=ice", "a=fingerprint", "a=candidate", "a=end-of", "a=ssrc", "a=msid", "a=setup", "a=group")
        for line in re.split(r"^(?=m=)", offer, flags=re.MULTILINE)[1:]:
            for part in line.splitlines():
                if part.startswith(dropped):
                    continue
                if part == "a=recvonly":
                    if senders < 2:
                        lines += ["a=sendonly", f"a=ssrc:{self.ssrcs[senders]} cname:bench"]
                        senders += 1
                    else:
                        lines.append("a=inactive")
                    continue
                lines.append("a=recvonly" if part == "a=sendonly" else part)
            lines += [*own, "a=setup:active"]
        return "\r\n".join(lines) + "\r\n"

    async def offer(self) -> str:
        """An offer to send sound and picture, for a server that wants one."""
        own = await self.keys_of()
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
        lines += ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:0", "a=rtpmap:111 opus/48000/2"]
        lines += [f"a=ssrc:{self.ssrcs[0]} cname:bench", "a=sendonly", "a=rtcp-mux", "a=setup:actpass", *own]
        lines += ["m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:1", "a=rtpmap:96 VP8/90000"]
        lines += ["a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 goog-remb"]
        lines += [f"a=ssrc:{self.ssrcs[1]} cname:bench", "a=sendonly", "a=rtcp-mux", "a=setup:actpass", *own]
        return "\r\n".join(lines) + "\r\n"

    async def find_pair(self, text: str) -> bool:
        """ICE with the side that ``text`` describes, and no more. False where no pair of addresses works."""
        remote, candidates = description_of(text)
        for line in candidates:
            await self.transport.add_candidate(line)
        return await self.transport.connect(remote)

    async def connect(self, text: str) -> None:
        """ICE and DTLS with the side that ``text`` describes. Raises ConnectionError."""
        if not await self.find_pair(text) or not await self.transport.handshake():
            raise ConnectionError("a peer of the generator could not connect")
        nominated = self.transport.nominated()
        if nominated is None:
            raise ConnectionError("no pair of addresses")
        self.chosen = next(sock for sock in self.sockets if sock.endpoint is nominated[0])
        self.chosen.connect(nominated[1])


@dataclass(slots=True)
class Sending:
    """One stream that the generator sends."""

    template: bytes
    moment_at: int
    send: Callable[[memoryview], int]
    session: Any
    ssrc: int
    kind: int
    step: int
    sequence: int = field(default_factory=lambda: random.getrandbits(15))
    timestamp: int = field(default_factory=lambda: random.getrandbits(31))


class Load:
    """Everything that is sent and received once all peers are connected."""

    def __init__(self) -> None:
        self.wheel: list[tuple[int, Sending]] = []
        self.listeners: dict[int, tuple[Callable[[memoryview], int], Any, RelaySocket]] = {}
        self.publishers: dict[int, tuple[Callable[[memoryview], int], RelaySocket]] = {}
        self.epoll = select.epoll()
        self.memory = bytearray(2048)
        self.view = memoryview(self.memory)
        self.raw, self.length = srtp_buffer(self.memory)
        self.reports: list[tuple[Callable[[memoryview], int], Any]] = []
        self.window = (0, 0)
        self.sent = 0
        self.received = 0
        self.refused = 0
        self.latency = [0] * LATENCY_STEPS
        self.lateness = [0] * LATENCY_STEPS
        self.certificate = make_certificate()
        self._at = 0
        self._turn = 0
        self._reported = 0

    def add_publisher(self, connection: Connection) -> None:
        chosen = connection.chosen
        if chosen is None:
            raise ConnectionError("not connected")
        _, tx = connection.transport.keys()
        phase = random.randrange(PERIOD_NS)
        audio, video = connection.ssrcs
        sound = _template(111, audio, AUDIO_PAYLOAD, extension=True), 20
        picture = _template(96, video, VIDEO_PAYLOAD, extension=False), 12
        send = chosen.sock.send
        self.wheel.append((phase, Sending(*sound, send, tx, audio, 111, 960)))
        stream = Sending(*picture, send, tx, video, 96, 900)
        for shift in (3_000_000, 13_000_000):
            self.wheel.append(((phase + shift) % PERIOD_NS, stream))
        connection.pump.forget(chosen.fd)
        self.publishers[chosen.fd] = (chosen.sock.recv_into, chosen)
        self.epoll.register(chosen.fd, select.EPOLLIN)

    def add_listener(self, connection: Connection) -> None:
        chosen = connection.chosen
        if chosen is None:
            raise ConnectionError("not connected")
        rx, tx = connection.transport.keys()
        connection.pump.forget(chosen.fd)
        self.listeners[chosen.fd] = (chosen.sock.recv_into, rx, chosen)
        self.reports.append((chosen.sock.send, tx))
        self.epoll.register(chosen.fd, select.EPOLLIN)

    def begin(self, now: int) -> None:
        self.wheel.sort(key=lambda entry: entry[0])
        self._turn = now
        self._at = 0
        self._reported = now

    def send_due(self) -> None:
        """Send what is due, and note how late it was."""
        now = perf_counter_ns()
        memory, view, raw, length, wheel = self.memory, self.view, self.raw, self.length, self.wheel
        first, last = self.window
        while True:
            offset, stream = wheel[self._at]
            due = self._turn + offset
            if due > now:
                break
            octets = len(stream.template)
            view[:octets] = stream.template
            moment = perf_counter_ns()
            stream.sequence = stream.sequence + 1 & 0xFFFF
            stream.timestamp = stream.timestamp + stream.step & 0xFFFFFFFF
            _HEADER.pack_into(
                memory, 0, stream.template[0], stream.kind, stream.sequence, stream.timestamp, stream.ssrc
            )
            _MOMENT.pack_into(memory, stream.moment_at, moment)
            length[0] = octets
            protect(stream.session, raw, length)
            try:
                stream.send(view[: length[0]])
            except OSError:
                self.refused += 1
            if first <= moment < last:
                self.sent += 1
                step = (moment - due) // LATENCY_STEP_NS
                self.lateness[step if step < LATENCY_STEPS else LATENCY_STEPS - 1] += 1
            self._at += 1
            if self._at == len(wheel):
                self._at = 0
                self._turn += PERIOD_NS
        if now - self._reported > 1_000_000_000:
            self._reported = now
            self._report()

    def _report(self) -> None:
        packet = rtcp.build_receiver_report(7, ())
        for send, session in self.reports:
            self.view[: len(packet)] = packet
            self.length[0] = len(packet)
            protect_rtcp(session, self.raw, self.length)
            try:
                send(self.view[: self.length[0]])
            except OSError:
                self.refused += 1

    def receive(self) -> bool:
        """Open and measure what has come. True: a full share of it, and there may be more.

        No more than that in one go: a server that is behind sends in bursts, and a generator that took them whole
        would be late itself.
        """
        memory, view, raw, length = self.memory, self.view, self.raw, self.length
        listeners, latency = self.listeners, self.latency
        first, last = self.window
        into = view[:1500]
        events = self.epoll.poll(0, MOST_AT_ONCE)
        for fd, _ in events:
            listener = listeners.get(fd)
            try:
                octets = listener[0](into) if listener else self.publishers[fd][0](into)
            except OSError:
                continue
            if memory[0] < 128:
                (listener[2] if listener else self.publishers[fd][1]).control(bytes(view[:octets]))
                continue
            if listener is None or 191 < memory[1] < 224:
                continue
            length[0] = octets
            if unprotect(listener[1], raw, length):
                continue
            at = 12
            if memory[0] & 0x10:  # Janus adds extensions of its own
                at = 16 + 4 * (memory[14] << 8 | memory[15])
            moment = _MOMENT.unpack_from(memory, at)[0]
            if first <= moment < last:
                self.received += 1
                step = (perf_counter_ns() - moment) // LATENCY_STEP_NS
                latency[step if step < LATENCY_STEPS else LATENCY_STEPS - 1] += 1
        return len(events) == MOST_AT_ONCE


def percentile(steps: list[int], share: float) -> float:
    """Milliseconds within which this share of the packets came, or was sent."""
    wanted, seen = share * sum(steps), 0
    for step, count in enumerate(steps):
        seen += count
        if seen >= wanted:
            return (step + 1) * LATENCY_STEP_NS / 1e6
    return LATENCY_STEPS * LATENCY_STEP_NS / 1e6


def _template(kind: int, ssrc: int, payload: int, *, extension: bool) -> bytes:
    first = 0x90 if extension else 0x80
    header = _HEADER.pack(first, kind, 0, 0, ssrc)
    return header + (_AUDIO_EXTENSION if extension else b"") + bytes(payload)
