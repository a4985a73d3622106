"""The channel layer in service: a quiet socket stays connected, and there is room for many."""

from __future__ import annotations

import asyncio

import pytest
from channels.layers import channel_layers
from django.conf import settings

pytestmark = pytest.mark.skipif(not settings.VDX_REDIS_URL, reason="Needs Redis; tested in the run with it.")


async def test_a_channel_that_was_quiet_for_seconds_still_hears() -> None:
    """redis-py would close the connection after five seconds without a word, unless told otherwise."""
    layer = channel_layers.make_backend("default")
    channel = await layer.new_channel()
    await layer.group_add("room.1", channel)
    waiting = asyncio.create_task(layer.receive(channel))
    await asyncio.sleep(7)
    await layer.group_send("room.1", {"type": "hello"})
    assert await asyncio.wait_for(waiting, 2) == {"type": "hello"}
    await layer.flush()


async def test_more_sockets_than_redis_py_has_connections_by_default() -> None:
    layer = channel_layers.make_backend("default")
    channels = [await layer.new_channel() for _ in range(150)]
    for channel in channels:
        await layer.group_add("room.1", channel)
    await layer.group_send("room.1", {"type": "hello"})
    heard = await asyncio.wait_for(asyncio.gather(*(layer.receive(channel) for channel in channels)), 5)
    assert heard == [{"type": "hello"}] * 150
    await layer.flush()


async def test_what_passes_through_redis_cannot_be_read_there() -> None:
    layer = channel_layers.make_backend("default")
    assert b"Bodil" not in layer.serialize({"type": "name", "name": "Bodil"})
    await layer.flush()
