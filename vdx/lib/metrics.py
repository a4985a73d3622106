"""Numbers for whoever watches the hub (Prometheus' text format, version 0.0.4).

Every app registers its own in ``metrics.py``, imported by its ``apps.py``; ``/metrics`` writes them all. Each says
beforehand which values its labels may have, so that no id, address or text of a person can ever become a label, and a
series that has not happened yet stands there with 0.

Counters and timings are the whole hub's: each process adds up what it counts and hands it over to the cache once a
second. So every web process answers for all, and a process that is killed takes a second's counts with it at most. They
begin at 0 again with the cache, which is what the readers of counters expect. Gauges are read when somebody asks.

Levels go up and down inside processes: each process keeps what it has in a place of its own in the cache, and says so
anew while it lives. Every web process adds all places up; what a killed one had is gone with its place.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.core.cache import cache
from django.db import InterfaceError, OperationalError

log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HAND_OVER_SECONDS = 1.0
# A process says its levels anew so often, and counts as dead when it has not for so long.
RENEW_SECONDS, FORGET_SECONDS = 5.0, 20
# So many processes may have levels at once; one more says nothing until another's place is free.
PLACES = 64
_MICRO = 1_000_000
Values = tuple[str, ...]
T = TypeVar("T")


class Metric:
    """What all have in common: a name, a line that says what it is, and names of labels."""

    kind = ""
    # Where it is read from: who finds that away asks there no more.
    source = "cache"

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = ()) -> None:
        if name in _registered:
            raise ValueError(f"there is a metric {name} already")
        self.name, self.meaning, self.labels = name, meaning, tuple(labels)
        _registered[name] = self

    def lines(self) -> list[str]:
        """What it is now, as it is read."""
        raise NotImplementedError

    def line(self, value: float, values: Values, *, ending: str = "", also: Mapping[str, str] | None = None) -> str:
        """One series and its value."""
        pairs = {**dict(zip(self.labels, values, strict=True)), **(also or {})}
        inside = ",".join(f'{name}="{_escaped(text)}"' for name, text in pairs.items())
        number = str(int(value)) if value == int(value) else repr(value)
        return f"{self.name}{ending}{'{' + inside + '}' if inside else ''} {number}"


class Gauge(Metric):
    """A number that goes up and down. ``read`` gives it for each combination of the labels' values: () without any.

    ``source``: ``database``, or anything else where the database is not asked.
    """

    kind = "gauge"

    def __init__(
        self,
        name: str,
        meaning: str,
        read: Callable[[], Mapping[Values, float]],
        labels: Sequence[str] = (),
        *,
        source: str = "database",
    ) -> None:
        super().__init__(name, meaning, labels)
        self._read = read
        self.source = source

    def lines(self) -> list[str]:
        """As it is at this moment."""
        return [self.line(value, values) for values, value in self._read().items()]


class Level(Metric):
    """A number that goes up and down where things begin and end, such as sockets; of all processes together.

    ``series`` as of :class:`Counter`.
    """

    kind = "gauge"

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = (), series: Iterable[Values] = ((),)) -> None:
        super().__init__(name, meaning, labels)
        self._keys = {values: _key(name, values) for values in series}

    def up(self, *values: str) -> None:
        """One more. Raises ``KeyError`` for values that were not said beforehand."""
        _change_level(self._keys[values], 1)

    def down(self, *values: str) -> None:
        """One less, in the same process as before."""
        _change_level(self._keys[values], -1)

    def lines(self) -> list[str]:
        """All series."""
        found = _all_levels()
        return [self.line(found.get(key, 0), values) for values, key in self._keys.items()]


class Counter(Metric):
    """A number that only grows. ``series`` are all combinations of the labels' values that there can be."""

    kind = "counter"

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = (), series: Iterable[Values] = ((),)) -> None:
        super().__init__(name, meaning, labels)
        self._keys = {values: _key(name, values) for values in series}

    def count(self, *values: str) -> None:
        """One more. Raises ``KeyError`` for values that were not said beforehand."""
        _add({self._keys[values]: 1})

    def lines(self) -> list[str]:
        """All series."""
        found = _kept(self._keys.values())
        return [self.line(found.get(key, 0), values) for values, key in self._keys.items()]


class Timing(Metric):
    """How long something took, as a histogram. ``bounds`` are seconds, growing; ``series`` as of :class:`Counter`."""

    kind = "histogram"

    def __init__(
        self,
        name: str,
        meaning: str,
        bounds: Sequence[float],
        labels: Sequence[str] = (),
        series: Iterable[Values] = ((),),
    ) -> None:
        super().__init__(name, meaning, labels)
        self._bounds = tuple(bounds)
        parts = [*(f"le{bound}" for bound in self._bounds), "count", "sum"]
        self._keys = {values: {part: _key(name, values, part) for part in parts} for values in series}

    def note(self, seconds: float, *values: str) -> None:
        """It took so long once more. Raises ``KeyError`` for values that were not said beforehand."""
        keys = self._keys[values]
        amounts = {keys["count"]: 1, keys["sum"]: round(seconds * _MICRO)}
        # Only the first bucket that holds it is written; the reader adds them up.
        within = next((bound for bound in self._bounds if seconds <= bound), None)
        if within is not None:
            amounts[keys[f"le{within}"]] = 1
        _add(amounts)

    def lines(self) -> list[str]:
        """All series, each with its buckets, sum and count."""
        found = _kept(key for keys in self._keys.values() for key in keys.values())
        lines = []
        for values, keys in self._keys.items():
            so_far = 0
            for bound in self._bounds:
                so_far += found.get(keys[f"le{bound}"], 0)
                lines.append(self.line(so_far, values, ending="_bucket", also={"le": repr(bound)}))
            count = found.get(keys["count"], 0)
            lines.append(self.line(count, values, ending="_bucket", also={"le": "+Inf"}))
            lines.append(self.line(found.get(keys["sum"], 0) / _MICRO, values, ending="_sum"))
            lines.append(self.line(count, values, ending="_count"))
        return lines


