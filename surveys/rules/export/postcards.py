"""The postcards in the columns of an export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from surveys.enums import Edition
from surveys.rules.coding import NOT_ASKED, SKIPPED
from surveys.rules.postcard import ASKED, CODES


def postcard(row: tuple[Any, ...], names: Sequence[str]) -> tuple[tuple[str, str], list[int]]:
    """Edition and day as words, and the answers to ``names`` as codes.

    ``row``: edition, date (or None), and the answers in the order of ``CODES``.
    """
    edition, day, *answers = row
    told = dict(zip(CODES, answers, strict=True))
    asked = ASKED[Edition(edition)]
    codes = [(SKIPPED if name in asked else NOT_ASKED) if told[name] is None else int(told[name]) for name in names]
    return (str(edition), "" if day is None else day.isoformat()), codes
