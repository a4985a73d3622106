"""One participant of the probe's call: a room's websocket, as docs/protocol.md has it, and both media connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from media.peer import Peer
from monitoring.probe.http import Browser
from vdx.lib import probe

HEARTBEAT_SECONDS = 5.0


class Gone(Exception):
    """The socket was refused, closed, or told an error; or the media server gave up. The text is a word."""


class Seat:
    """``mark`` is what this one puts into its packets, ``wanted`` what it waits for in the other's."""

    def __init__(self, browser: Browser, code: str, *, mark: bytes, wanted: bytes) -> None:
        self._browser, self._code = browser, code
        self._socket: ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._heard: list[dict[str, Any]] = []
        self._news = asyncio.Condition()
        self._end = ""
        self.peer = Peer(self._signal, mark=mark, wanted=wanted)

    async def open(self) -> dict[str, Any]:
        """Connect and say hello; the welcome. Raises :class:`Gone`."""
        address = f"{self._browser.base.replace('http', 'ws', 1)}/m/{self._code}/ws"
        try:
            self._socket = await connect(
                address,
                origin=Origin(self._browser.origin),
                subprotocols=[Subprotocol("vdx.1")],
                additional_headers={"Cookie": self._browser.cookie_header()},
                user_agent_header=probe.AGENT,
                open_timeout=None,
                close_timeout=1,
                # The answer to a heartbeat is sign of life enough.
                ping_interval=None,
                proxy=None,
            )
        except (OSError, WebSocketException) as error:
            raise Gone(_word(error)) from None
        self._tasks = [asyncio.create_task(self._read(self._socket)), asyncio.create_task(self._beat())]
        await self.say("hello", version=1, instance=uuid4().hex, name="VDX", resumed=False)
        return await self.hear("welcome")

    async def say(self, kind: str, /, **members: Any) -> None:
        """Send a message. Raises :class:`Gone`."""
        if self._socket is None:
            raise Gone("not_open")
        try:
            await self._socket.send(json.dumps({"type": kind, **members}))
        except (OSError, WebSocketException) as error:
            raise Gone(self._end or _word(error)) from None

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next message of one of the kinds, also one that came before. Raises :class:`Gone`."""
        async with self._news:
            while True:
                for message in self._heard:
                    if message.get("type") in kinds:
                        self._heard.remove(message)
                        return message
                if self._end:
                    raise Gone(self._end)
                await self._news.wait()

    async def reach(self, event: asyncio.Event) -> None:
        """Wait for one of the peer's events. Raises :class:`Gone` where the media server says that nothing comes."""
        waits: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(event.wait()),
            asyncio.ensure_future(self.hear("error")),
            asyncio.ensure_future(asyncio.shield(self.peer.failed)),
        }
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if event.is_set():
                return
            for wait in done:
                found = wait.result()
                raise Gone(str(found.get("code", "error") if isinstance(found, Mapping) else found))
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def close(self) -> None:
        """Let go of everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.peer.close()
        if self._socket is not None:
            with suppress(OSError, WebSocketException):
                await self._socket.close()

    def _signal(self, data: Mapping[str, Any]) -> None:
        if self._socket is not None:
            self._tasks.append(asyncio.create_task(self._send_signal(data)))

    async def _send_signal(self, data: Mapping[str, Any]) -> None:
        # A socket that has gone shows where the next message is waited for.
        with suppress(Gone):
            await self.say("signal", to="media", data=data)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                message = json.loads(text)
                if message.get("type") == "signal" and message.get("from") == "media":
                    await self.peer.hear(message["data"])
                    continue
                await self._note(message)
            end = f"closed_{socket.close_code}"
        except (OSError, WebSocketException) as error:
            end = _word(error)
        except (ValueError, KeyError, TypeError):
            end = "unreadable"
        async with self._news:
            self._end = end
            self._news.notify_all()

    async def _note(self, message: dict[str, Any]) -> None:
        async with self._news:
            self._heard.append(message)
            self._news.notify_all()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            with suppress(Gone):
                await self.say("heartbeat")


def _word(error: Exception) -> str:
    response = getattr(error, "response", None)
    return f"status_{response.status_code}" if response is not None else "no_answer"
