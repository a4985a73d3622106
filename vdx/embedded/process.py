"""What every process of the hub does about signals."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from types import FrameType

# `make` passes on a signal that its whole process group has got already: that is one wish, told twice.
_SAME_WISH_SECONDS = 1.0


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Call ``stop`` at SIGTERM or Ctrl-C; at another one, a second later or more, leave at once."""
    asked_at: float | None = None

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal asked_at
        if asked_at is None:
            asked_at = time.monotonic()
            stop()
        elif time.monotonic() - asked_at > _SAME_WISH_SECONDS:
            os._exit(128 + number)

    # Shells start background jobs with SIGINT ignored; whoever sends it to us means it.
    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
