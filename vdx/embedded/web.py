"""The web server: uvicorn, with our own sockets and signals (docs/decisions/0001)."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Generator

import uvicorn
from django.conf import settings

from media import services as media

# A request that is still running is given this long at the end.
GRACE_SECONDS = 10
# A message of the room's protocol is small; pictures go between the browsers.
SOCKET_MESSAGE_BYTES = 256 * 1024


class PortTaken(Exception):
    """Somebody else listens on the port."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises :class:`PortTaken`; other failures of the operating system come as ``OSError``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken from None
        raise
    listener.set_inheritable(True)
    return listener


class WebServer(uvicorn.Server):
    """uvicorn, but whoever starts it handles the signals and calls :meth:`stop`."""

    def __init__(self) -> None:
        super().__init__(
            uvicorn.Config(
                "vdx.asgi:application",
                http="httptools",
                ws="websockets-sansio",
                ws_max_size=SOCKET_MESSAGE_BYTES,
                # A browser whose network went without a word is found out before the others take it for lost.
                ws_ping_interval=5,
                ws_ping_timeout=15,
                lifespan="off",
                log_config=None,
                access_log=False,
                # vdx.middleware.ProxyMiddleware alone decides whom to believe.
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals alone."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """The end of uvicorn's own, and then of what media keeps open towards its servers."""
        await super().shutdown(sockets)
        await media.close()

    def stop(self) -> None:
        """Take no more requests, finish those at work, close the sockets with 1012, and return from ``run``."""
        self.should_exit = True


def address() -> str:
    """Where a person finds the hub."""
    return f"{settings.VDX_PUBLIC_URL}/"
