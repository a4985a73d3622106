"""Which pins may be drawn."""

from __future__ import annotations

# What a pin may be at all (VDX-API).
LOWEST = 1000
HIGHEST = 999_999_999
# Where nobody has given a range: four digits, said over the telephone.
USUAL = (1000, 10_000)


def pin_range(low: int | None, high: int | None) -> tuple[int, int] | None:
    """The range to draw from, its upper end left out, or None where the template's is unusable (low not below high)."""
    if low is None or high is None or low >= high:
        return None
    low, high = max(low, LOWEST), min(high, HIGHEST + 1)
    return (low, high) if low < high else None
