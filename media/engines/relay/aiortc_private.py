"""Everything that knows the insides of aiortc, aioice and pylibsrtp, and nothing else does.

aiortc makes ICE and DTLS for us and nothing more: none of its RTP code runs. Its own sockets are not used either,
since its queue of datagrams has no end: aioice is given a transport of ours (:class:`Endpoint`), and the relay's pump
reads the sockets. The versions are pinned exactly in pyproject.toml; tests/media/engines/relay/test_aiortc_private.py
fails when one of the names below is no longer there.
"""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from aioice import Candidate
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import CandidatePair, StunProtocol
from aioice.stun import Message, TransactionError
from aiortc import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    RTCIceGatherer,
    RTCIceParameters,
    RTCIceTransport,
)
from pylibsrtp._binding import ffi, lib

logger = logging.getLogger(__name__)

#: What libsrtp's four functions look like: session, buffer, length in and out; 0 says that it went well.
SrtpCall = Callable[[Any, Any, Any], int]

unprotect: SrtpCall = lib.srtp_unprotect
protect: SrtpCall = lib.srtp_protect
unprotect_rtcp: SrtpCall = lib.srtp_unprotect_rtcp
protect_rtcp: SrtpCall = lib.srtp_protect_rtcp

#: How often an address that a browser may have moved to is asked again, with half a second to the first time and a
#: second to the end: long enough for the slowest line.
ASKED_AGAIN = 1
#: Datagrams that aioice may have waiting for the handshake; the rest is dropped, and DTLS sends again.
MOST_WAITING = 32

Address = tuple[str, int]


def srtp_buffer(memory: bytearray) -> tuple[Any, Any]:
    """``memory`` as libsrtp wants it, and a place for a length."""
    return ffi.from_buffer("char[]", memory), ffi.new("int *")


class Socket(Protocol):
    """What aioice may do with a socket of ours."""

    def sendto(self, data: bytes, address: Address) -> None: ...
    def close(self) -> None: ...
    @property
    def address(self) -> Address: ...
    @property
    def shown_as(self) -> str: ...


class Endpoint(asyncio.DatagramTransport):
    """A socket of the relay, as aioice sees it."""

    def __init__(self, sock: Socket) -> None:
        super().__init__()
        self._sock = sock
        self._protocol: StunProtocol | None = None
        self._has_complained = False

    def attach(self, protocol: StunProtocol) -> None:
        self._protocol = protocol
        protocol.connection_made(self)

    @property
    def protocol(self) -> StunProtocol | None:
        """aioice's end, as long as it is open."""
        return self._protocol

    def received(self, data: bytes, address: Address) -> None:
        """A datagram that is neither RTP nor RTCP.

        Anybody may send one, and aioice raises for some that are made for that: an attribute cut short, a check
        without a priority. Nothing of it may reach the pump, which reads for everybody.
        """
        if self._protocol is None:
            return
        try:
            self._protocol.datagram_received(data, address)
        except (struct.error, ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
            if not self._has_complained:
                self._has_complained = True
                logger.warning("a datagram that cannot be read was dropped (%s)", type(error).__name__)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._sock.address if name == "sockname" else default

    def sendto(self, data: Any, addr: Any = None) -> None:
        self._sock.sendto(data, addr)

    def close(self) -> None:
        protocol, self._protocol = self._protocol, None
        if protocol is not None:
            self._sock.close()
            asyncio.get_running_loop().call_soon(protocol.connection_lost, None)


@dataclass(frozen=True, slots=True)
class LocalParameters:
    """Our side of a connection, as the offer tells it."""

    username: str
    password: str
    fingerprint: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoteParameters:
    """The browser's side, as its answer told it. ``fingerprints``: pairs of algorithm and value."""

    username: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]
    active: bool


def make_certificate() -> RTCCertificate:
    """A certificate for DTLS, good for 30 days; a worker makes one anew every day."""
    return RTCCertificate.generateCertificate()


