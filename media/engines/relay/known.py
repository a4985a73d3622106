"""What web processes and workers both know: where the workers listen, and the secret. Needs none of their libraries."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from django.conf import settings


def worker_urls() -> list[str]:
    """Where the workers listen: ``VDX_RELAY_URLS``, or else ``VDX_RELAY_WORKERS`` sockets in ``var/relay/``."""
    if settings.VDX_RELAY_URLS:
        return list(settings.VDX_RELAY_URLS)
    folder = Path(settings.VAR_DIR).resolve() / "relay"
    return [f"unix://{folder}/{number}.sock" for number in range(settings.VDX_RELAY_WORKERS)]


def secret() -> str:
    """What web processes and workers know and nobody else: drawn from ``VDX_SECRET_KEY``."""
    return hmac.new(settings.SECRET_KEY.encode(), b"media.engines.relay", hashlib.sha256).hexdigest()
