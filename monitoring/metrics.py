"""Monitoring's numbers for Prometheus."""

from __future__ import annotations

from monitoring import queries
from rooms import queries as rooms_queries
from vdx.lib import clock
from vdx.lib.metrics import Gauge, Timing, once

_LINK_TO_PICTURE = Timing(
    "vdx_link_to_picture_seconds",
    "How long guests' browsers and the hub took from the link to the first picture; nobody's own waiting is in it.",
    (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0, 60.0),
)


def note_link_to_picture(seconds: float) -> None:
    """One more guest has seen the first picture."""
    _LINK_TO_PICTURE.note(seconds)


# Also what still waits to be taken in: with the worker or the database away nothing is.
_newest_run = once(lambda: queries.newest_found(now=clock.now()))


def _probe_up() -> dict[tuple[str, ...], float]:
    run = _newest_run()
    return {} if run is None else {(): float(not run.failed)}


def _probe_leg_up() -> dict[tuple[str, ...], float]:
    run = _newest_run()
    if run is None:
        return {}
    return {(leg,): float(leg != run.failed) for leg in (*run.legs, *filter(None, [run.failed]))}


def _probe_leg_seconds() -> dict[tuple[str, ...], float]:
    run = _newest_run()
    return {} if run is None else {(leg,): taken / 1000 for leg, taken in run.legs.items()}


def _probe_age() -> dict[tuple[str, ...], float]:
    run = _newest_run()
    return {} if run is None else {(): max(0.0, (clock.now() - run.started_at).total_seconds())}


# Which legs there are stands in monitoring/probe/legs.py, and a run that names another is not taken in.
Gauge(
    "vdx_probe_up", "1 where the newest run of the probe came through, 0 where a leg failed.", _probe_up, source="here"
)
Gauge(
    "vdx_probe_leg_up",
    "1 for each leg of the newest run that came through, 0 for the one that failed; the rest was not tried.",
    _probe_leg_up,
    ("leg",),
    source="here",
)
Gauge("vdx_probe_leg_seconds", "How long each leg of the newest run took.", _probe_leg_seconds, ("leg",), source="here")
Gauge("vdx_probe_age_seconds", "How long ago the newest run of the probe began.", _probe_age, source="here")

_LEVELS = ("within", "grace", "full")
_load = once(lambda: rooms_queries.load(clock.now()))

Gauge(
    "vdx_capacity",
    "Calls at the same time that the hub is meant for, and the most there may be.",
    lambda: {("capacity",): _load().capacity, ("limit",): _load().limit},
    ("which",),
)
Gauge(
    "vdx_call_places",
    "Places that calls have, with those kept for calls whose connections have just gone.",
    lambda: {(): _load().places},
)
Gauge(
    "vdx_capacity_level",
    "1 for where the places leave the hub: within its capacity, in the grace, or full.",
    lambda: {(level,): float(_load().level == level) for level in _LEVELS},
    ("level",),
)
