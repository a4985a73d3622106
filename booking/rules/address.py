"""Addresses that room systems dial (contract, section 10)."""

from __future__ import annotations

import re

LONGEST = 100
# So many numbers are tried before a range counts as used up.
DRAWS = 101
_OWN = re.compile(r"[A-Za-z0-9]+")


def well_spelt(own: str) -> bool:
    """Whether a caller's own choice can be an address."""
    return _OWN.fullmatch(own) is not None


def usable_range(low: int, high: int) -> bool:
    """Whether numbers can be drawn from ``low`` up to, and without, ``high``."""
    return low < high


def full(prefix: str, own: str, domain: str) -> str:
    """What is dialled from elsewhere."""
    return f"{prefix}{own}@{domain}"
