"""Follow a browser that goes on from another address in the middle of a call.

A telephone leaves the wifi, a router maps its port anew, a browser with two addresses settles on another pair than we:
sound and picture then come from an address that the leg's socket is not connected to, or to another of our addresses.
So, once a leg is connected, a second socket hears what others send to its port, and the sockets at our other addresses
stay open as long as the leg: nobody knows when somebody walks out of the door, and a browser only keeps a way in
reserve whose checks are answered. The connected socket's path does no more for a packet than without all this.

What unprotects goes on to listeners wherever it comes from: only the browser has the key. The leg itself moves to where
the newest packet came from, once that address has answered a question that only the browser can answer. A packet that
somebody caught and sends on, or one with a false sender, moves nothing.

What strangers send is bounded three times: datagrams a second of one leg, those of a whole worker, and checks, which
cost the most. Above that, the ears rest and the kernel drops.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from time import monotonic

from media.engines.relay import rtp
from media.engines.relay.aiortc_private import Address, Transport
from media.engines.relay.allowance import Allowance
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import RelaySocket
from media.engines.relay.streams import Port

#: Datagrams a second, and at once, that are heard from elsewhere: a whole call's for as long as a question takes.
RATE, BURST = 100.0, 600.0
#: Connectivity checks among them; a browser makes one or two a second of each way that it keeps in reserve.
CHECK_RATE, CHECK_BURST = 10.0, 60.0
#: What the kernel may hold for an ear. Little, so that a flood's leavings are soon read.
EAR_OCTETS = 100_000
#: Seconds for which a doubt lasts.
DOUBT_SECONDS = 3.0

Place = tuple[RelaySocket, Address]


class Ear(Port):
    """A port of a leg at which nothing is expected: the same keys and streams, and every datagram's sender is known.

    The pump takes it for any other port. It says ``heard`` once a packet has been unprotected, and not before: that is
    how the ear learns that the packet is the browser's.
    """

    __slots__ = ("_from", "_may", "_on_check", "_on_heard", "_packet", "_port", "_receive", "fd")

    def __init__(
        self,
        port: Port,
        sock: socket.socket,
        *,
        may: Callable[[], bool],
        on_heard: Callable[[Address], None],
        on_check: Callable[[bytes, Address], None],
    ) -> None:
        self._from: Address | None = None
        super().__init__(port.pump, sock, (port.rx, port.tx))
        self.fd = sock.fileno()
        self.streams, self.reporters = port.streams, port.reporters
        self._port = port
        self.report = self._reported
        self.recv_into = self._hear
        self._receive = sock.recvfrom_into
        self._may, self._on_heard, self._on_check = may, on_heard, on_check
        self._packet: memoryview | None = None

    def close(self) -> None:
        """Hear nothing more."""
        super().close()
        self.recv_into = _deaf

    def _hear(self, into: memoryview) -> int:
        """The next packet's length. Raises BlockingIOError, as a socket does, when there is none for the pump."""
        if not self._may():
            self.pump.rest(self.fd)
            raise BlockingIOError
        octets, address = self._receive(into)
        if octets < rtp.HEADER_OCTETS or not 127 < into[0] < 192:
            # Only checks: the handshake is over, and OpenSSL need not hear strangers.
            if octets and into[0] < 4:
                self._on_check(bytes(into[:octets]), address[:2])
            raise BlockingIOError
        self._from, self._packet = address[:2], into
        return int(octets)

    def _reported(self, packet: memoryview) -> None:
        self._port.report(packet)

    @property
    def heard(self) -> bool:
        """Of no meaning here: the leg's own port says whether the leg is silent."""
        return False

    @heard.setter
    def heard(self, unprotected: bool) -> None:
        if unprotected and self._from is not None and self._packet is not None and self._is_newest(self._packet):
            self._on_heard(self._from)

    def _is_newest(self, packet: memoryview) -> bool:
        """Not one that was overtaken by what the browser has sent from elsewhere since. Its header is in the clear."""
        if 191 < packet[1] < 224:
            return True
        sequence, _, ssrc = rtp.NUMBERS.unpack_from(packet, rtp.NUMBERS_AT)
        stream = self.streams.get(ssrc)
        return stream is not None and (not stream.started or sequence - stream.expected & 0xFFFF < 0x8000)


