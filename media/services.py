"""Sound and picture of a room: browser to browser while two devices can, then by the server engine, for good."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from media import ice, placement
from media.engine import SERVER, Device, Engine, IceServer, Ticket
from media.engines.direct import DirectEngine
from media.engines.fake import FakeEngine
from media.engines.janus.engine import JanusEngine
from media.engines.relay import known
from media.engines.relay.engine import RelayEngine
from media.errors import NoMediaServer
from media.placement import in_thread
from media.reach import reachable

__all__ = [
    "SERVER", "Device", "Engine", "NoMediaServer", "Ticket", "answers", "close", "discard", "end", "engine",
    "engine_of", "events", "join", "leave", "signal",
]  # fmt: skip

DIRECT, RELAY, JANUS = "direct", "relay", "janus"
# Two processes may see different engines at first; a record that still changes then is none to begin on.
ATTEMPTS = 3

_engines: dict[str, Engine] = {}


def engine(name: str) -> Engine:
    """The engine of that name, made once a process."""
    if name not in _engines:
        _engines[name] = _make(name)
    return _engines[name]


async def close() -> None:
    """The process ends: let go of every engine."""
    while _engines:
        await _engines.popitem()[1].close()


def answers() -> bool:
    """Whether a server of the engine at work can be reached at all: for the health page. Takes two seconds at most."""
    return any(reachable(url) for name in _at_work() for url in _addresses(name))


async def engine_of(room: UUID) -> str | None:
    """The server engine that the room is on; None while it is direct."""
    return await in_thread(placement.engine_of, room)


async def join(device: Device, *, direct: bool, now: datetime) -> Ticket:
    """Take a device in, or renew its ticket. ``direct``: there are two devices at most, the template allows it, and
    the direct way has not failed. A room that is on a server stays there. Raises :class:`NoMediaServer`.
    """
    for _ in range(ATTEMPTS):
        seen = await engine_of(device.room)
        if seen is None and direct:
            return _by_policy(await engine(DIRECT).join(device, now=now))
        ticket = await _join_server(device, seen, now)
        # Only now: where no server answers, those who talk directly are left in peace.
        if seen in (None, ticket.engine):
            moved = await in_thread(placement.settle, device.room, engine=ticket.engine, now=now)
        else:
            moved = await in_thread(placement.switch, device.room, seen=seen, to_engine=ticket.engine, now=now)
        if await engine_of(device.room) == ticket.engine:
            return replace(_by_policy(ticket), moved=moved)
        # Somebody else was first, and came to another engine.
    raise NoMediaServer


async def _join_server(device: Device, wanted: str | None, now: datetime) -> Ticket:
    name = wanted if wanted in _at_work() else settings.VDX_MEDIA_ENGINE
    try:
        return await engine(name).join(device, now=now)
    except NoMediaServer:
        if name == RELAY or RELAY not in _at_work():
            raise
        return await engine(RELAY).join(device, now=now)


async def signal(sender: Device, recipient: Device, data: Mapping[str, Any]) -> bool:
    """A browser's word. True: pass it on unread to the other seat. False: it was for the server, or is refused."""
    if recipient.seat != SERVER:
        return await engine(DIRECT).signal(sender, recipient, data)
    for name in _at_work():
        # The one that has the sender's connections takes it.
        await engine(name).signal(sender, recipient, data)
    return False


async def events(device: Device, *, epoch: int | None = None) -> AsyncGenerator[Mapping[str, Any], None]:
    """What the room's server engine says to the device's browser: :meth:`media.engine.Engine.events`.

    A room that is direct has nothing to say. Raises :class:`NoMediaServer`.
    """
    name = await engine_of(device.room)
    if name not in _at_work():
        return
    words = engine(name).events(device, epoch=epoch)
    try:
        async for word in words:
            yield word
    finally:
        # Whoever stops listening lets go of the connections at once, not when the iterator is swept up.
        if isinstance(words, AsyncGenerator):
            await words.aclose()


async def leave(device: Device) -> None:
    """The device has left: its connections end."""
    for one in list(_engines.values()):
        await one.leave(device)


async def end(room: UUID) -> None:
    """The room is over: the connections of all its devices end, also of those whose sockets are away."""
    for one in list(_engines.values()):
        await one.end(room)


async def discard(room: UUID) -> None:
    """A throw-away room is over: its connections end, and nothing of it is remembered."""
    await end(room)
    await in_thread(placement.forget, room)


def _at_work() -> tuple[str, ...]:
    """The server engines that a room may be on: the setting's, and the relay where it may stand in for Janus."""
    stands_in = settings.VDX_MEDIA_ENGINE == JANUS and settings.VDX_JANUS_FALLBACK
    return (settings.VDX_MEDIA_ENGINE, RELAY) if stands_in else (settings.VDX_MEDIA_ENGINE,)


def _addresses(name: str) -> list[str]:
    return {RELAY: known.worker_urls(), JANUS: list(settings.VDX_JANUS_URLS)}.get(name, [])


def _make(name: str) -> Engine:
    if name == RELAY:
        return RelayEngine(known.worker_urls(), known.secret(), _servers)
    if name == JANUS:
        return JanusEngine(settings.VDX_JANUS_URLS, settings.VDX_JANUS_SECRET, _servers)
    return FakeEngine() if name == "fake" else DirectEngine(_servers)


def _by_policy(ticket: Ticket) -> Ticket:
    return replace(ticket, ice_transport_policy=settings.VDX_ICE_TRANSPORT_POLICY)


def _servers(seat: str, now: datetime) -> tuple[tuple[IceServer, ...], datetime | None]:
    return ice.ice_servers(
        stun=settings.VDX_STUN_URLS,
        turn=settings.VDX_TURN_URLS,
        secret=settings.VDX_TURN_SECRET,
        seat=seat,
        seconds=settings.VDX_TURN_SECONDS,
        now=now,
    )
