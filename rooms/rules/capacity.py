"""How many devices a room holds."""

from __future__ import annotations

from datetime import timedelta

# The place of a device whose connection has just gone is kept for so long.
PLACE_KEPT = timedelta(seconds=60)
# More guests than this do not wait at the same time: somebody is playing with the link.
WAITING_LIMIT = 20


def limit(*, max_participants: int, hub_limit: int) -> int:
    """Devices at most: the room's own number, or the hub's where the room leaves it open (0)."""
    return max_participants if max_participants > 0 else hub_limit


def has_place(*, others: int, limit: int) -> bool:
    """Whether one more device has a place beside so many others."""
    return others < limit
