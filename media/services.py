"""The engine of this installation."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.conf import settings

from media import ice
from media.engine import Device, Engine, IceServer, Ticket
from media.engines.direct import DirectEngine
from media.engines.fake import FakeEngine

__all__ = ["Device", "Engine", "Ticket", "engine"]


@cache
def engine() -> Engine:
    """The engine that ``VDX_MEDIA_ENGINE`` names, made once a process."""
    return FakeEngine() if settings.VDX_MEDIA_ENGINE == "fake" else DirectEngine(_servers)


def _servers(seat: str, now: datetime) -> tuple[tuple[IceServer, ...], datetime | None]:
    return ice.ice_servers(
        stun=settings.VDX_STUN_URLS,
        turn=settings.VDX_TURN_URLS,
        secret=settings.VDX_TURN_SECRET,
        seat=seat,
        seconds=settings.VDX_TURN_SECONDS,
        now=now,
    )