def _deaf(into: memoryview) -> int:
    raise BlockingIOError


class Following:
    """Where one leg's browser is. ``at``: our connected socket and the browser's address; ``sockets``: all of ours.

    ``on_moved`` is called with the browser's new host where a packet, not a doubt, was the reason.
    """

    def __init__(
        self,
        pump: Pump,
        transport: Transport,
        sockets: Sequence[RelaySocket],
        port: Port,
        at: Place,
        on_moved: Callable[[str], None],
    ) -> None:
        self._pump, self._transport, self._sockets, self._port = pump, transport, sockets, port
        self._at = at
        self._on_moved = on_moved
        self._allowance = Allowance(RATE, BURST)
        self._checks = Allowance(CHECK_RATE, CHECK_BURST)
        self._ears: list[Ear] = []
        self._asking: asyncio.Task[None] | None = None
        self._doubted, self._host = -DOUBT_SECONDS, ""
        transport.on_looked = self._looked
        for sock in sockets:
            self._open_ears(sock)

    def doubt(self, host: str = "") -> None:
        """Seek the browser where its checks come from, now or within the next seconds; only at ``host`` if given."""
        self._doubted, self._host = monotonic(), host
        self._looked()

    async def close(self) -> None:
        """Follow no more."""
        self._transport.on_looked = lambda: None
        if self._asking is not None and not self._asking.done():
            self._asking.cancel()
            await asyncio.wait([self._asking])
        for ear in self._ears:
            ear.close()
        self._ears.clear()

    # --- Ears ------------------------------------------------------------------------------------------------

    def _open_ears(self, sock: RelaySocket) -> None:
        """What is not the connected socket is an ear."""
        if sock is not self._at[0]:
            self._listen(sock, sock.sock)
        elif (ear := sock.second_ear()) is not None:
            self._listen(sock, ear)

    def _listen(self, sock: RelaySocket, ear: socket.socket) -> None:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, EAR_OCTETS)
        hears = Ear(
            self._port,
            ear,
            may=self._may,
            on_heard=lambda address: self._heard((sock, address)),
            on_check=lambda data, address: self._check(sock, data, address),
        )
        self._ears.append(hears)
        self._pump.forward(ear.fileno(), hears)

    def _may(self) -> bool:
        return self._allowance.take() and self._pump.elsewhere.take()

    def _check(self, sock: RelaySocket, data: bytes, address: Address) -> None:
        if self._checks.take():
            sock.endpoint.received(data, address)

    # --- Moving ----------------------------------------------------------------------------------------------

    def _looked(self) -> None:
        """The browser has made a check from elsewhere, which says nothing unless there is a doubt."""
        looked = self._transport.looked_from
        if looked is None or monotonic() - self._doubted >= DOUBT_SECONDS:
            return
        endpoint, address = looked
        if self._host in {"", address[0]}:
            self._move((next(sock for sock in self._sockets if sock.endpoint is endpoint), address), sure=False)

    def _heard(self, place: Place) -> None:
        """A packet of the browser's, and no older one than those before."""
        self._move(place, sure=True)

    def _move(self, place: Place, *, sure: bool) -> None:
        if place != self._at and (self._asking is None or self._asking.done()):
            self._asking = asyncio.get_running_loop().create_task(self._ask(*place, sure=sure))

    async def _ask(self, sock: RelaySocket, address: Address, *, sure: bool) -> None:
        if not await self._transport.follow(sock.endpoint, address):
            return
        try:
            sock.connect(address)
        except OSError:
            # No way there from this machine after all: the silence ends the leg.
            return
        before, self._at = self._at[0], (sock, address)
        self._doubted = -DOUBT_SECONDS
        self._transport.looked_from = None
        if sock is not before:
            self._port.change_socket(sock.sock)
            self._port.control = sock.control
            self._pump.forward(sock.fd, self._port)
            self._open_ears(before)
            self._open_ears(sock)
        self._port.heard = True
        if sure:
            self._on_moved(address[0])
