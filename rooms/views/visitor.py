"""Who is asking, as far as a room's page needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from rooms import access
from rooms.enums import DeviceKind
from rooms.rules import devices
from vdx.lib import ids

_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Visitor:
    """A browser and its address, against which wrong guesses count. ``is_new``: it gets the cookie with the answer."""

    cookie: str
    address: str
    is_new: bool

    def remember(self, response: HttpResponseBase) -> None:
        """Give a new browser its cookie. It says nothing of the person and opens nothing."""
        if self.is_new:
            response.set_cookie(
                access.VISITOR_COOKIE,
                self.cookie,
                max_age=_YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor of a request. Without a cookie it is a fresh one, whose guesses count for the address alone."""
    cookie = request.COOKIES.get(access.VISITOR_COOKIE, "")
    address: str = request.client_address  # type: ignore[attr-defined]
    return Visitor(cookie=cookie or ids.token(), address=address, is_new=not cookie)


def device_kind_of(request: HttpRequest, via: str) -> DeviceKind:
    """What the request comes from; the user agent is looked at and kept nowhere."""
    return devices.device_kind(
        user_agent=request.headers.get("User-Agent", ""), via=via, patterns=_patterns(settings.VDX_APP_PATTERNS)
    )


def via_of(value: object) -> str:
    """The app that the link names, if it is one that we know; else nothing."""
    known = {name for name, _ in _patterns(settings.VDX_APP_PATTERNS)}
    name = str(value or "").lower()
    return name if name in known else ""


@lru_cache(maxsize=4)
def _patterns(text: str) -> tuple[devices.AppPattern, ...]:
    return devices.parse_patterns(text)
