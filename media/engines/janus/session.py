"""A web process's session with one Janus: one websocket that holds, and comes back by itself.

Janus API, https://janus.conf.meetecho.com/docs/rest.html and ``janus-protocol`` over websockets. A session has handles,
one for each connection of a browser's. When the websocket goes, Janus ends the session and everything in it; when it is
back there is a new session, and everybody is connected anew.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

logger = logging.getLogger(__name__)

Message = dict[str, Any]

PLUGIN = "janus.plugin.videoroom"
#: Seconds between attempts to reach Janus: the first, and the greatest.
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
#: A session that has lasted so many seconds was one, and the next is tried for at once.
LONG_SECONDS = 5.0
#: Seconds that Janus has for the websocket and the session, and for the answer to a request.
GREETING_SECONDS, ANSWER_SECONDS = 2.0, 5.0
#: Seconds that a goodbye may take.
CLOSING_SECONDS = 0.5
#: Seconds between keep-alives. Janus ends a session that it has not heard from for 60 (``session_timeout``).
KEEP_ALIVE_SECONDS = 15.0
#: A ping a second, and a Janus that leaves one unanswered for three has gone, also where its machine died unheard.
PING_SECONDS, PONG_SECONDS = 1.0, 3.0
#: The longest message that Janus may send: offers of a full room have some tens of thousands of characters.
MOST_OCTETS = 1 << 20


class Refused(Exception):
    """Janus answered with an error; ``code`` as in Janus' apierror.h or, above 400, janus_videoroom.c."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


class Unanswered(Exception):
    """There is no session now, or Janus gave no answer in time."""


