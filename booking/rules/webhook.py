"""How record systems are told: the signature, and when to try again."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

GIVE_UP_AFTER = timedelta(hours=24)
KEPT = timedelta(days=30)
# How long one who posts to a target keeps it to himself: longer than the calls he makes in that time.
CLAIM = timedelta(seconds=60)
# After so long somebody else of the waiting work gets a turn.
TURN = timedelta(seconds=20)

_FIRST_DELAY = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(hours=1)
_LONGEST_REST = timedelta(minutes=10)


def retry_delay(tries: int) -> timedelta:
    """How long a message waits after so many tries (1 or more): doubled from ten seconds to an hour."""
    return _delay(tries, _LONGEST_DELAY)


def rest(failures: int) -> timedelta:
    """How long a target that did not answer is left alone, after so many failures in a row (1 or more)."""
    return _delay(failures, _LONGEST_REST)


def taken(status: int) -> bool:
    """Whether the answer says that the message was taken."""
    return 200 <= status < 300


def target_is_down(status: int) -> bool:
    """Whether the answer is about the target and not about the message: errors of its own, and "not so fast"."""
    return status >= 500 or status in {408, 425, 429}


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What stands in ``X-VDX-Signature``: HMAC-SHA256 (RFC 2104) over ``timestamp.body``, in hexadecimal digits."""
    signed = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _delay(times: int, longest: timedelta) -> timedelta:
    doubled: int = 2 ** min(times - 1, 20)
    return min(_FIRST_DELAY * doubled, longest)
