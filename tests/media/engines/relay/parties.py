"""Parties of a call without ICE and DTLS: sockets of this machine and keys that both sides are given."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from typing import Any

from pylibsrtp import Error, Policy, Session

from media.engines.relay.forward import Pump
from media.engines.relay.streams import Copy, Port, Stream

PROFILE = Policy.SRTP_PROFILE_AEAD_AES_256_GCM


def session(key: bytes, *, outbound: bool) -> Session:
    policy = Policy(
        key=key,
        ssrc_type=Policy.SSRC_ANY_OUTBOUND if outbound else Policy.SSRC_ANY_INBOUND,
        srtp_profile=PROFILE,
    )
    policy.allow_repeat_tx = True
    policy.window_size = 1024
    return Session(policy)


def rtp_packet(ssrc: int, sequence: int, timestamp: int, payload: bytes = b"payload", kind: int = 96) -> bytes:
    head = bytes((0x80, kind)) + (sequence & 0xFFFF).to_bytes(2, "big")
    return head + (timestamp & 0xFFFFFFFF).to_bytes(4, "big") + ssrc.to_bytes(4, "big") + payload


@dataclass
class Party:
    """A browser's end of one leg, and the relay's port for it."""

    sock: socket.socket
    relay_sock: socket.socket
    port: Port
    sending: Session
    opening: Session
    kept: list[Any] = field(default_factory=list)

    def send(self, packet: bytes) -> bytes:
        sealed = self.sending.protect(packet)
        self.sock.send(sealed)
        return sealed

    def send_report(self, packet: bytes) -> None:
        self.sock.send(self.sending.protect_rtcp(packet))

    def receive(self) -> list[bytes]:
        """Every packet of sound and picture that has come, opened."""
        return [packet for packet in self._all() if not 192 <= packet[1] <= 223]

    def receive_reports(self) -> list[bytes]:
        return [packet for packet in self._all() if 192 <= packet[1] <= 223]

    def _all(self) -> list[bytes]:
        found = []
        while True:
            try:
                data = self.sock.recv(2000)
            except BlockingIOError:
                return found
            is_report = 192 <= data[1] <= 223
            try:
                found.append(self.opening.unprotect_rtcp(data) if is_report else self.opening.unprotect(data))
            except Error:
                found.append(b"\x80\x00unopened")

    def close(self, pump: Pump) -> None:
        pump.forget(self.relay_sock.fileno())
        self.relay_sock.close()
        self.sock.close()


def join(pump: Pump) -> Party:
    """A party, connected."""
    ours, theirs = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) for _ in range(2))
    for sock in (ours, theirs):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)
        sock.bind(("127.0.0.1", 0))
    ours.connect(theirs.getsockname())
    theirs.connect(ours.getsockname())
    up, down = os.urandom(44), os.urandom(44)
    rx, tx = session(up, outbound=False), session(down, outbound=True)
    port = Port(pump, ours, (rx._srtp[0], tx._srtp[0]))
    pump.watch(ours.fileno(), lambda: None)
    pump.forward(ours.fileno(), port)
    return Party(theirs, ours, port, session(up, outbound=True), session(down, outbound=False), [rx, tx])


def publish(party: Party, ssrc: int, *, picture: bool = True) -> Stream:
    stream = Stream(party.port, ssrc, clock=90_000 if picture else 48_000, picture=picture)
    party.port.streams[ssrc] = stream
    return stream


def listen(stream: Stream, party: Party, ssrc: int) -> Copy:
    copy = Copy(party.port, ssrc)
    copy.attach(stream)
    return copy
