"""The relay's UDP sockets: one for each leg and address, from the operator's range of ports."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from dataclasses import dataclass, field

from aioice.ice import get_host_addresses

from media.engines.relay.aiortc_private import MOST_WAITING, Address, Endpoint, Transport
from media.engines.relay.allowance import Allowance
from media.engines.relay.forward import MOST_OCTETS, Pump

#: What the kernel may hold for one socket while the worker is busy elsewhere; it may grant less.
RECEIVE_OCTETS = 1_000_000
SEND_OCTETS = 1_000_000
#: STUN and DTLS datagrams a second, and at once, that one leg may cost the worker.
CONTROL_RATE, CONTROL_BURST = 60.0, 120.0


class NoPortLeft(Exception):
    """Every port of the range is taken on every address."""


@dataclass(frozen=True)
class Addresses:
    """Where sockets are bound, and what the offers say of it.

    ``bind``: addresses of this machine; empty: all but loopback. ``public``: what browsers must use in place of an
    IPv4 address of this machine, where a router maps one to one; empty: the address itself. ``ports``: first and
    last, (0, 0) for any.
    """

    bind: tuple[str, ...] = ()
    public: str = ""
    ports: tuple[int, int] = (0, 0)
    _found: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        if self.bind:
            return list(self.bind)
        if not self._found:
            self._found.extend(get_host_addresses(use_ipv4=True, use_ipv6=True) or ["127.0.0.1"])
        return self._found


class RelaySocket:
    """One UDP socket, and a second one at its port where it is connected and others are to be heard as well.

    Until it is connected, strangers' STUN and DTLS go to aioice by an allowance.
    """

    def __init__(self, pump: Pump, sock: socket.socket, public: str) -> None:
        self._pump = pump
        self.sock = sock
        self.fd = sock.fileno()
        self.endpoint = Endpoint(self)
        self.transport: Transport | None = None
        self._remote: Address | None = None
        self._address: Address = sock.getsockname()[:2]
        self.shown_as = public if public and sock.family == socket.AF_INET else self._address[0]
        self._allowance = Allowance(CONTROL_RATE, CONTROL_BURST)
        self._open = True
        #: The second socket at this port, once there is one.
        self.ear: socket.socket | None = None
        pump.watch(self.fd, self._readable)

    @property
    def address(self) -> Address:
        return self._address

    def connect(self, address: Address) -> None:
        """Hear and speak to one address only, from now on or anew; everybody else's datagrams go to the second ear.

        Where there is none, the kernel drops them. Raises OSError where this machine has no way to the address.
        """
        self.sock.connect(address)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_OCTETS)
        self._remote = address

    def second_ear(self) -> socket.socket | None:
        """Another socket at this address and port, for the connected one: the kernel gives it what others send.

        Of two UDP sockets at one port, the connected one is preferred for what comes from its address. Both may have
        the port only while SO_REUSEADDR is set; nobody else gets at it, then or later. None where no file is left.
        """
        if self.ear is None:
            try:
                ear = socket.socket(self.sock.family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
            except OSError:
                return None
            for sock in (self.sock, ear):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                ear.bind(self.sock.getsockname())
            except OSError:
                ear.close()
                return None
            finally:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            self.ear = ear
        return self.ear

    def sendto(self, data: bytes, address: Address) -> None:
        if self._open:
            # A full buffer or a network that is away: STUN and DTLS both ask again.
            with suppress(OSError):
                self.sock.sendto(data, address)

    def control(self, data: bytes) -> None:
        """STUN or DTLS from the connected address."""
        if self._remote is not None:
            self._received(data, self._remote)

    def close(self) -> None:
        if self._open:
            self._open = False
            self.transport = None
            self._pump.forget(self.fd)
            self.sock.close()
            if self.ear is not None:
                self._pump.forget(self.ear.fileno())
                self.ear.close()

    def _readable(self) -> None:
        try:
            data, address = self.sock.recvfrom(MOST_OCTETS)
        except OSError:
            # Emptied meanwhile, or the word that nobody listens at an address that was tried.
            return
        self._received(data, address[:2])

    def _received(self, data: bytes, address: Address) -> None:
        if len(data) < 2 or data[0] > 63 or not self._allowance.take():
            return
        if data[0] > 3 and self.transport is not None and self.transport.waiting() >= MOST_WAITING:
            return
        self.endpoint.received(data, address)


def open_sockets(pump: Pump, addresses: Addresses) -> list[RelaySocket]:
    """A socket on every address, or :class:`NoPortLeft` when there is none on any."""
    opened = []
    for host in addresses.all():
        sock = _bind(host, addresses.ports)
        if sock is not None:
            opened.append(RelaySocket(pump, sock, addresses.public))
    if not opened:
        raise NoPortLeft
    return opened


def _bind(host: str, ports: tuple[int, int]) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    first, last = ports
    count = last - first + 1
    start = random.randrange(count)  # noqa: S311 - spreads the load, keeps no secret
    sock = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_OCTETS)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_OCTETS)
    for step in range(count):
        try:
            sock.bind((host, first + (start + step) % count))
        except OSError:
            continue
        return sock
    sock.close()
    return None
