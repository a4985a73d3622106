"""What version 1 writes and reads otherwise than version 2."""

from __future__ import annotations

import re
from typing import Any

from booking.api.v2.written import BASE

V1_BASE = "/videoapi"
# ``errorCode`` by version 2's code. The same number may mean two things, with 400 and with 406.
CODES = {
    12: 10, 13: 11, 14: 20, 15: 21, 16: 30, 17: 31, 18: 32, 19: 10, 20: 11, 21: 12, 22: 13, 23: 14, 24: 20, 25: 30,
    26: 40, 27: 41, 28: 50, 29: 60, 30: 70, 31: 80, 32: 90, 33: 100, 34: 110, 35: 120,
}  # fmt: skip
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_TIMES = {"startTime", "endTime", "createdTime", "updatedTime", "provisionTimestamp"}
_BLANK_BEFORE_ZONE = re.compile(r"^(\S+T\S+) (?=[+-]?\d\d:?\d\d$|Z$)")
NOBODY = {"organisationId": None, "email": None}


def dressed(value: Any) -> Any:
    """An answer of version 2 as version 1 writes it: times with a blank before the zone, links without ``/v2``."""
    if isinstance(value, list):
        return [dressed(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _member(name, each) for name, each in value.items()}
    if "updatedBy" in found and found["updatedBy"] is None:
        found["updatedBy"] = dict(NOBODY)
    return found


def undressed(value: Any) -> Any:
    """A time as version 1's clients write it, as version 2 reads it."""
    if not isinstance(value, str):
        return value
    zone = _BLANK_BEFORE_ZONE.match(value)
    if zone is None:
        return value
    rest = value[zone.end() :]
    # A plus that nobody encoded comes as a blank in an address.
    return zone[1] + (rest if rest[0] in "+-Z" else f"+{rest}")


def _member(name: str, value: Any) -> Any:
    if name in _TIMES and isinstance(value, str) and _TIME.fullmatch(value):
        return f"{value[:-1]} +0000"
    if name == "href":
        return value.replace(BASE, V1_BASE, 1)
    return dressed(value)
