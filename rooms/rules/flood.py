"""How fast a socket may talk: more than 100 messages a second for 3 seconds is no page of ours."""

from __future__ import annotations

from datetime import datetime

A_SECOND = 100
SECONDS = 3


class Flood:
    """Counts the messages of one socket by whole seconds."""

    def __init__(self) -> None:
        self._second = 0
        self._count = 0
        self._busy = 0

    def too_fast(self, now: datetime) -> bool:
        """Count one message; True once three seconds on end have had more than a hundred."""
        second = int(now.timestamp())
        if second != self._second:
            followed = second == self._second + 1
            self._busy = self._busy + 1 if followed and self._count > A_SECOND else 0
            self._second, self._count = second, 0
        self._count += 1
        return self._busy >= SECONDS - 1 and self._count > A_SECOND
