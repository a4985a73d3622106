"""Static files, answered before anything else of a request.

A page that opens for the first time asks for a dozen of them at once, and each would wait for a thread of its own and
for every part of ``settings.MIDDLEWARE``, though no file asks who wants it. They are small, and read where they are
asked for.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from typing import Any, cast

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

from vdx.middleware import AccessLogMiddleware, ProxyMiddleware

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class _NoFileError(Exception):
    """There is no such file."""


def _no_file(request: HttpRequest) -> HttpResponseBase:
    raise _NoFileError


class StaticFiles:
    """The hub's pages with static files in front. What is no file goes on to the pages, which say that it is none."""

    def __init__(self, pages: Application) -> None:
        self.pages = pages
        # What every answer goes through, as in settings: who asks by which way, one line and one number, https.
        secured = SecurityMiddleware(WhiteNoiseMiddleware(_no_file))
        # It answers at once, as what it leads to does.
        self.answer = ProxyMiddleware(AccessLogMiddleware(cast("Callable[[HttpRequest], HttpResponseBase]", secured)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(settings.STATIC_URL) and scope["method"] in ("GET", "HEAD"):
            request = ASGIRequest(scope, io.BytesIO())
            try:
                response = self.answer(request)
            except _NoFileError:
                pass
            else:
                await _send(response, send)
                return
        await self.pages(scope, receive, send)


async def _send(response: HttpResponseBase, send: Send) -> None:
    headers = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in response.items()]
    try:
        body = response.content if isinstance(response, HttpResponse) else b"".join(response)
    finally:
        response.close()
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
