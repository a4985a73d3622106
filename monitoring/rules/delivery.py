"""Whether a delivery for the probe is one that the hub's own worker has signed just now."""

from __future__ import annotations

import hashlib
import hmac

# A delivery is tried again for a while; what is older than this is somebody's copy.
FRESH_SECONDS = 300


def is_genuine(*, secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether the signature of a webhook (docs/api.md) holds, and the moment that it names is near ``now``."""
    if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp[:15])) > FRESH_SECONDS:
        return False
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v1={signed}".encode(), signature.encode())
