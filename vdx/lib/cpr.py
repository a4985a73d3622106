"""Recognising a Danish civil registration number (CPR) in free text, so that it can be refused.

Source: the CPR office's rules for the number's make-up: date of birth DDMMYY and four digits. The old
modulus-11 check is not used, since numbers without it have been given out since 2007.
"""

from __future__ import annotations

import re

_BETWEEN = r"[ .\-–/]"
# Who has no number yet is given a replacement one, whose day of birth is written with 60 added. The last four digits
# may be in pairs only where something stands before them: "01-01-2026 12.30" is a date and a time.
PATTERN = re.compile(
    r"(?<!\d)(?:[06][1-9]|[1278]\d|[39][01])"
    rf"{_BETWEEN}?(?:0[1-9]|1[0-2]){_BETWEEN}?\d{{2}}"
    rf"(?:{_BETWEEN}{{0,3}}\d{{4}}|{_BETWEEN}{{1,3}}\d{{2}} \d{{2}})(?!\d)"
)
# By chance one in some thousands has a number's digits.
_UUID = re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")


def contains_cpr(text: str) -> bool:
    """Whether the text holds something that reads as a CPR number, with or without dashes, dots, slashes or blanks."""
    return PATTERN.search(_UUID.sub(" ", text)) is not None
