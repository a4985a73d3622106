"""The hub as an ASGI application: pages, and the sockets of the rooms."""

from __future__ import annotations

import contextlib
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vdx.settings")

from django.core.asgi import get_asgi_application

# Sets Django up; what follows needs it.
pages = get_asgi_application()

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import re_path

from rooms.routing import websocket_urlpatterns
from vdx.metrics import connected
from vdx.static_files import Application, Receive, Scope, Send, StaticFiles


class Refused(AsyncWebsocketConsumer):
    """A socket that leads nowhere."""

    async def connect(self) -> None:
        """Close before the handshake: the browser sees a refusal."""
        await self.close()


class SocketDoor:
    """Lets a socket in only by one of the hub's own host names."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin1") for name, value in scope["headers"]}
        domain, _port = split_domain_port(headers.get(b"host", ""))
        if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
            await Refused.as_asgi()(scope, receive, send)
            return
        await self.application(scope, receive, send)


class CountedSockets:
    """Counts the sockets that were let in, for as long as each lives."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.ExitStack() as open_socket:

            async def counting(message: dict[str, Any]) -> None:
                await send(message)
                if message["type"] == "websocket.accept":
                    open_socket.enter_context(connected(scope["path"]))

            await self.application(scope, receive, counting)


sockets = SocketDoor(
    OriginValidator(
        # A seat's cookie is all that a room's socket asks for: no session and no login is looked up.
        CookieMiddleware(CountedSockets(URLRouter([*websocket_urlpatterns, re_path("", Refused.as_asgi())]))),
        settings.VDX_SOCKET_ORIGINS,
    )
)

application = ProtocolTypeRouter({"http": StaticFiles(pages), "websocket": sockets})
