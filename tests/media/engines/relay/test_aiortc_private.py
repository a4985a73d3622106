"""The contract with the insides of aiortc, aioice and pylibsrtp: what we use must be there, and mean what we think."""

from __future__ import annotations

import asyncio
import socket
import struct
from functools import partial
from importlib.metadata import version
from inspect import signature

import aioice.ice
import aioice.stun
import pylibsrtp
import pytest
from aioice.ice import CandidatePair, Connection, StunProtocol
from aiortc import RTCDtlsTransport, RTCIceGatherer, RTCIceTransport

from media.engines.relay import aiortc_private
from media.engines.relay.forward import Pump
from media.engines.relay.sockets import Addresses, RelaySocket, open_sockets

HERE = Addresses(bind=("127.0.0.1",))


@pytest.mark.parametrize(("package", "wanted"), [("aiortc", "1.16.0"), ("aioice", "0.13.0"), ("pylibsrtp", "1.0.0")])
def test_the_versions_are_those_that_were_read(package: str, wanted: str) -> None:
    assert version(package) == wanted


def test_a_gatherer_has_a_connection_that_gathers_by_a_method_we_may_replace() -> None:
    parameters = list(signature(Connection.get_component_candidates).parameters)
    assert parameters == ["self", "component", "addresses", "timeout"]
    assert {"_nominated", "_protocols", "_queue", "ice_controlling"} <= set(Connection.__init__.__code__.co_names)


def test_a_protocol_takes_its_socket_and_its_datagrams_from_outside() -> None:
    assert list(signature(StunProtocol).parameters) == ["receiver"]
    assert list(signature(StunProtocol.datagram_received).parameters) == ["self", "data", "addr"]
    assert list(signature(Connection.check_incoming).parameters) == ["self", "message", "addr", "protocol"]
    assert {"retransmissions", "integrity_key"} <= set(signature(StunProtocol.request).parameters)
    assert "remote_is_lite" in Connection.check_start.__code__.co_names


def test_the_address_of_this_machine_are_found_by_a_function() -> None:
    assert list(signature(aioice.ice.get_host_addresses).parameters) == ["use_ipv4", "use_ipv6"]


async def test_a_transport_takes_the_connection_of_its_gatherer() -> None:
    gatherer = RTCIceGatherer(iceServers=[])
    ice = RTCIceTransport(gatherer)
    dtls = RTCDtlsTransport(ice, [aiortc_private.make_certificate()])
    assert ice._connection is gatherer._connection
    assert dtls._rx_srtp is None
    assert dtls._tx_srtp is None
    dtls._set_role("server")
    assert dtls._role == "server"


def test_libsrtp_is_called_with_a_session_a_buffer_and_a_length() -> None:
    key = bytes(30)
    sender = pylibsrtp.Session(pylibsrtp.Policy(key=key, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND))
    receiver = pylibsrtp.Session(pylibsrtp.Policy(key=key, ssrc_type=pylibsrtp.Policy.SSRC_ANY_INBOUND))
    packet = bytes.fromhex("80600001000000010000000b") + b"payload"
    memory = bytearray(2048)
    memory[: len(packet)] = packet
    raw, length = aiortc_private.srtp_buffer(memory)
    length[0] = len(packet)
    assert aiortc_private.protect(sender._srtp[0], raw, length) == 0
    assert length[0] == len(packet) + 10
    assert memory[12:19] != b"payload"
    assert aiortc_private.unprotect(receiver._srtp[0], raw, length) == 0
    assert bytes(memory[: length[0]]) == packet
    length[0] = len(packet)
    assert aiortc_private.unprotect(receiver._srtp[0], raw, length) != 0


def make(pump: Pump, *, leads: bool, addresses: Addresses = HERE) -> tuple[aiortc_private.Transport, list[RelaySocket]]:
    sockets = open_sockets(pump, addresses)
    transport = aiortc_private.Transport(
        aiortc_private.make_certificate(), [(sock.endpoint, sock) for sock in sockets], leads=leads
    )
    for sock in sockets:
        sock.transport = transport
    return transport, sockets


async def connect(one: aiortc_private.Transport, two: aiortc_private.Transport) -> None:
    first, second = await one.gather(), await two.gather()
    for line in first.candidates:
        await two.add_candidate(line)
    remote = [
        aiortc_private.RemoteParameters(local.username, local.password, (("sha-256", local.fingerprint),), True)
        for local in (first, second)
    ]
    assert await asyncio.gather(one.connect(remote[1]), two.connect(remote[0])) == [True, True]


def check(transport: aiortc_private.Transport, *, without: str = "") -> bytes:
    """A connectivity check with the right password."""
    ice = transport._connection
    request = ice.build_request(ice._nominated[1], nominate=False)
    request.attributes.pop(without, None)
    request.add_message_integrity(ice.remote_password.encode())
    return bytes(request)


