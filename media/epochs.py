"""The number of a device's connections to a media server: it only grows, so that words that come late are known."""

from __future__ import annotations

import time


class Epochs:
    """Numbers that only grow, also from one web process to the next on machines whose clocks agree."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, *, after: int = 0) -> int:
        """A number greater than all before and than ``after``, which may come from a browser."""
        self._last = max(self._last + 1, time.time_ns() // 1_000_000)
        return max(self._last, after + 1)


epochs = Epochs()
