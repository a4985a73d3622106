"""Whether something listens at a media server's address."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

SECONDS = 0.5
PORTS = {"ws": 80, "wss": 443}


def reachable(url: str) -> bool:
    """Connect to ``unix:///PATH`` or ``SCHEME://HOST:PORT``, and hang up."""
    parts = urlsplit(url)
    try:
        if parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(SECONDS)
                line.connect(parts.path)
        else:
            place = (parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0))
            socket.create_connection(place, SECONDS).close()
    except OSError:
        return False
    return True
