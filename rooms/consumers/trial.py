"""The test page's socket: a throw-away room on the media server, whose two ends are both in the one page."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import translation

from media import services as media
from rooms import access, protocol
from rooms.consumers.sockets import Socket
from rooms.consumers.threads import in_thread
from rooms.errors import SOCKET_WORDS
from rooms.protocol import trial
from rooms.protocol.names import FATAL
from rooms.rules.trials import MESSAGES, SECONDS, Places
from vdx.lib import clock, ids
from vdx.lib.errors import DomainError
from vdx.lib.net import client_address, customer

log = logging.getLogger(__name__)

PLACES = Places()
#: Seconds that a page may take to speak.
SPEAK_WITHIN = 10.0


class TrialConsumer(Socket):
    """One test of a device. It opens nothing, needs no seat, and leaves nothing behind."""

    network = ""
    has_place = False
    has_joined = False
    messages = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Run the connection, and leave nothing behind however it ends."""
        self.tasks: list[asyncio.Task[None]] = []
        self.room = uuid4()
        # As long as people's, and nobody's: those are drawn from another alphabet.
        self.seats = (f"test-a{ids.short_id()[:6]}", f"test-b{ids.short_id()[:6]}")
        self.devices = {seat: media.Device(self.room, seat) for seat in self.seats}
        try:
            await super().__call__(scope, receive, send)
        finally:
            for task in self.tasks:
                task.cancel()
            if self.tasks:
                await asyncio.wait(self.tasks)
            if self.has_joined:
                await media.discard(self.room)
            if self.has_place:
                PLACES.give_back(self.network)

    async def connect(self) -> None:
        """Anybody who speaks the language may test."""
        if protocol.SUBPROTOCOL not in self.scope["subprotocols"]:
            await self.close()
            return
        await self.accept(protocol.SUBPROTOCOL)
        self.tasks.append(asyncio.create_task(self._end_after(SPEAK_WITHIN)))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The page's one ``hello``, and then what its two ends say to the media server."""
        self.messages += 1
        try:
            if self.messages > MESSAGES:
                raise protocol.ProtocolError("too_fast")
            message = trial.parse(text_data or "", self.seats)
            if isinstance(message, trial.Hello):
                await self._begin()
            elif self.has_joined:
                device = self.devices[message.seat]
                await media.signal(device, media.Device(self.room, media.SERVER), message.data)
        except protocol.ProtocolError as error:
            await self._refuse(error.code, SOCKET_WORDS.get(error.code, ""))
        except DomainError as error:
            await self._refuse(error.code, error.message)

    async def _begin(self) -> None:
        if self.has_joined:
            raise protocol.ProtocolError("invalid")
        address = self._address()
        await in_thread(access.may_test, cookie=self.scope["cookies"].get(access.VISITOR_COOKIE, ""), address=address)
        if not PLACES.take(customer(address)):
            await self._refuse("busy", SOCKET_WORDS["busy"])
            return
        self.network, self.has_place = customer(address), True
        self.tasks.append(asyncio.create_task(self._end_after(SECONDS)))
        # From here on there is something to give back, however far the next lines get.
        self.has_joined = True
        now = clock.now()
        for device in self.devices.values():
            ticket = await media.join(device, direct=False, now=now)
        engine = protocol.engine(
            name=ticket.engine,
            ice_servers=[dict(server.for_browser()) for server in ticket.ice_servers],
            ice_transport_policy=ticket.ice_transport_policy,
            expires_at=ticket.expires_at,
        )
        await self._say(trial.welcome(seats=self.seats, engine=engine, seconds=SECONDS))
        self.tasks.extend(asyncio.create_task(self._listen(device)) for device in self.devices.values())

    async def _listen(self, device: media.Device) -> None:
        """Hand the media server's words on to one of the ends."""
        refusal: DomainError = media.NoMediaServer()
        words = media.events(device)
        try:
            async for word in words:
                if not await self._say(trial.signal(seat=device.seat, data=dict(word))):
                    return
        except DomainError as error:
            refusal = error
        except Exception:
            log.exception("a device test lost its media server")
        finally:
            await words.aclose()
        await self._refuse(refusal.code, refusal.message)

    async def _end_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if seconds == SECONDS or not self.has_place:
            await self.close(code=1000)

    async def _refuse(self, code: str, words: Any) -> None:
        with translation.override(self._language()):
            message = protocol.error(code=code, message=str(words), fatal=True)
        if await self._say(message):
            await self.close(code=FATAL)

    async def _say(self, message: protocol.Wire) -> bool:
        """Whether it went: the page may have gone, which ``__call__`` is about to be told."""
        try:
            await self.send(text_data=protocol.dump(message))
        except OSError:
            # uvicorn.protocols.utils.ClientDisconnected
            return False
        return True

    def _address(self) -> str:
        headers = dict(self.scope["headers"])
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin1")
        peer = (self.scope.get("client") or ("", 0))[0]
        return client_address(peer, forwarded, settings.VDX_TRUSTED_PROXIES)

    def _language(self) -> str:
        chosen = self.scope["cookies"].get(settings.LANGUAGE_COOKIE_NAME, "")
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
