"""STUN and TURN servers, with short-lived credentials for each seat.

The TURN server shares a secret with the hub and keeps no users (coturn's ``use-auth-secret``): the user name carries
the time of expiry, and the password is its HMAC. Source: draft-uberti-behave-turn-rest-00, section 2.2.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from media.engine import IceServer


def turn_credentials(*, secret: str, seat: str, expires_at: datetime) -> tuple[str, str]:
    """User name (``expiry:seat``, expiry in seconds since 1970) and password (base64 of HMAC-SHA1) of one seat."""
    username = f"{int(expires_at.timestamp())}:{seat}"
    signature = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(signature).decode()


def ice_servers(
    *, stun: Sequence[str], turn: Sequence[str], secret: str, seat: str, seconds: int, now: datetime
) -> tuple[tuple[IceServer, ...], datetime | None]:
    """The servers for one seat, and until when they are good; None where nothing of it expires."""
    servers = [IceServer(urls=tuple(stun))] if stun else []
    if not turn:
        return tuple(servers), None
    expires_at = datetime.fromtimestamp(int(now.timestamp()), UTC) + timedelta(seconds=seconds)
    username, credential = turn_credentials(secret=secret, seat=seat, expires_at=expires_at)
    servers.append(IceServer(urls=tuple(turn), username=username, credential=credential))
    return tuple(servers), expires_at
