"""Web Push: a few words to a browser whose page may be asleep (RFC 8030, 8188, 8291, 8292).

The words are encrypted for the browser alone; the push service between sees when, and how much. The hub goes only to
an https address on the public net (:mod:`vdx.lib.outgoing`), and waits 5 seconds at most for each answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

import http_ece  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric import ec

from vdx.lib import clock, outgoing, vapid

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
    try:
        status = outgoing.post(address.endpoint, body, headers, allow_private=sender.loopback, deadline=TIMEOUT)
    except outgoing.TargetRefused:
        return Answer.REFUSED
    except outgoing.CallFailed:
        return Answer.LATER
    return _answer(status)


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
