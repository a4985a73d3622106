"""Guessing is slowed before the secret is compared.

Every purpose (a password, a room code, a pin) has a scope; within it attempts are counted per *key*, and a
key is made of several parts (cookie, address, target), so that one patient is never locked out by another's
guesses. After ``free`` failures each further one doubles the wait, up to ``ceiling`` seconds. Keys are stored
as keyed fingerprints in the cache, never as they are, and are forgotten an hour after the last failure.

Usage::

    attempt = throttle.attempt("pin", (cookie, room.uuid))   # raises Throttled while the wait lasts
    if not pin_is_right:
        attempt.failed()
    else:
        attempt.succeeded()
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.core.cache import cache

from vdx.lib import clock, ids
from vdx.lib.errors import Throttled

FORGET_SECONDS = 3600


def wait_seconds(failures: int, free: int, ceiling: int) -> int:
    """How long the next attempt has to wait after so many failures."""
    if failures < free:
        return 0
    return min(2 ** min(failures - free, 20), ceiling)


@dataclass(frozen=True)
class Attempt:
    """One attempt that was allowed to go on to the comparison."""

    scope: str
    keys: tuple[str, ...]
    free: int
    ceiling: int

    def failed(self) -> None:
        """Count a wrong guess against every key."""
        now = clock.now().timestamp()
        for key in self.keys:
            cache.add(f"{key}:n", 0, FORGET_SECONDS)
            failures = cache.incr(f"{key}:n")
            cache.touch(f"{key}:n", FORGET_SECONDS)
            wait = wait_seconds(failures, self.free, self.ceiling)
            cache.set(f"{key}:until", now + wait, FORGET_SECONDS)

    def succeeded(self) -> None:
        """Forget the wrong guesses: the person has shown to be the right one."""
        cache.delete_many([f"{key}:{part}" for key in self.keys for part in ("n", "until")])


def attempt(scope: str, *keys: tuple[object, ...], free: int = 5, ceiling: int = 900) -> Attempt:
    """Ask to make an attempt. Each key is a tuple of parts; all keys are counted.

    Raises :class:`Throttled` with the seconds left while any of the keys has to wait.
    """
    hashed = tuple("throttle:" + ids.digest(f"throttle:{scope}", "|".join(str(part) for part in key)) for key in keys)
    now = clock.now().timestamp()
    until = max((cache.get(f"{key}:until", 0.0) for key in hashed), default=0.0)
    if until > now:
        raise Throttled(math.ceil(until - now))
    return Attempt(scope, hashed, free, ceiling)
