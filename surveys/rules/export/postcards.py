"""The postcards in the columns of an export."""

from __future__ import annotations

from typing import Any

from surveys.enums import Edition
from surveys.rules.coding import NOT_ASKED, SKIPPED


def postcard(row: tuple[Any, ...]) -> tuple[tuple[str, str], list[int]]:
    """Edition and day as words, and the five answers as codes. ``row``: edition, date (or None), the answers."""
    edition, day, *answers = row
    # The fifth question is not in Syddanmark's edition.
    missing = [*[SKIPPED] * 4, NOT_ASKED if edition == Edition.SYDDANMARK else SKIPPED]
    told = [missing[place] if answer is None else int(answer) for place, answer in enumerate(answers)]
    return (str(edition), "" if day is None else day.isoformat()), told