async def test_two_transports_connect_over_our_sockets_and_have_the_same_keys() -> None:
    pump = Pump(asyncio.get_running_loop())
    (one, _), (two, _) = make(pump, leads=True), make(pump, leads=False)
    first, second = await one.gather(), await two.gather()

    def other(local: aiortc_private.LocalParameters, *, active: bool) -> aiortc_private.RemoteParameters:
        return aiortc_private.RemoteParameters(
            local.username, local.password, (("sha-256", local.fingerprint),), active
        )

    for line in first.candidates:
        await two.add_candidate(line)
    connected = await asyncio.gather(one.connect(other(second, active=True)), two.connect(other(first, active=False)))
    assert connected == [True, True]
    assert await asyncio.gather(one.handshake(), two.handshake()) == [True, True]

    memory = bytearray(2048)
    raw, length = aiortc_private.srtp_buffer(memory)
    packet = bytes.fromhex("80600001000000010000000b") + b"payload"
    memory[: len(packet)] = packet
    length[0] = len(packet)
    assert aiortc_private.protect(one.keys()[1], raw, length) == 0
    assert aiortc_private.unprotect(two.keys()[0], raw, length) == 0
    assert bytes(memory[: length[0]]) == packet

    closed = asyncio.Event()
    two.on_closed(closed.set)
    await one.close()
    await asyncio.wait_for(closed.wait(), 3)
    await two.close()
    pump.close()


async def test_a_wrong_fingerprint_is_refused() -> None:
    pump = Pump(asyncio.get_running_loop())
    (one, _), (two, _) = make(pump, leads=True), make(pump, leads=False)
    first, second = await one.gather(), await two.gather()
    wrong = ":".join(["00"] * 32)
    for line in first.candidates:
        await two.add_candidate(line)
    await asyncio.gather(
        one.connect(aiortc_private.RemoteParameters(second.username, second.password, (("sha-256", wrong),), True)),
        two.connect(
            aiortc_private.RemoteParameters(first.username, first.password, (("sha-256", first.fingerprint),), False)
        ),
    )
    results = await asyncio.gather(one.handshake(), two.handshake())
    assert results[0] is False
    await one.close()
    await two.close()
    pump.close()


async def test_of_many_pairs_that_succeed_one_is_nominated(pump: Pump) -> None:
    addresses = Addresses(bind=("127.0.0.1", "127.0.0.2"))
    (one, _), (two, sockets) = (make(pump, leads=leads, addresses=addresses) for leads in (True, False))
    loop = asyncio.get_running_loop()
    for sock in sockets:
        # A line on which the first answer takes longer than the next checks.
        sock.endpoint.sendto = partial(loop.call_later, 0.1, sock.endpoint.sendto)  # type: ignore[method-assign]
    await connect(one, two)
    await asyncio.sleep(0.3)
    assert len([pair for pair in two._connection._check_list if pair.state == CandidatePair.State.SUCCEEDED]) > 1
    assert len([pair for pair in two._connection._check_list if pair.remote_nominated]) == 1
    ours, theirs = one.nominated(), two.nominated()
    assert ours is not None
    assert theirs is not None
    assert (ours[0].get_extra_info("sockname"), ours[1]) == (theirs[1], theirs[0].get_extra_info("sockname"))
    await one.close()
    await two.close()


async def test_a_check_from_elsewhere_is_answered_and_told_and_makes_no_pair(pump: Pump) -> None:
    (one, (sock,)), (two, _) = make(pump, leads=True), make(pump, leads=False)
    await connect(one, two)
    pairs = len(one._connection._check_list)
    looked = asyncio.Event()
    one.on_looked = looked.set
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
        elsewhere.bind(("127.0.0.1", 0))
        elsewhere.settimeout(2)
        elsewhere.sendto(check(two), sock.address)
        await asyncio.wait_for(looked.wait(), 2)
        assert one.looked_from == (sock.endpoint, elsewhere.getsockname())
        assert (await asyncio.to_thread(elsewhere.recv, 999))[:2] == b"\x01\x01"
        assert await one.follow(sock.endpoint, elsewhere.getsockname()) is False
    assert len(one._connection._check_list) == pairs
    await one.close()
    await two.close()


@pytest.mark.parametrize("connected", [False, True])
async def test_checks_that_aioice_cannot_read_end_at_the_endpoint(
    pump: Pump, caplog: pytest.LogCaptureFixture, *, connected: bool
) -> None:
    (one, (sock,)), (two, _) = make(pump, leads=True), make(pump, leads=False)
    await connect(one, two)
    if not connected:
        one._connection._nominated.clear()
    cut = bytes.fromhex("000100082112a442") + bytes(12) + bytes.fromhex("0024000100000000")
    with pytest.raises(struct.error):
        aioice.stun.parse_message(cut)
    for datagram in (cut, cut, check(two, without="PRIORITY"), check(two, without="USERNAME"), b"", b"\x00"):
        sock.endpoint.received(datagram, ("127.0.0.1", 9))
    assert len([r for r in caplog.records if "cannot be read" in r.message]) == 1
    await one.close()
    await two.close()


async def test_names_and_nonsense_are_no_addresses() -> None:
    pump = Pump(asyncio.get_running_loop())
    transport, _ = make(pump, leads=True)
    await transport.gather()
    for line in ("", "x", "1 1 udp 1 a.local 9 typ host", "1 1 tcp 1 127.0.0.1 9 typ host", "1 1 udp x y z typ host"):
        await transport.add_candidate(line)
    assert transport._connection.remote_candidates == []
    await transport.close()
    pump.close()
