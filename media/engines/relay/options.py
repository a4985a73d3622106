"""The relay's part of the hub's settings, for workers and for those who speak with them."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from django.conf import settings

from media.engines.relay.sockets import Addresses
from media.engines.relay.worker import Options


def worker_urls() -> list[str]:
    """Where the workers listen: ``VDX_RELAY_URLS``, or else ``VDX_RELAY_WORKERS`` sockets in ``var/relay/``."""
    if settings.VDX_RELAY_URLS:
        return list(settings.VDX_RELAY_URLS)
    folder = Path(settings.VAR_DIR).resolve() / "relay"
    return [f"unix://{folder}/{number}.sock" for number in range(settings.VDX_RELAY_WORKERS)]


def secret() -> str:
    """What web processes and workers know and nobody else: drawn from ``VDX_SECRET_KEY``."""
    return hmac.new(settings.SECRET_KEY.encode(), b"media.engines.relay", hashlib.sha256).hexdigest()


def worker_options(number: int) -> Options:
    """How worker ``number`` runs. Workers share the range of ports: whoever finds one free takes it."""
    return Options(
        worker_urls()[number],
        secret(),
        Addresses(tuple(settings.VDX_RELAY_ADDRESSES), settings.VDX_RELAY_PUBLIC_IP, settings.VDX_RELAY_PORTS),
    )
