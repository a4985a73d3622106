"""The state of health of the hub, for a load balancer and for ``make run``. No secret, no login, no personal data."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from media import services as media
from vdx.tasks import HEARTBEAT_KEY

log = logging.getLogger(__name__)

SECONDS = 2


@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers. Restart it when this fails."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Everything that a call needs is there. Send no traffic while this answers 503.

    ``media`` is told and does not count: without a media server two devices still talk directly, and the pages work.
    """
    state = parts()
    healthy = all(value == "ok" for name, value in state.items() if name != "media")
    return JsonResponse({"status": "ok" if healthy else "failed", **state}, status=200 if healthy else 503)


def parts() -> dict[str, str]:
    """``ok``, ``missing`` or ``failed`` for each thing that the hub needs."""
    checks = {"database": _database, "cache": _cache, "channel_layer": _channel_layer, "worker": _worker}
    state: dict[str, str] = {}
    for name, check in checks.items():
        try:
            state[name] = "ok" if check() else "missing"
        except Exception as error:  # noqa: BLE001  # whatever a broken part raises is the answer here
            log.warning("readiness: %s failed with %s", name, type(error).__name__)
            state[name] = "failed"
    state["media"] = "ok" if media.answers() else "missing"
    return state


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _cache() -> bool:
    key, value = f"ready:{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, value, SECONDS)
    found = cache.get(key) == value
    cache.delete(key)
    return found


def _channel_layer() -> bool:
    return async_to_sync(_echo)()


async def _echo() -> bool:
    layer = get_channel_layer()
    name = await layer.new_channel()
    await layer.send(name, {"type": "ready"})
    message = await asyncio.wait_for(layer.receive(name), SECONDS)
    # A cancelled receive is how a channel layer learns that the channel is no longer listened to.
    listener = asyncio.ensure_future(layer.receive(name))
    await asyncio.sleep(0)
    listener.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listener
    return bool(message == {"type": "ready"})


def _worker() -> bool:
    """The worker has run the heartbeat task, sent by the beat, within the last minute."""
    return cache.get(HEARTBEAT_KEY) is not None
