"""Numbers of the meeting place for Prometheus."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.dispatch import receiver

from rooms import errors, number_queries
from rooms.signals import participant_admitted, participant_refused, participant_waiting
from vdx.lib import clock
from vdx.lib.errors import DomainError, Throttled
from vdx.lib.metrics import Counter, Gauge, once

P = ParamSpec("P")
R = TypeVar("R")

_HOST, _WAITING, _ADMITTED, _TURNED_AWAY, _OTHER = "host", "waiting", "admitted", "turned_away", "other"
# Every refusal that the meeting place knows, and having to wait after wrong guesses.
_REFUSALS = frozenset(
    error.code
    for _name, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, DomainError) and error.__module__ == errors.__name__
) | {Throttled.code}
_JOINS = Counter(
    "vdx_joins_total",
    "What came of wanting to go into a room: a host came; a guest waits, was admitted or turned_away; or the refusal.",
    ("result",),
    ((result,) for result in (_HOST, _WAITING, _ADMITTED, _TURNED_AWAY, *sorted(_REFUSALS), _OTHER)),
)
_present = once(lambda: number_queries.present(clock.now()))

Gauge(
    "vdx_rooms",
    "Rooms that are not closed: planned, or open because a device has come.",
    lambda: {(str(state),): number for state, number in number_queries.rooms_by_state().items()},
    ("state",),
)
Gauge("vdx_calls", "Rooms in which two devices or more take part now.", lambda: {(): _present().calls})
Gauge(
    "vdx_devices",
    "Devices that take part now, by kind.",
    lambda: {(str(kind),): number for kind, number in _present().devices.items()},
    ("kind",),
)
Gauge("vdx_waiting", "Guests who are connected and wait to be let in.", lambda: {(): _present().waiting})


def host_came() -> None:
    """A host has gone into a room."""
    _JOINS.count(_HOST)


def refused(error: DomainError) -> None:
    """Somebody who wanted to go in was not let in."""
    _JOINS.count(error.code if error.code in _REFUSALS else _OTHER)


def counts_refusals(view: Callable[P, R]) -> Callable[P, R]:
    """View decorator, outermost: a refusal of somebody who wanted to go in is counted."""

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return view(*args, **kwargs)
        except DomainError as error:
            refused(error)
            raise

    return counted


@receiver(participant_waiting, dispatch_uid="rooms.count_waiting")
def count_waiting(**kwargs: Any) -> None:
    """Once for each time that a guest knocked."""
    _JOINS.count(_WAITING)


@receiver(participant_admitted, dispatch_uid="rooms.count_admitted")
def count_admitted(**kwargs: Any) -> None:
    """A host has let a guest in."""
    _JOINS.count(_ADMITTED)


@receiver(participant_refused, dispatch_uid="rooms.count_turned_away")
def count_turned_away(**kwargs: Any) -> None:
    """A host has turned a guest away."""
    _JOINS.count(_TURNED_AWAY)
