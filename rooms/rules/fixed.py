"""Fixed rooms: a standing address, and calls in it that begin and end."""

from __future__ import annotations

import re
from datetime import timedelta

# A call ends by itself when nobody has been connected for so long, and at the latest after so many hours.
EMPTY_FOR = timedelta(minutes=5)
LONGEST = timedelta(hours=12)
# How long a call's room stays after it, with its seats: longer than the call's record may be late (monitoring.daily).
KEPT = timedelta(days=90)

# A standing address may be guessed at for years, so its pins are longer than those of a meeting: six digits.
PINS = (100_000, 1_000_000)
# Where nobody has chosen an address it is a number, since that is read aloud most easily.
NUMBERS = (100_000, 1_000_000)

SHORTEST_ADDRESS, LONGEST_ADDRESS = 3, 40
_ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def normal_address(typed: str) -> str:
    """The address as it is kept, of what somebody typed."""
    return typed.strip().lower()


def well_spelt(address: str) -> bool:
    """Whether it may be an address: 3 to 40 small letters (a to z), digits, and dashes between them."""
    return SHORTEST_ADDRESS <= len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None


def comes_straight_in(*, waiting_room: bool, is_locked: bool, host_is_there: bool) -> bool:
    """Whether a guest needs nobody to open: there is no waiting room, the room is not locked, and a host is there."""
    return not waiting_room and not is_locked and host_is_there
