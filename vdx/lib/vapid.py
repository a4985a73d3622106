"""The key by which push services know this hub (RFC 8292, VAPID): a P-256 key, written in base64url without ``=``.

It knows no settings: vdx.settings draws the embedded hub's own here.
"""

from __future__ import annotations

import base64

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

# Seconds that a signed claim is good for; RFC 8292 allows a day.
CLAIM_SECONDS = 3600
_PRIVATE_BYTES = 32


def draw() -> str:
    """A fresh private key: 32 bytes, 43 characters."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encode(number.to_bytes(_PRIVATE_BYTES, "big"))


def public_of(private: str) -> str:
    """The public half, as browsers want it when they subscribe: 65 bytes. Raises ``ValueError`` for no such key."""
    return encode(point_of(_key(private).public_key()))


def authorization(private: str, *, audience: str, subject: str, now: float) -> str:
    """The ``Authorization`` header for a push to ``audience`` (scheme and host of the endpoint); ``now``: seconds, UTC.

    ``subject`` is where the push service may write to (``mailto:`` or https).
    """
    key = _key(private)
    claims = {"aud": audience, "exp": int(now) + CLAIM_SECONDS, "sub": subject}
    token = jwt.encode(claims, key, algorithm="ES256")
    return f"vapid t={token}, k={encode(point_of(key.public_key()))}"


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes: an uncompressed point (X9.62)."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def encode(raw: bytes) -> str:
    """base64url without padding (RFC 7515, appendix C)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of base64url, with or without padding. Raises ``ValueError`` for anything else."""
    bare = text.rstrip("=")
    if not bare.isascii() or not all(letter.isalnum() or letter in "-_" for letter in bare):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def _key(private: str) -> ec.EllipticCurvePrivateKey:
    raw = decode(private)
    if len(raw) != _PRIVATE_BYTES:
        raise ValueError("a VAPID private key has 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
