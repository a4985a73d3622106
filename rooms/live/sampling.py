"""How often a device's measurements of another one count."""

from __future__ import annotations

from datetime import datetime, timedelta

SAMPLE_EVERY = timedelta(seconds=4)


class Sampling:
    """Of one connection, by the seat that is measured."""

    def __init__(self) -> None:
        self._due: dict[str, datetime] = {}

    def counts(self, peer: str, now: datetime) -> bool:
        """Whether a sample that comes now is taken.

        One in five seconds is asked for; more would only let this device weigh heavier. Two may come close together:
        the first had waited for a line that stood still, and the second says how long.
        """
        due = max(self._due.get(peer, now), now - SAMPLE_EVERY)
        if now < due - SAMPLE_EVERY:
            return False
        self._due[peer] = due + SAMPLE_EVERY
        return True