def exposition() -> str:
    """All numbers of the hub. One that cannot be read is left out and logged; the others stand.

    Where the database or the cache is away, what else would be read from there is left out without waiting for it.
    """
    hand_over()
    written: list[str] = []
    away: set[str] = set()
    _exposing.known = {}
    try:
        for name in sorted(_registered):
            metric = _registered[name]
            if metric.source in away:
                continue
            try:
                lines = metric.lines()
            except Exception as error:
                log.exception("the metric %s could not be read", name)
                if metric.source == "cache" or isinstance(error, OperationalError | InterfaceError):
                    away.add(metric.source)
                continue
            written += [f"# HELP {name} {metric.meaning}", f"# TYPE {name} {metric.kind}", *lines]
    finally:
        _exposing.known = None
    return "\n".join(written) + "\n"


def once(read: Callable[[], T]) -> Callable[[], T]:
    """What several gauges are taken from: asked for once while all numbers are written, and each time otherwise."""

    def shared() -> T:
        known: dict[object, T] | None = getattr(_exposing, "known", None)
        if known is None:
            return read()
        if read not in known:
            known[read] = read()
        return known[read]

    return shared


def hand_over() -> None:
    """Add what this process has counted to what the hub has, and say its levels.

    What the cache does not take is kept for next time.
    """
    _say_levels()
    with _lock:
        taken = dict(_counted)
        _counted.clear()
    for key in list(taken):
        try:
            _increase(key, taken[key])
        except Exception as error:  # noqa: BLE001  # nobody who counts shall fail because of it
            log.warning("counts wait for the cache: %s", type(error).__name__)
            break
        del taken[key]
    if taken:
        _gather(taken)


_registered: dict[str, Metric] = {}
_counted: dict[str, int] = {}
_levels: dict[str, int] = {}
# Tells processes apart, also those of several machines with the same number.
_PROCESS = uuid.uuid4().hex
_place: int | None = None
_lock = threading.Lock()
_exposing = threading.local()
_something = threading.Event()
_courier: threading.Thread | None = None


def _add(amounts: Mapping[str, int]) -> None:
    _gather(amounts)
    _send_courier()


def _change_level(key: str, by: int) -> None:
    with _lock:
        _levels[key] = _levels.get(key, 0) + by
    _send_courier()


def _send_courier() -> None:
    global _courier
    _something.set()
    if _courier is None or not _courier.is_alive():
        with _lock:
            if _courier is None or not _courier.is_alive():
                _courier = threading.Thread(target=_hand_over_for_good, name="metrics", daemon=True)
                _courier.start()


def _gather(amounts: Mapping[str, int]) -> None:
    with _lock:
        for key, amount in amounts.items():
            _counted[key] = _counted.get(key, 0) + amount


def _hand_over_for_good() -> None:
    while True:
        if _something.wait(RENEW_SECONDS if any(_levels.values()) else None):
            time.sleep(HAND_OVER_SECONDS)
            _something.clear()
        hand_over()


def _say_levels() -> None:
    """Renew this process's place in the cache, or take one; an empty process needs none."""
    global _place
    with _lock:
        mine = {"of": f"{os.getpid()}:{_PROCESS}", "levels": {key: level for key, level in _levels.items() if level}}
    try:
        if _place is not None:
            there = cache.get(_place_key(_place))
            if there is not None and there["of"] == mine["of"]:
                cache.set(_place_key(_place), mine, FORGET_SECONDS)
                return
            # The cache has begun anew, or this process slept for so long that another one has its place.
            _place = None
        if mine["levels"]:
            _place = next(
                (place for place in range(PLACES) if cache.add(_place_key(place), mine, FORGET_SECONDS)), None
            )
            if _place is None:
                log.warning("no place is left for this process's levels")
    except Exception as error:  # noqa: BLE001  # nobody who counts shall fail because of it
        log.warning("levels wait for the cache: %s", type(error).__name__)


def _all_levels() -> dict[str, int]:
    found: dict[str, int] = {}
    for there in cache.get_many([_place_key(place) for place in range(PLACES)]).values():
        for key, level in there["levels"].items():
            found[key] = found.get(key, 0) + level
    return found


def _place_key(place: int) -> str:
    return f"metrics:place:{place}"


def _increase(key: str, amount: int) -> None:
    try:
        cache.incr(key, amount)
    except ValueError:
        # Not there yet. Of two processes that both find so, one makes it and both add.
        cache.add(key, 0, timeout=None)
        cache.incr(key, amount)


def _kept(keys: Iterable[str]) -> dict[str, int]:
    return {key: int(value) for key, value in cache.get_many(list(keys)).items()}


def _key(name: str, values: Values, part: str = "") -> str:
    return f"metrics:{name}:{':'.join(values)}:{part}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
