"""So many calls a minute for each caller, counted in the cache."""

from __future__ import annotations

import math

from django.core.cache import cache

from vdx.lib import clock, ids
from vdx.lib.errors import Throttled

WINDOW_SECONDS = 60


def count(scope: str, caller: str, *, limit: int) -> None:
    """Count one call. Raises ``Throttled`` with the seconds left of the minute beyond ``limit``."""
    now = clock.now().timestamp()
    minute = math.floor(now / WINDOW_SECONDS)
    key = f"rate:{ids.digest(f'rate:{scope}', caller)[:32]}:{minute}"
    cache.add(key, 0, 2 * WINDOW_SECONDS)
    try:
        calls = cache.incr(key)
    except ValueError:
        # Washed out of the cache between the two steps.
        calls = 1
    if calls > limit:
        raise Throttled(max(1, math.ceil((minute + 1) * WINDOW_SECONDS - now)))
