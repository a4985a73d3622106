"""Parts of a whole, as the results and the reports say them."""

from __future__ import annotations


def per_cent(part: int, whole: int) -> int | None:
    """``part`` of ``whole`` in whole per cent, halves rounded up (140 of 166 is 84); None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole > 0 else None
