"""Where a patient's browser may ask to be rung: only at push services that the operator knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

# Longer than any push service's address.
LONGEST = 1000
# How long a push service may keep a ring for a telephone that is out of reach: later the doctor has gone on.
WORTH_RINGING = timedelta(minutes=2)
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def may_push_to(endpoint: str, *, services: Sequence[str], loopback: bool = False) -> bool:
    """Whether the hub may push there: an https address of a host on the list, on https' own port.

    ``services`` are host names; ``*.example.com`` means every name below example.com, and not itself. ``loopback``
    allows this very machine too, also by http: for tests.
    """
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or set(endpoint) & set(" \\"):
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    if parts.username is not None or parts.password is not None or parts.fragment or not host:
        return False
    if loopback and host in _THIS_MACHINE:
        return parts.scheme in {"http", "https"}
    return parts.scheme == "https" and port in {None, 443} and any(_is(host, name) for name in services)


def _is(host: str, name: str) -> bool:
    name = name.lower()
    return host.endswith(name[1:]) and len(host) > len(name) - 1 if name.startswith("*.") else host == name
