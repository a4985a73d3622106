"""The threads in which sockets use the database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

# One thread for all sockets, as Channels has it, would let one wait for a row stop every room's heartbeats. These have
# threads of their own, which wait for no room's row, however many of the others do. Together they stay below the
# process's database connections (settings).
_AT_WORK = ThreadPoolExecutor(8, thread_name_prefix="room")
_BEATING = ThreadPoolExecutor(2, thread_name_prefix="room-beat")

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What comes of a function that may wait for a room's row."""
    return await _run(_AT_WORK, partial(function, *args, **kwargs))


async def beating(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What comes of a heartbeat."""
    return await _run(_BEATING, partial(function, *args, **kwargs))


async def _run(pool: ThreadPoolExecutor, call: Callable[[], T]) -> T:
    # Gives the thread's connection back afterwards.
    result: T = await database_sync_to_async(call, thread_sensitive=False, executor=pool)()
    return result
