"""Guessing is slowed before the secret is compared.

Every purpose (a password, a room code, a pin) has a scope; within it attempts are counted per *key*, which is made
of several parts (cookie, address, target), so that one patient is never locked out by another's guesses. An
address counts as the network that one customer has (:func:`vdx.lib.net.customer`). After ``free`` failures each
further one doubles the wait, up to ``ceiling`` seconds. Keys are stored as keyed fingerprints in the cache, never
as they are, and are forgotten an hour after the last failure.

An attempt is counted as a failure *before* the comparison, and taken back when it turns out to be right: a hundred
guesses at the same moment are a hundred, and not one.

Usage::

    own = throttle.attempt("pin", (cookie, room.pk))   # raises Throttled while the wait lasts
    shared = own.also("pin-room", (room.pk,), free=60)
    if not pin_is_right:
        raise WrongPin
    own.succeeded()
    shared.take_back()
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.core.cache import cache

from vdx.lib import clock, ids, net
from vdx.lib.errors import Throttled

FORGET_SECONDS = 3600


def wait_seconds(failures: int, free: int, ceiling: int) -> int:
    """How long the next attempt has to wait after so many failures."""
    if failures < free:
        return 0
    return min(2 ** min(failures - free, 20), ceiling)


@dataclass(frozen=True)
class Attempt:
    """One attempt that may go on to the comparison. It stands as a failure unless it is taken back.

    ``number``: how many failures it makes with those before it. ``before``: attempts that stand or fall with it.
    """

    key: str
    number: int
    before: tuple[Attempt, ...] = ()

    def also(self, scope: str, key: tuple[object, ...], *, free: int = 5, ceiling: int = 900) -> Attempt:
        """Count the same attempt against one more key. Raises ``Throttled``, and then it counts for none."""
        counted = (*self.before, self)
        try:
            return _claim(scope, key, free=free, ceiling=ceiling, before=counted)
        except Throttled:
            for attempt in counted:
                attempt.take_back()
            raise

    def take_back(self) -> None:
        """This attempt was no wrong guess. Those before it still count."""
        cache.delete(f"{self.key}:{self.number}")
        start = min(cache.get(f"{self.key}:n", 0), self.number - 1)
        cache.set(f"{self.key}:n", start, FORGET_SECONDS)

    def succeeded(self) -> None:
        """Forget all wrong guesses of this key: the person has shown to be the right one."""
        last = max(self.number, cache.get(f"{self.key}:n", 0))
        cache.delete_many([f"{self.key}:n", *(f"{self.key}:{number}" for number in range(1, last + 1))])


def attempt(scope: str, key: tuple[object, ...], *, free: int = 5, ceiling: int = 900) -> Attempt:
    """Make an attempt. Raises :class:`Throttled` with the seconds left while the key has to wait."""
    return _claim(scope, key, free=free, ceiling=ceiling, before=())


def _claim(scope: str, key: tuple[object, ...], *, free: int, ceiling: int, before: tuple[Attempt, ...]) -> Attempt:
    # Each failure has an entry of its own, which says until when the next one has to wait. Of several who come at
    # once exactly one gets a number, as `add` does nothing where there is an entry. ":n" is only where to begin.
    parts = "|".join(net.customer(part) if isinstance(part, str) else str(part) for part in key)
    hashed = "throttle:" + ids.digest(f"throttle:{scope}", parts)
    now = clock.now().timestamp()
    failures: int = cache.get(f"{hashed}:n", 0)
    while True:
        if failures >= free:
            until: float = cache.get(f"{hashed}:{failures}", 0.0)
            if until > now:
                raise Throttled(math.ceil(until - now))
        number = failures + 1
        if cache.add(f"{hashed}:{number}", now + wait_seconds(number, free, ceiling), FORGET_SECONDS):
            cache.set(f"{hashed}:n", number, FORGET_SECONDS)
            return Attempt(hashed, number, before)
        failures = number
