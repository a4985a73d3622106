"""The hub's own numbers: who it is, what it has, and how long its answers take."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.conf import settings

from vdx.celery import app as celery
from vdx.lib.metrics import Gauge, Level, Timing
from vdx.version import VERSION
from vdx.views import health

_PATIENCE_SECONDS = 2
# The first part of a path, and whose it is. Everything else is `other`: a path never becomes a label.
_AREAS = {
    "m": "rooms",
    "f": "rooms",
    "videoapi": "api",
    "organisation": "api",
    "oauth": "api",
    ".well-known": "api",
    "portal": "portal",
    "konto": "account",
    "admin": "admin",
    "static": "static",
    "sundhed": "machines",
    "metrics": "machines",
}
_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")

_REQUESTS = Timing(
    "vdx_http_request_seconds",
    "How long the hub took to answer requests.",
    _BOUNDS,
    ("area", "status"),
    ((area, status) for area in (*sorted(set(_AREAS.values())), "other") for status in _STATUSES),
)
# The first part of a socket's path, and what it is for.
_SOCKETS = {"m": "room", "portal": "desk", "test": "test"}
_CONNECTIONS = Level(
    "vdx_websocket_connections",
    "Websockets that are open: rooms, desks (waiting rooms in the portal) and device tests.",
    ("socket",),
    ((socket,) for socket in (*_SOCKETS.values(), "other")),
)
Gauge(
    "vdx_queue_length",
    "Tasks that wait for a worker. What is due stands in the database: see vdx_booking_waiting_to_go_out.",
    lambda: {(): _tasks_waiting()},
    source="cache",
)
Gauge("vdx_information", "Always 1; the version is in the label.", lambda: {(VERSION,): 1}, ("version",), source="here")
Gauge(
    "vdx_ready",
    "1 for each part that answers; media may be away, and two devices still talk directly.",
    lambda: {(part,): float(state == "ok") for part, state in health.parts().items()},
    ("part",),
    source="here",
)


def note_request(path: str, status: int, seconds: float) -> None:
    """Count one answer."""
    area = _AREAS.get(path.lstrip("/").partition("/")[0], "other")
    _REQUESTS.note(seconds, area, f"{status // 100}xx")


@contextlib.contextmanager
def connected(path: str) -> Iterator[None]:
    """Count a websocket for as long as it is open."""
    socket = _SOCKETS.get(path.lstrip("/").partition("/")[0], "other")
    _CONNECTIONS.up(socket)
    try:
        yield
    finally:
        _CONNECTIONS.down(socket)


def _tasks_waiting() -> int:
    with celery.pool.acquire(block=True, timeout=_PATIENCE_SECONDS) as connection:
        channel = connection.default_channel
        try:
            waiting: int = channel.queue_declare(settings.CELERY_TASK_DEFAULT_QUEUE, passive=True).message_count
        except connection.channel_errors:
            # A queue that is empty is not there.
            return 0
        return waiting
