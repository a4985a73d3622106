"""What a booking asks of those who come, and where they go afterwards."""

from __future__ import annotations

from urllib.parse import quote, urlsplit


def microphone_on_arrival(*, asked: str | None, mute_all_guests: bool) -> bool:
    """Whether a guest's microphone is on when the call begins. ``asked``: guestMicrophone of the VDX-API.

    Off and muted are the same here: silent, until the guest switches it on.
    """
    return not mute_all_guests and asked not in {"off", "muted"}


def return_address(typed: str | None) -> str | None:
    """The address to which guests go after the meeting, if it is one of the web.

    Record systems may write anything there: what a browser would run, or would send a password to, is left out.
    """
    try:
        parts = urlsplit(typed or "")
        wanted = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
    except ValueError:
        # Half an IPv6 address.
        return None
    return typed if wanted else None


def custom_portal(typed: str | None, *, address: str, pin: int | None) -> str | None:
    """Where the booking holds the meeting in place of the hub's room, if that is an address of the web.

    ``%uri-with-domain%`` stands for what room systems dial, ``%pin%`` for the pin (contract, section 10.3).
    """
    filled = (typed or "").replace("%uri-with-domain%", quote(address, safe="@"))
    return return_address(filled.replace("%pin%", "" if pin is None else str(pin)))
