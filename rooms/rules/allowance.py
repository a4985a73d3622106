"""How much somebody may use up at once and over time: a bucket that fills at a steady rate."""

from __future__ import annotations

from datetime import datetime


class Allowance:
    """Holds ``most`` at most and gets ``per_second``; begins with ``start``, so that beginning anew gains nothing."""

    def __init__(self, now: datetime, *, start: float, most: float, per_second: float) -> None:
        self._most = most
        self._per_second = per_second
        self._left = min(start, most)
        self._at = now

    def take(self, amount: float, now: datetime) -> bool:
        """Use so much up; False, and nothing is used, where there is not so much left."""
        passed = max(0.0, (now - self._at).total_seconds())
        self._left = min(self._most, self._left + passed * self._per_second)
        self._at = max(self._at, now)
        if amount > self._left:
            return False
        self._left -= amount
        return True
