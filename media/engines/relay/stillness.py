"""Whether a pump stands still: something has come, and nobody reads it.

Such a worker lives, and nobody hears or sees anything by it. Its end is the better choice: another one is started, and
browsers connect anew within seconds.
"""

from __future__ import annotations

from media.engines.relay.forward import Pump

#: Seconds that a pump may leave unread what has come.
STILL_SECONDS = 5.0


class Stillness:
    """Looked at every ``seconds``. A process that was stopped as a whole is not taken for one whose pump stands still:
    what counts are looks, not the clock.
    """

    def __init__(self, pump: Pump, *, seconds: float) -> None:
        self._pump = pump
        self._most = STILL_SECONDS / seconds
        self._before = pump.looks
        self._still = 0

    def look(self) -> bool:
        """Whether it has stood still for too long."""
        looks = self._pump.looks
        self._still = self._still + 1 if looks == self._before and self._pump.has_unread() else 0
        self._before = looks
        return self._still >= self._most
