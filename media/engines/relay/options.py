"""How a worker runs, from the hub's settings."""

from __future__ import annotations

from django.conf import settings

from media.engines.relay.known import secret, worker_urls
from media.engines.relay.preflight import CannotRun
from media.engines.relay.sockets import Addresses
from media.engines.relay.worker import Options

__all__ = ["secret", "worker_options", "worker_urls"]


def worker_options(number: int) -> Options:
    """How worker ``number`` runs. Workers share the range of ports: whoever finds one free takes it.

    Raises :class:`CannotRun` where there are not so many workers.
    """
    urls = worker_urls()
    if not 0 <= number < len(urls):
        raise CannotRun(f"there is no number {number}: VDX_RELAY_URLS or VDX_RELAY_WORKERS say {len(urls)}, from 0")
    return Options(
        urls[number],
        secret(),
        Addresses(tuple(settings.VDX_RELAY_ADDRESSES), settings.VDX_RELAY_PUBLIC_IP, settings.VDX_RELAY_PORTS),
    )
