"""What happens to every request, from the outside in. settings.MIDDLEWARE gives the order and vdx.asgi the same
for sockets.

All are sync only: with the innermost one that keeps the whole chain in one thread under ASGI.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation

from vdx import metrics
from vdx.accounts import access as accounts
from vdx.accounts.queries import has_second_factor
from vdx.lib.errors import DomainError
from vdx.lib.net import client_address, is_trusted_proxy
from vdx.logs import request_id, route
from vdx.views.errors import refusal

Handler = Callable[[HttpRequest], HttpResponseBase]

access_log = logging.getLogger("vdx.access")

_SELF = (
    "autoplay",
    "camera",
    "clipboard-write",
    "display-capture",
    "fullscreen",
    "microphone",
    "screen-wake-lock",
    "speaker-selection",
)
_OFF = (
    "accelerometer",
    "browsing-topics",
    "clipboard-read",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "serial",
    "storage-access",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join([f"{name}=(self)" for name in _SELF] + [f"{name}=()" for name in _OFF])


class Middleware:
    """Sync middleware: the next handler in ``get_response``."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response


class ProxyMiddleware(Middleware):
    """``request.client_address``: the address that counts against the throttle. Only a trusted proxy is believed.

    What an untrusted peer claims in ``X-Forwarded-*`` is removed, so that nothing later believes it either.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        peer = request.META.get("REMOTE_ADDR", "")
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        trusted = settings.VDX_TRUSTED_PROXIES
        request.client_address = client_address(peer, forwarded, trusted)  # type: ignore[attr-defined]
        if not is_trusted_proxy(peer, trusted):
            for name in [name for name in request.META if name.startswith("HTTP_X_FORWARDED_")]:
                del request.META[name]
        return self.get_response(request)


class AccessLogMiddleware(Middleware):
    """One line a request: method, the route's name, status, milliseconds, and its id where a proxy gives it one. Never
    path, query or address.

    And one number more for those who watch.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        name = "static" if request.path_info.startswith(settings.STATIC_URL) else route(request)
        seconds = time.perf_counter() - started
        metrics.note_request(request.path_info, response.status_code, seconds)
        method = request.method if request.method in _METHODS else "OTHER"
        known_as = request_id(request)
        access_log.info("%s %s %d %.0f ms%s", method, name, response.status_code, seconds * 1000, known_as)
        return response


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class PolicyHeadersMiddleware(Middleware):
    """What the browser may do on our pages, what it may tell others about them, and that it keeps no copy."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        # A room's address opens its door: not even our own pages are told. (vdx.csrf deals with what follows.)
        if request.path_info.startswith("/m/"):
            response.headers["Referrer-Policy"] = "no-referrer"
        # A page that may be kept says so itself.
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ShortLinkMiddleware(Middleware):
    """Sends whoever comes by the short links' own host name on to the room, where pages and sockets are."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        base, public = urlsplit(settings.VDX_SHORT_LINK_BASE), urlsplit(settings.VDX_PUBLIC_URL)
        if base.netloc == public.netloc or request.get_host().lower() != base.netloc.lower():
            return self.get_response(request)
        code = request.path_info.removeprefix(base.path)
        query = request.META.get("QUERY_STRING", "")
        page = f"/m/{quote(code, safe='')}" if code.strip("/") else "/"
        return HttpResponseRedirect(settings.VDX_PUBLIC_URL + page + (f"?{query}" if query else ""))


class LanguageMiddleware(Middleware):
    """The language chosen on this device, else the one in the user's profile, else Danish.

    The browser's own wish is left out on purpose: many Danes have a browser that asks for English.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response

    def _language(self, request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen in known:
            return chosen
        preferred = getattr(request.user, "language", "")
        return preferred if preferred in known else settings.LANGUAGE_CODE


class SecondFactorMiddleware(Middleware):
    """Who must have a second factor reaches neither portal nor administration without having shown it."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseRedirect | None:
        """Lead to the page where it is shown or, the first time, set up. The form that was sent is not kept."""
        user: Any = request.user
        if not request.path_info.startswith(("/portal/", "/admin/")) or not accounts.owes_second_factor(user):
            return None
        page = "accounts:verify" if has_second_factor(user) else "accounts:enrol"
        onward = request.get_full_path() if request.method == "GET" else ""
        return HttpResponseRedirect(reverse(page) + (f"?next={quote(onward)}" if onward else ""))


class DomainErrorMiddleware(Middleware):
    """A refusal from the core becomes a page, or JSON for a program."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Translate our own refusals; everything else is not ours to hide."""
        return refusal(request, exception) if isinstance(exception, DomainError) else None


class OneThreadMiddleware(Middleware):
    """Does nothing but being sync only, innermost: the sync chain then changes thread once, not at every step."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)
