"""Where a connection has got to."""

from __future__ import annotations

from enum import Enum, auto


class Phase(Enum):
    """Where the connection has got to: HELLO -> CONNECTING -> (NAMING ->) ON -> OVER."""

    HELLO = auto()
    CONNECTING = auto()
    NAMING = auto()
    ON = auto()
    OVER = auto()
