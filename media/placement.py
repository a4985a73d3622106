"""Which rooms go by a server, and by which: one record that all web processes share.

Sync; async callers use :func:`in_thread`. Every step is one statement that is right also when two processes come at
once, so that nothing is locked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async

from media.errors import NoMediaServer
from media.models import MediaRoom

#: A room that no device has come to for this long is forgotten.
FORGOTTEN_AFTER = timedelta(days=1)
# Threads of our own, so that nobody who waits for a row elsewhere holds up a call's start. They count among the
# process's database connections (settings).
_THREADS = ThreadPoolExecutor(4, thread_name_prefix="media")

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one of this module's functions from async code."""
    call = partial(function, *args, **kwargs)
    result: T = await database_sync_to_async(call, thread_sensitive=False, executor=_THREADS)()
    return result


def engine_of(room: UUID) -> str | None:
    """The server engine that the room is on; None while it is direct."""
    return MediaRoom.objects.filter(room=room).values_list("engine", flat=True).first()


def settle(room: UUID, *, engine: str, now: datetime) -> bool:
    """The room goes by a server from now on. True if it was direct until now; else it stays on the engine it has."""
    _, created = MediaRoom.objects.get_or_create(room=room, defaults={"engine": engine, "used_at": now})
    if not created:
        MediaRoom.objects.filter(room=room).update(used_at=now)
    return created


def switch(room: UUID, *, seen: str, to_engine: str, now: datetime) -> bool:
    """Put the room on another server engine than ``seen``, and forget its server.

    False where it is not on that engine any more: somebody else was first.
    """
    there = MediaRoom.objects.filter(room=room, engine=seen)
    return bool(there.update(engine=to_engine, server="", used_at=now))


def place(room: UUID, *, engine: str, choose: Callable[[], str], now: datetime) -> str:
    """The address of the room's server; chosen now if it has none. Of two who choose at once, one is right for both.

    Raises :class:`NoMediaServer` where the room is on another engine by now.
    """
    settle(room, engine=engine, now=now)
    own = MediaRoom.objects.filter(room=room, engine=engine)
    server = own.values_list("server", flat=True).first()
    if server == "":
        own.filter(server="").update(server=choose())
        server = own.values_list("server", flat=True).first()
    if not server:
        raise NoMediaServer
    return server


def move(room: UUID, *, engine: str, away_from: str, to: str, now: datetime) -> str:
    """Give the room to another server of its engine, unless somebody else was first. Returns the one that has it.

    Raises :class:`NoMediaServer` where the room is on another engine by now.
    """
    MediaRoom.objects.filter(room=room, engine=engine, server=away_from).update(server=to, used_at=now)
    return place(room, engine=engine, choose=lambda: to, now=now)


def servers_of(rooms: Collection[UUID], *, engine: str) -> dict[UUID, str]:
    """Where rooms of an engine are now, in one query. A room without a server, or on another engine, is left out."""
    placed = MediaRoom.objects.filter(room__in=rooms, engine=engine).exclude(server="")
    return dict(placed.values_list("room", "server"))


def forget(room: UUID) -> None:
    """The room is over and comes never again."""
    MediaRoom.objects.filter(room=room).delete()


def forget_old(*, now: datetime) -> int:
    """Sweep: forget rooms that nobody has come to for a day."""
    return MediaRoom.objects.filter(used_at__lt=now - FORGOTTEN_AFTER).delete()[0]
