"""Recognising a Danish civil registration number (CPR) in free text, so that it can be refused.

Source: the CPR office's rules for the number's make-up: date of birth DDMMYY and four digits. The old
modulus-11 check is not used, since numbers without it have been given out since 2007.
"""

from __future__ import annotations

import re

PATTERN = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[ .]?(0[1-9]|1[0-2])[ .]?\d{2}[ .\-–]{0,3}\d{4}(?!\d)")


def contains_cpr(text: str) -> bool:
    """Whether the text holds something that reads as a CPR number, with or without a dash or blanks."""
    return PATTERN.search(text) is not None