class JanusSession:
    """The session with the Janus at ``url``; ``secret`` is its ``api_secret``, or empty."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.connected = asyncio.Event()
        self._secret = secret
        self._session = 0
        self._control = 0
        self._outgoing: asyncio.Queue[str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._replies: dict[str, asyncio.Future[Message]] = {}
        self._handles: dict[int, Callable[[Message | None], None]] = {}

    @property
    def load(self) -> int:
        """Handles of this process: two for each browser that it has here."""
        return len(self._handles)

    def start(self) -> None:
        """Connect, and keep connected until :meth:`stop`."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """End the session, and with it every connection in it."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    # --- Handles -------------------------------------------------------------------------------------------

    async def attach(self, heard: Callable[[Message | None], None]) -> int:
        """A new handle. ``heard`` gets what Janus says to it, and None when the session has gone.

        It hears answers too, before those who asked have them, so that it hears everything in Janus' order.
        """
        asking = asyncio.get_running_loop().create_task(self._ask({"janus": "attach", "plugin": PLUGIN}))
        try:
            reply = await asyncio.shield(asking)
        except asyncio.CancelledError:
            asking.add_done_callback(self._unwanted)
            raise
        handle = int(reply["data"]["id"])
        self._handles[handle] = heard
        return handle

    def _unwanted(self, asking: asyncio.Task[Message]) -> None:
        """A handle came after whoever asked for it had gone."""
        if not asking.cancelled() and asking.exception() is None:
            self._send({"janus": "detach", "handle_id": asking.result()["data"]["id"]})

    def detach(self, handle: int) -> None:
        """Let a handle go, and its connection. Gone already: nothing."""
        if self._handles.pop(handle, None) is not None:
            self._send({"janus": "detach", "handle_id": handle})

    async def say(self, handle: int, body: Message, jsep: Message | None = None) -> Message:
        """A request to the VideoRoom and its answer. Raises :class:`Refused` and :class:`Unanswered`."""
        message: Message = {"janus": "message", "handle_id": handle, "body": body}
        if jsep is not None:
            message["jsep"] = jsep
        reply = await self._ask(message)
        return plugin_data(reply)

    async def manage(self, body: Message) -> Message:
        """A request about a room that belongs to no browser's handle."""
        return await self.say(self._control, body)

    def trickle(self, handle: int, candidate: Message) -> None:
        """One of the browser's addresses, or ``{"completed": true}``."""
        self._send({"janus": "trickle", "handle_id": handle, "candidate": candidate})

    # --- Requests ------------------------------------------------------------------------------------------

    def _send(self, message: Message) -> str:
        """Put a request on the line; its transaction. Without a line it is lost, as is the session that it was for."""
        transaction = secrets.token_hex(8)
        message["transaction"] = transaction
        if self._session:
            message["session_id"] = self._session
        if self._secret:
            message["apisecret"] = self._secret
        if self._outgoing is not None:
            self._outgoing.put_nowait(json.dumps(message))
        return transaction

    async def _ask(self, message: Message) -> Message:
        if self._outgoing is None:
            raise Unanswered
        reply: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        transaction = self._send(message)
        self._replies[transaction] = reply
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await reply
        except TimeoutError:
            raise Unanswered from None
        finally:
            self._replies.pop(transaction, None)
        error = answer.get("error")
        code = error.get("code") if isinstance(error, dict) else plugin_data(answer).get("error_code")
        if code is not None:
            raise Refused(int(code))
        return answer

    # --- The line ------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._talk()
            except* (OSError, TimeoutError, WebSocketException, Unanswered, Refused) as errors:
                logger.debug("Janus cannot be reached: %s", [type(error).__name__ for error in errors.exceptions])
            except* (ValueError, LookupError, TypeError) as errors:
                logger.warning("Janus said what nobody understands", exc_info=errors)
            is_new = asyncio.get_running_loop().time() - began > LONG_SECONDS
            pause = FIRST_PAUSE if is_new else min(LONGEST_PAUSE, pause * 2)
            await asyncio.sleep(pause)

    async def _talk(self) -> None:
        """One session, from beginning to end."""
        async with connect(
            self.url,
            subprotocols=[Subprotocol("janus-protocol")],
            open_timeout=GREETING_SECONDS,
            close_timeout=CLOSING_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
            compression=None,
            proxy=None,
            max_size=MOST_OCTETS,
        ) as socket:
            outgoing = self._outgoing = asyncio.Queue()
            try:
                async with asyncio.TaskGroup() as tasks:
                    others = [tasks.create_task(self._write(socket, outgoing)), tasks.create_task(self._keep_alive())]
                    async for text in socket:
                        self._read(text)
                    for task in others:
                        task.cancel()
            finally:
                self._hang_up()

    async def _write(self, socket: ClientConnection, outgoing: asyncio.Queue[str]) -> None:
        while True:
            await socket.send(await outgoing.get())

    async def _keep_alive(self) -> None:
        """Make the session, say that it is there, and keep it."""
        async with asyncio.timeout(GREETING_SECONDS):
            self._session = int((await self._ask({"janus": "create"}))["data"]["id"])
            self._control = int((await self._ask({"janus": "attach", "plugin": PLUGIN}))["data"]["id"])
        self.connected.set()
        while True:
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
            await self._ask({"janus": "keepalive"})

    def _read(self, text: str | bytes) -> None:
        message = json.loads(text)
        if not isinstance(message, dict):
            raise ValueError("Janus speaks in objects")
        if message.get("janus") == "timeout" and message.get("session_id") == self._session:
            raise Unanswered
        reply = self._replies.get(str(message.get("transaction", "")))
        heard = self._handles.get(message.get("sender", 0))
        if heard is not None:
            heard(message)
        # A request to the plugin is acknowledged first, and answered later; a keep-alive is only acknowledged.
        if reply is not None and not reply.done() and (message.get("janus") != "ack" or message.get("hint") is None):
            reply.set_result(message)

    def _hang_up(self) -> None:
        self.connected.clear()
        self._outgoing, self._session, self._control = None, 0, 0
        replies, self._replies = list(self._replies.values()), {}
        for reply in replies:
            if not reply.done():
                reply.set_exception(Unanswered())
        handles, self._handles = list(self._handles.values()), {}
        for heard in handles:
            heard(None)


def plugin_data(message: Message) -> Message:
    """What the VideoRoom says in a message."""
    data = message.get("plugindata", {}).get("data")
    return data if isinstance(data, dict) else {}
