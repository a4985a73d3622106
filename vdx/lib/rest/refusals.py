"""Refusals of HTTP itself, before any rule of the hub is asked.

::

    Refused
    ├── NoToken        401, empty: nobody knows who calls
    ├── NotKnown       401 or 403, empty: the token is good, and does not say enough, or names a stranger
    ├── RoleMissing    403, empty: the caller may not do this
    └── Unreadable     400: what was sent is no JSON, or holds words and times that nobody can read
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """An answer without a rule of ours behind it. ``empty``: nothing is said beside the headers."""

    status = 400
    empty = True
    headers: Mapping[str, str] = {}


class NoToken(Refused):
    """The bearer token is absent, forged, expired or of another issuer (RFC 6750, 3)."""

    status = 401

    def __init__(self, *, given: bool) -> None:
        super().__init__()
        self.headers = {"WWW-Authenticate": 'Bearer error="invalid_token"' if given else "Bearer"}


class NotKnown(Refused):
    """The token says too little (401), or names an organisation that is not here (403)."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status
        self.headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}


class RoleMissing(Refused):
    """None of the caller's roles does this (RFC 6750, 3.1)."""

    status = 403
    headers = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}


class Unreadable(Refused):
    """What was sent cannot be read at all."""

    empty = False
