"""The hub's own numbers: who it is, what it has, and how long its answers take."""

from __future__ import annotations

from vdx.lib.metrics import Gauge, Timing
from vdx.version import VERSION
from vdx.views import health

# The first part of a path, and whose it is. Everything else is `other`: a path never becomes a label.
_AREAS = {
    "m": "rooms",
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
Gauge("vdx_information", "Always 1; the version is in the label.", lambda: {(VERSION,): 1}, ("version",))
Gauge(
    "vdx_ready",
    "1 for each part that answers; media may be away, and two devices still talk directly.",
    lambda: {(part,): float(state == "ok") for part, state in health.parts().items()},
    ("part",),
)


def note_request(path: str, status: int, seconds: float) -> None:
    """Count one answer."""
    area = _AREAS.get(path.lstrip("/").partition("/")[0], "other")
    _REQUESTS.note(seconds, area, f"{status // 100}xx")
