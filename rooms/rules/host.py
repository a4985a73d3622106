"""Who may be host, and by which door."""

from __future__ import annotations

from enum import StrEnum


class HostDoor(StrEnum):
    """How the host comes in."""

    LOGIN = "login"
    PIN = "pin"
    SHUT = "shut"


def host_door(*, login_may_host: bool, has_pin: bool) -> HostDoor:
    """A portal login that may host needs nothing more; anybody else needs the pin; without one the door is shut."""
    if login_may_host:
        return HostDoor.LOGIN
    return HostDoor.PIN if has_pin else HostDoor.SHUT
