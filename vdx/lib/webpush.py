"""Web Push: a few words to a browser whose page may be asleep (RFC 8030, 8188, 8291, 8292).

The words are encrypted for the browser alone; the push service between sees when, and how much. The hub goes only to
an https address on the public net, follows no redirect, uses no proxy of the environment, and waits 5 seconds at most
for each answer.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from urllib.parse import urlsplit

import http_ece  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric import ec

from vdx.lib import clock, vapid
from vdx.lib.outgoing import is_public

TIMEOUT = 5.0
_AUTH_BYTES = 16


class Answer(Enum):
    """What became of a push. GONE: the browser takes none any more. LATER: worth another attempt."""

    TAKEN = "taken"
    GONE = "gone"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Address:
    """Where a browser takes pushes, as its PushSubscription says it: an address, its public key and its secret."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Sender:
    """Who pushes: the VAPID private key, and where the push service may write to. ``loopback``: for tests."""

    private_key: str
    subject: str
    loopback: bool = False


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether they are a point on P-256 and 16 bytes of secret (RFC 8291, 3.1 and 3.2)."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), vapid.decode(p256dh))
        return len(vapid.decode(auth)) == _AUTH_BYTES
    except ValueError:
        return False


def send(address: Address, payload: bytes, *, sender: Sender, ttl: int, topic: str) -> Answer:
    """Push at once, with urgency. ``ttl``: seconds that the push service may wait for the browser to be reached.

    ``topic``: a later push of the same topic takes the place of one that waits (RFC 8030, 5.4). Raises nothing: what
    goes wrong on the way is an answer, since its words would hold the address.
    """
    parts = urlsplit(address.endpoint)
    body = _encrypted(address, payload)
    headers = {
        "Authorization": vapid.authorization(
            sender.private_key,
            audience=f"{parts.scheme}://{parts.netloc}",
            subject=sender.subject,
            now=clock.now().timestamp(),
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl),
        "Topic": topic,
        "Urgency": "high",
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, loopback=sender.loopback)
    except OSError:
        return Answer.LATER
    if connection is None:
        return Answer.REFUSED
    try:
        connection.request("POST", path, body=body, headers=headers)
        return _answer(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return Answer.LATER
    finally:
        connection.close()


def _encrypted(address: Address, payload: bytes) -> bytes:
    sealed: bytes = http_ece.encrypt(
        payload,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=vapid.decode(address.p256dh),
        auth_secret=vapid.decode(address.auth),
        version="aes128gcm",
    )
    return sealed


def _answer(status: int) -> Answer:
    if 200 <= status < 300:
        return Answer.TAKEN
    if status in {404, 410}:
        return Answer.GONE
    return Answer.LATER if status == 429 or status >= 500 else Answer.REFUSED


def _connection(scheme: str, host: str, port: int | None, *, loopback: bool) -> http.client.HTTPConnection | None:
    """A connection to one of the host's addresses, all of which must be public; None where one is not.

    The address that was looked at is the one that is connected to, so that a name cannot lead elsewhere in between.
    Raises ``OSError``.
    """
    secure = scheme == "https"
    port = port or (443 if secure else 80)
    found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    addresses = sorted(found, key=lambda text: ip_address(text).version)
    if not all(_may_go_to(str(address), loopback=loopback) for address in addresses):
        return None
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    plain = _first(addresses, port)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except OSError:
        plain.close()
        raise
    return connection


def _first(addresses: list[str | int], port: int) -> socket.socket:
    deadline = time.monotonic() + TIMEOUT
    failed: OSError = OSError("no address")
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            plain = socket.create_connection((str(address), port), timeout=left)
        except OSError as error:
            failed = error
            continue
        plain.settimeout(TIMEOUT)
        return plain
    raise failed


def _may_go_to(address: str, *, loopback: bool) -> bool:
    return is_public(address) or (loopback and ip_address(address).is_loopback)
