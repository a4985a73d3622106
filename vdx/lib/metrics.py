"""Numbers for whoever watches the hub (Prometheus' text format, version 0.0.4).

Every app registers its own in ``metrics.py``, imported by its ``apps.py``; ``/metrics`` writes them all. Each says
beforehand which values its labels may have, so that no id, address or text of a person can ever become a label, and a
series that has not happened yet stands there with 0.

Counters and timings are the whole hub's: each process adds up what it counts and hands it over to the cache once a
second. So every web process answers for all, and a process that is killed takes a second's counts with it at most. They
begin at 0 again with the cache, which is what the readers of counters expect. Gauges are read when somebody asks.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.core.cache import cache

log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HAND_OVER_SECONDS = 1.0
_MICRO = 1_000_000
Values = tuple[str, ...]


class Metric:
    """What all have in common: a name, a line that says what it is, and names of labels."""

    kind = ""

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
    """A number that goes up and down. ``read`` gives it for each combination of the labels' values: () without any."""

    kind = "gauge"

    def __init__(
        self, name: str, meaning: str, read: Callable[[], Mapping[Values, float]], labels: Sequence[str] = ()
    ) -> None:
        super().__init__(name, meaning, labels)
        self._read = read

    def lines(self) -> list[str]:
        """As it is at this moment."""
        return [self.line(value, values) for values, value in self._read().items()]


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
    """All numbers of the hub. One that cannot be read is left out and logged; the others stand."""
    hand_over()
    written: list[str] = []
    for name in sorted(_registered):
        metric = _registered[name]
        try:
            lines = metric.lines()
        except Exception:
            log.exception("the metric %s could not be read", name)
            continue
        written += [f"# HELP {name} {metric.meaning}", f"# TYPE {name} {metric.kind}", *lines]
    return "\n".join(written) + "\n"


def hand_over() -> None:
    """Add what this process has counted to what the hub has. What the cache does not take is kept for next time."""
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
_lock = threading.Lock()
_something = threading.Event()
_courier: threading.Thread | None = None


def _add(amounts: Mapping[str, int]) -> None:
    global _courier
    _gather(amounts)
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
        _something.wait()
        time.sleep(HAND_OVER_SECONDS)
        _something.clear()
        hand_over()


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
