"""What every process of the hub does about signals."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Call ``stop`` at SIGTERM or Ctrl-C; at the second one leave at once."""
    asked = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(128 + number)
        asked = True
        stop()

    # Shells start background jobs with SIGINT ignored; whoever sends it to us means it.
    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
