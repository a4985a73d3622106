"""A stage for browser tests: a relay worker in a process of its own, and a page that is a participant.

The server behind the page is the smallest there is: it hands out two files and passes messages between the page's
websocket and the worker, as the hub's engine does.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from media.engines.relay.client import RelayClient, epochs
from media.engines.relay.options import secret
from tests.support.processes import ROOT

PAGE = Path(__file__).parent / "relay_page"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class Stage:
    """What a test may do: ask for a page's address, kill and start the worker, leave."""

    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder}/worker.sock"
        self.address = ""
        self._folder = folder
        self._worker: subprocess.Popen[bytes] | None = None
        self._sockets: dict[str, ServerConnection] = {}
        self._client: RelayClient | None = None
        self._loop = asyncio.new_event_loop()
        self._stopped: asyncio.Event | None = None

    def page(self, seat: str) -> str:
        return f"{self.address}/?seat={seat}"

    def start_worker(self) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "vdx.settings",
            "VDX_SECRET_KEY": settings.SECRET_KEY,
            "VDX_RELAY_URLS": self.url,
            "VDX_RELAY_ADDRESSES": "127.0.0.1",
        }
        self._worker = subprocess.Popen([sys.executable, "-m", "media.engines.relay.worker"], env=environment, cwd=ROOT)

    def kill_worker(self) -> None:
        assert self._worker is not None
        self._worker.send_signal(signal.SIGKILL)
        self._worker.wait()

    def stop_worker(self) -> int:
        assert self._worker is not None
        self._worker.send_signal(signal.SIGTERM)
        return self._worker.wait(5)

    # --- The server, in a thread ---------------------------------------------------------------------------

    def _event(self, message: dict[str, Any]) -> None:
        socket = self._sockets.get(message["seat"])
        if socket is not None:
            self._loop.create_task(self._tell(socket, message))

    async def _tell(self, socket: ServerConnection, message: dict[str, Any]) -> None:
        await socket.send(json.dumps(message))

    async def _serve(self, socket: ServerConnection) -> None:
        assert self._client is not None
        assert socket.request is not None
        seat = parse_qs(urlsplit(socket.request.path).query)["seat"][0]
        self._sockets[seat] = socket
        self._client.join("room", seat, epochs.next())
        async for text in socket:
            message = json.loads(text)
            action, epoch = message.pop("do"), message.pop("epoch")
            self._client.say(action, "room", seat, epoch, **message)
        if self._sockets.get(seat) is socket:
            del self._sockets[seat]
            self._client.leave("room", seat)

    def _file(self, _: ServerConnection, request: Request) -> Response | None:
        path = urlsplit(request.path).path
        if path == "/ws":
            return None
        file = PAGE / ("index.html" if path == "/" else path[1:])
        if not file.is_file():
            return Response(HTTPStatus.NOT_FOUND, "Not Found", Headers())
        body = file.read_bytes()
        headers = Headers(
            {
                "Content-Type": TYPES[file.suffix],
                "Content-Length": str(len(body)),
                "Connection": "close",
                "Cache-Control": "no-store",
            }
        )
        return Response(HTTPStatus.OK, "OK", headers, body)

    async def _run(self, ready: threading.Event) -> None:
        self._stopped = asyncio.Event()
        self._client = RelayClient(self.url, secret(), self._event)
        self._client.start()
        async with serve(self._serve, "localhost", 0, process_request=self._file) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            self.address = f"http://localhost:{port}"
            ready.set()
            await self._stopped.wait()
        await self._client.stop()

    @contextmanager
    def running(self) -> Iterator[Stage]:
        ready = threading.Event()
        thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run(ready)))
        thread.start()
        try:
            assert ready.wait(10)
            yield self
        finally:
            assert self._stopped is not None
            self._loop.call_soon_threadsafe(self._stopped.set)
            thread.join()
            if self._worker is not None and self._worker.poll() is None:
                self.stop_worker()
            self._loop.close()
