"""How fast a socket may talk: more than 100 messages, or than a million characters, a second for 3 seconds is no
page of ours."""

from __future__ import annotations

from datetime import datetime

A_SECOND = 100
CHARACTERS = 1_000_000
SECONDS = 3


class Flood:
    """Counts the messages of one socket by whole seconds."""

    def __init__(self) -> None:
        self._second = 0
        self._count = 0
        self._size = 0
        self._busy = 0

    def too_fast(self, now: datetime, size: int = 0) -> bool:
        """Count one message of so many characters; True once three seconds on end have had too much."""
        second = int(now.timestamp())
        if second != self._second:
            followed = second == self._second + 1
            self._busy = self._busy + 1 if followed and self._is_much else 0
            self._second, self._count, self._size = second, 0, 0
        self._count += 1
        self._size += size
        return self._busy >= SECONDS - 1 and self._is_much

    @property
    def _is_much(self) -> bool:
        return self._count > A_SECOND or self._size > CHARACTERS
