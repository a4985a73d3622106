"""A real coturn for tests, with the configuration that ``manage.py turn_config`` prints, and a client of it.

It listens and relays on loopback, on free ports, and is gone at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import secrets
import shutil
import signal
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from aioice import stun
from aioice.turn import TurnClientTcpProtocol, TurnClientUdpProtocol
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import call_command
from django.test import override_settings

from tests.support.processes import ServerFailed, end, free_port, listens, scratch, wait_until

UDP = 17 << 24
# aioice's client asks for IPv4 alone (RFC 6156, section 4.1.1 has the attribute).
stun.ATTRIBUTES_BY_NAME.setdefault(
    "REQUESTED-ADDRESS-FAMILY", (0x0017, "REQUESTED-ADDRESS-FAMILY", stun.pack_unsigned, stun.unpack_unsigned)
)
FAMILIES = {4: 1 << 24, 6: 2 << 24}


@dataclass(frozen=True)
class Turn:
    """A running coturn. ``urls`` and ``secret`` are what ``VDX_TURN_URLS`` and ``VDX_TURN_SECRET`` take."""

    address: str
    port: int
    tls_port: int
    secret: str
    certificate: Path
    logfile: Path

    @property
    def urls(self) -> str:
        return f"turn:{self.address}:{self.port} turns:{self.address}:{self.tls_port}?transport=tcp"

    def log(self) -> str:
        """What it has said."""
        return self.logfile.read_text(errors="replace")


@contextlib.contextmanager
def coturn(*options: str, addresses: tuple[str, ...] = ("127.0.0.1", "::1")) -> Iterator[Turn]:
    """coturn as configured for a hub; ``options`` are turn_config's own. Clients use the first of ``addresses``."""
    program = shutil.which("turnserver")
    if not program:
        raise ServerFailed("coturn is not installed")
    with scratch() as folder:
        certificate, key = _certificate(folder, addresses[0])
        turn = Turn(
            addresses[0], free_port(), free_port(), secrets.token_urlsafe(32) + "+/=", certificate, folder / "log"
        )
        text = StringIO()
        with override_settings(VDX_TURN_URLS=turn.urls.split(), VDX_TURN_SECRET=turn.secret):
            listening = [word for address in addresses for word in ("--listen", address)]
            call_command(
                *("turn_config", "--with-secret", "--cert", str(certificate), "--key", str(key), *listening, *options),
                stdout=text,
                stderr=StringIO(),
            )
        (folder / "turnserver.conf").write_text(text.getvalue())
        command = [program, "-c", str(folder / "turnserver.conf"), "--userdb", str(folder / "db"), "--pidfile="]
        with turn.logfile.open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
            try:
                wait_until("coturn starts", lambda: server.poll() is not None or _all_listen(turn))
                if server.poll() is not None:
                    raise ServerFailed(f"coturn ended at once:\n{turn.log()}")
                yield turn
            finally:
                end(server, signal.SIGTERM, "coturn")


def _all_listen(turn: Turn) -> bool:
    return listens(turn.port, turn.address) and listens(turn.tls_port, turn.address)


def _certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """A certificate for ``address`` that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "turn.test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "turn.pem", folder / "turn.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


class Allocation:
    """A relayed address that a client has, and what the server says when it asks to reach a peer."""

    def __init__(self, protocol: TurnClientUdpProtocol | TurnClientTcpProtocol, relayed: tuple[str, int]) -> None:
        self.relayed = relayed
        self._protocol = protocol

    async def permission(self, address: str) -> int:
        """Ask to exchange packets with a peer (RFC 8656, section 9): 200, or the code of the refusal."""
        request = stun.Message(stun.Method.CREATE_PERMISSION, stun.Class.REQUEST)
        request.attributes["XOR-PEER-ADDRESS"] = (address, 5000)
        return await self._code(request)

    async def channel(self, address: str) -> int:
        """Ask for a channel to a peer (RFC 8656, section 11): 200, or the code of the refusal."""
        request = stun.Message(stun.Method.CHANNEL_BIND, stun.Class.REQUEST)
        request.attributes["CHANNEL-NUMBER"] = 0x4000
        request.attributes["XOR-PEER-ADDRESS"] = (address, 5000)
        return await self._code(request)

    async def _code(self, request: stun.Message) -> int:
        try:
            await self._protocol.request_with_retry(request)
        except stun.TransactionFailed as refusal:
            return refusal.response.error_code
        return 200


class _Gone(asyncio.DatagramProtocol):
    """Hears from aioice that a client's connection has ended."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        self.heard.set()


@contextlib.asynccontextmanager
async def allocation(
    turn: Turn, username: str, password: str, *, family: int = 4, tls: bool = False
) -> AsyncIterator[Allocation]:
    """An allocation of IP version ``family``. Raises aioice's ``stun.TransactionFailed`` when it is refused."""
    loop = asyncio.get_running_loop()
    where = (turn.address, turn.tls_port if tls else turn.port)
    arguments = {"username": username, "password": password, "lifetime": 600, "channel_refresh_time": 500}
    gone = _Gone()
    transport: asyncio.BaseTransport
    protocol: TurnClientUdpProtocol | TurnClientTcpProtocol
    if tls:
        trusting = ssl.create_default_context(cafile=str(turn.certificate))
        protocol = over_tcp = TurnClientTcpProtocol(where, **arguments)
        protocol.receiver = gone
        transport, _ = await loop.create_connection(lambda: over_tcp, *where, ssl=trusting, ssl_shutdown_timeout=5)
    else:
        protocol = over_udp = TurnClientUdpProtocol(where, **arguments)
        protocol.receiver = gone
        transport, _ = await loop.create_datagram_endpoint(lambda: over_udp, remote_addr=where)
    try:
        request = stun.Message(stun.Method.ALLOCATE, stun.Class.REQUEST)
        request.attributes.update({"LIFETIME": 600, "REQUESTED-TRANSPORT": UDP})
        request.attributes["REQUESTED-ADDRESS-FAMILY"] = FAMILIES[family]
        answer, _ = await protocol.request_with_retry(request)
        yield Allocation(protocol, answer.attributes["XOR-RELAYED-ADDRESS"])
        last = stun.Message(stun.Method.REFRESH, stun.Class.REQUEST)
        last.attributes["LIFETIME"] = 0
        await protocol.request_with_retry(last)
    finally:
        transport.close()
        # TLS takes leave of the server first: a loop that ended meanwhile would leave the socket open for ever.
        await gone.heard.wait()
