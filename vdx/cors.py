"""Which web pages of others may call the APIs (Fetch standard, "CORS protocol"; contract, section 0, row 9).

A preflight is answered here, with exactly the method that was asked for and before any token is looked at. A page that
is not on the list is refused with its real request too.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from vdx.accounts import callers
from vdx.middleware import Middleware

APIS = ("/videoapi/", "/organisation/services/", "/oauth/", "/.well-known/")
KEPT_SECONDS = "1800"
_TOKEN = re.compile(r"[A-Za-z-]{1,40}")
_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~, -]{0,2000}")


class CorsMiddleware(Middleware):
    """An allow-list of exact origins, with credentials and any method and header."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        origin = request.headers.get("Origin")
        if origin is None or not request.path_info.startswith(APIS) or _own(request, origin):
            return self.get_response(request)
        if not callers.may_call_from(origin):
            return HttpResponse(status=403, headers={"Vary": "Origin"}, content_type="text/plain")
        wanted = request.headers.get("Access-Control-Request-Method")
        if request.method == "OPTIONS" and wanted is not None:
            response: HttpResponseBase = _preflight(wanted, request.headers.get("Access-Control-Request-Headers", ""))
        else:
            response = self.get_response(request)
            response.headers["Access-Control-Expose-Headers"] = "Retry-After, WWW-Authenticate"
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Vary"] = ", ".join(
            [*filter(None, [response.headers.get("Vary")]), "Origin", "Access-Control-Request-Method"]
        )
        return response


def _preflight(method: str, names: str) -> HttpResponse:
    if not _TOKEN.fullmatch(method) or not _NAMES.fullmatch(names):
        return HttpResponse(status=403, content_type="text/plain")
    response = HttpResponse(status=200, content_type="text/plain")
    response.headers["Access-Control-Allow-Methods"] = method
    if names:
        response.headers["Access-Control-Allow-Headers"] = names
    response.headers["Access-Control-Max-Age"] = KEPT_SECONDS
    return response


def _own(request: HttpRequest, origin: str) -> bool:
    """Whether the page is on this very server: then it is no cross-origin request."""
    parts = urlsplit(origin)
    return parts.netloc.lower() == request.get_host().lower() and parts.scheme == request.scheme