class Transport:
    """ICE and DTLS of one connection, over sockets of ours.

    ``endpoints`` are made by the caller, one for each address that the browser may use. Who offers ``leads``
    (RFC 8445 section 6.1.1): the relay always does; the peers that try it in tests and in the benchmark do not.
    """

    def __init__(
        self, certificate: RTCCertificate, endpoints: list[tuple[Endpoint, Socket]], *, leads: bool = True
    ) -> None:
        self._endpoints = endpoints
        gatherer = RTCIceGatherer(iceServers=[])
        self._connection = gatherer._connection
        self._connection.ice_controlling = leads
        # On the object, not the class: aioice itself stays as it is.
        self._connection.get_component_candidates = self._candidates  # type: ignore[method-assign]
        if leads:
            self._check_before = self._connection.check_incoming
            self._connection.check_incoming = self._checked  # type: ignore[method-assign]
        self._leads = leads
        #: Where the browser last looked whether we answer, once a pair was nominated; that pair apart.
        self.looked_from: tuple[Endpoint, Address] | None = None
        #: Called when ``looked_from`` has been set.
        self.on_looked: Callable[[], None] = _nobody_asks
        self._gatherer = gatherer
        self._ice = RTCIceTransport(gatherer)
        self._dtls = RTCDtlsTransport(self._ice, [certificate])
        self._remote: RemoteParameters | None = None
        self._is_closed = False

    async def _candidates(self, component: int, addresses: list[str], timeout: int = 5) -> list[Candidate]:
        found = []
        for index, (endpoint, sock) in enumerate(self._endpoints):
            protocol = StunProtocol(self._connection)
            endpoint.attach(protocol)
            host, port = sock.address
            protocol.local_candidate = Candidate(
                foundation=candidate_foundation("host", "udp", host),
                component=component,
                transport="udp",
                priority=candidate_priority(component, "host", 65535 - index),
                host=host,
                port=port,
                type="host",
            )
            self._connection._protocols.append(protocol)
            found.append(protocol.local_candidate)
        return found

    def _checked(self, message: Message, addr: Address, protocol: StunProtocol) -> None:
        """A connectivity check with the right password, which aioice has answered.

        Once a pair is nominated, aioice makes no more pairs: it would nominate each that succeeds, and the browser
        would go to one that nobody chose. A browser with two networks goes on looking whether the other one works.
        """
        nominated = self.nominated()
        if nominated is None:
            self._check_before(message, addr, protocol)
            return
        asked = _endpoint(protocol), addr
        if asked != nominated:
            self.looked_from = asked
            self.on_looked()

    async def gather(self) -> LocalParameters:
        """Make the candidates. Takes no time: all of them are addresses of this machine or set by the operator."""
        await self._gatherer.gather()
        local = self._gatherer.getLocalParameters()
        fingerprint = next(f for f in self._dtls.getLocalParameters().fingerprints if f.algorithm == "sha-256")
        candidates = []
        for candidate, (_, sock) in zip(self._connection.local_candidates, self._endpoints, strict=True):
            line = (
                f"{candidate.foundation} {candidate.component} udp {candidate.priority} "
                f"{sock.shown_as} {candidate.port} typ host"
            )
            candidates.append(line)
        return LocalParameters(str(local.usernameFragment), str(local.password), fingerprint.value, tuple(candidates))

    def check_remote(self, remote: RemoteParameters) -> bool:
        """Whether ``remote`` is the other side that we know already."""
        return self._remote is None or self._remote == remote

    async def connect(self, remote: RemoteParameters) -> bool:
        """ICE. True when a pair of addresses was found; may take as long as the browser does.

        aioice nominates the first pair that succeeds, and only that one, when it takes the other side for a lite one
        (RFC 8445 section 8.1.1); else it nominates every pair that it checks, and a browser with two addresses may
        choose another one than we.
        """
        self._remote = remote
        await self._ice.start(
            RTCIceParameters(usernameFragment=remote.username, password=remote.password, iceLite=self._leads)
        )
        return self._ice.state == "completed"

    async def handshake(self) -> bool:
        """DTLS. True when both sides have their keys and the fingerprint is the one that was signalled."""
        if self._remote is None or self._ice.state != "completed":
            return False
        self._dtls._set_role("server" if self._remote.active else "client")
        fingerprints = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in self._remote.fingerprints]
        await self._dtls.start(RTCDtlsParameters(fingerprints=fingerprints))
        return self._dtls.state == "connected"

    async def add_candidate(self, line: str) -> None:
        """An address of the other side's, for a peer that tries the relay: the relay itself takes none (leg.py).

        What cannot be read, or is a name instead of an address, is passed over.
        """
        try:
            candidate = Candidate.from_sdp(line)
        except (ValueError, IndexError, AssertionError):
            return
        known = len(self._connection.remote_candidates)
        if candidate.host.endswith(".local") or candidate.transport.lower() != "udp" or known >= 32:
            return
        await self._connection.add_remote_candidate(candidate)

    def nominated(self) -> tuple[Endpoint, Address] | None:
        """The endpoint and the browser's address that ICE has chosen."""
        pair = self._connection._nominated.get(1)
        return None if pair is None else (_endpoint(pair.protocol), pair.remote_addr)

    async def follow(self, endpoint: Endpoint, address: Address) -> bool:
        """Ask ``address`` whether the browser is there, and if so, make it the nominated pair.

        Only who has the browser's password can answer, and only where the question went: nothing is ever sent to
        somebody who did not consent (RFC 7675), whatever sender a packet bears. False after 1.5 seconds' silence.
        """
        protocol = endpoint.protocol
        if protocol is None or self._remote is None:
            return False
        candidate = Candidate("moved", 1, "udp", candidate_priority(1, "prflx"), address[0], address[1], "prflx")
        pair = CandidatePair(protocol, candidate)
        request = self._connection.build_request(pair, nominate=True)
        key = self._remote.password.encode()
        try:
            _, heard = await protocol.request(request, address, integrity_key=key, retransmissions=ASKED_AGAIN)
        except TransactionError:
            return False
        if heard != address or self.nominated() is None:
            return False
        self._connection._nominated[1] = pair
        return True

    def probe(self) -> None:
        """Ask the browser for a sign of life. Its answer is a datagram, and that is all we want of it."""
        pair = self._connection._nominated.get(1)
        if pair is not None and self._remote is not None:
            request = self._connection.build_request(pair, nominate=False)
            request.add_message_integrity(self._remote.password.encode())
            pair.protocol.send_stun(request, pair.remote_addr)

    def waiting(self) -> int:
        """How many datagrams wait for the handshake."""
        return self._connection._queue.qsize()

    def keys(self) -> tuple[Any, Any]:
        """libsrtp's sessions for what comes in and what goes out. They live as long as this object."""
        return self._dtls._rx_srtp._srtp[0], self._dtls._tx_srtp._srtp[0]

    def on_closed(self, call: Callable[[], None]) -> None:
        """``call`` when the browser closes the connection, or consent to send has expired (RFC 7675)."""

        def changed() -> None:
            if self._dtls.state in {"closed", "failed"} or self._ice.state in {"closed", "failed"}:
                call()

        self._dtls.on("statechange", changed)
        self._ice.on("statechange", changed)

    async def close(self) -> None:
        """Say goodbye to the browser and close the sockets. Again: nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._dtls.remove_all_listeners("statechange")
        self._ice.remove_all_listeners("statechange")
        await self._dtls.stop()
        await self._ice.stop()
        protocols = [endpoint.protocol for endpoint, _ in self._endpoints]
        for endpoint, _ in self._endpoints:
            endpoint.close()
        self._endpoints = []
        self.on_looked = _nobody_asks
        # These hold one another in circles, with OpenSSL's and libsrtp's memory in them: some 200 kB a connection, and
        # a worker looks for circles seldom, since that stops the media of all its calls. So they are taken apart, once
        # aioice has heard that its sockets are closed.
        parts = (self._dtls, self._ice, self._gatherer, self._connection, *protocols)
        asyncio.get_running_loop().call_soon(_take_apart, parts)


def _take_apart(parts: Sequence[object]) -> None:
    for part in parts:
        if part is not None:
            vars(part).clear()


def _endpoint(protocol: StunProtocol) -> Endpoint:
    endpoint = protocol.transport
    assert isinstance(endpoint, Endpoint)  # noqa: S101 - for the type checker
    return endpoint


def _nobody_asks() -> None:
    """Nobody wants to know."""
