"""When a listener's way down is too weak for pictures, judged by what Janus tells of packets lost on it.

Janus makes no estimate of a listener's bandwidth. It tells once a second how many packets of a picture a listener has
lost (``slowlink``), where they are more than its configuration names.
"""

from __future__ import annotations

#: A picture of 800 kbit/s has some 100 packets a second: who loses half of them sees none of it.
MANY_LOST = 50
#: More cannot be lost in a second; Janus 1.1 tells such numbers where its count has run over.
IMPOSSIBLE = 100_000
SECONDS, PAUSE = 3, 5.0
SAME_SECOND, NEXT_SECOND = 0.5, 2.5


class Loss:
    """Counts the seconds in a row in which a picture lost too much."""

    def __init__(self) -> None:
        self._seconds = 0
        self._last = self._told = float("-inf")

    def add(self, lost: int, now: float) -> bool:
        """``lost`` packets of one picture in the second before ``now``. True: the listener is to be told so."""
        if not MANY_LOST <= lost < IMPOSSIBLE:
            return False
        if now - self._last > NEXT_SECOND:
            self._seconds = 0
        if now - self._last > SAME_SECOND:
            self._seconds += 1
            self._last = now
        if self._seconds < SECONDS or now - self._told < PAUSE:
            return False
        self._told = now
        return True
