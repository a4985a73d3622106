"""The speaking half of a desk's socket: it carries out what :class:`~rooms.live.desk.LiveDesk` thinks of."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from django.conf import settings

from rooms import access, company_queries, groups, protocol
from rooms.consumers.sockets import Socket
from rooms.consumers.threads import beating
from rooms.live import desk as do
from rooms.live.effects import Close, Fail, Send
from rooms.names import BOOK
from vdx.lib import clock

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0


class DeskConsumer(Socket):
    """One websocket of a desk: docs/protocol.md, "The desk"."""

    ticker: asyncio.Task[None] | None = None
    ticket: access.Desk | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Run the connection, and leave no timer and no group behind however it ends."""
        self.turn = asyncio.Lock()
        self.followed: set[str] = set()
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.ticker is not None:
                self.ticker.cancel()
            for group in self.followed:
                await self.channel_layer.group_discard(group, self.channel_name)

    async def connect(self) -> None:
        """Take anybody's socket: it shows nothing without a ticket, and with the very login that it was made for."""
        self.session = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
        if not self.session or protocol.DESK_SUBPROTOCOL not in self.scope["subprotocols"]:
            await self.close()
            return
        self.desk = do.LiveDesk(BOOK, clock.now())
        await self.accept(protocol.DESK_SUBPROTOCOL)
        self.ticker = asyncio.create_task(self._tick_on())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """A message of the page's."""
        async with self.turn:
            await self._perform(self.desk.receive(text_data or "", clock.now()))

    async def room_event(self, message: dict[str, Any]) -> None:
        """An event of one of the rooms' groups."""
        # A web process of an older version does not say whose.
        room = message.get("room")
        if room is not None:
            async with self.turn:
                await self._perform(self.desk.hear(room, message["event"], clock.now()))

    async def desk_over(self, message: dict[str, Any]) -> None:
        """The login has logged out, or lost a role. A page whose login still stands comes anew."""
        async with self.turn:
            await self._perform(self.desk.refused())

    async def _tick_on(self) -> None:
        try:
            while True:
                await asyncio.sleep(TICK_SECONDS)
                async with self.turn:
                    await self._perform(self.desk.tick(clock.now()))
        except Exception:
            log.exception("a desk's socket lost its clock")
            await self.close(code=1011)

    async def _perform(self, effects: do.Effects) -> None:
        for effect in effects:
            await self._do(effect)

    async def _do(self, effect: do.Effect) -> None:
        match effect:
            case Send(message):
                await self.send(text_data=protocol.dump(message))
            case Fail(code, fatal):
                # The page has words of its own.
                await self.send(text_data=protocol.dump(protocol.error(code=code, message="", fatal=fatal)))
                if fatal:
                    await self.close(code=protocol.FATAL)
            case Close(code):
                await self.close(code=code)
            case do.Read(ticket):
                await self._read(ticket)
            case do.Check():
                if self.ticket is None or not await beating(access.desk_stands, self.ticket, self.session):
                    await self._perform(self.desk.refused())
            case do.Follow(room, event):
                group = groups.room_group(room)
                await self._follow(group)
                await self.channel_layer.group_send(group, groups.message(event, room))
            case do.Unfollow(room):
                group = groups.room_group(room)
                self.followed.discard(group)
                await self.channel_layer.group_discard(group, self.channel_name)

    async def _read(self, ticket: str) -> None:
        self.ticket = await beating(access.desk_of, ticket, self.session)
        if self.ticket is None:
            await self._perform(self.desk.refused())
            return
        await self._follow(groups.desk_group(self.ticket.user_id))
        await self._perform(self.desk.watches(self.ticket.rooms, clock.now()))
        asleep = await beating(company_queries.to_be_rung, self.ticket.rooms)
        await self._perform(self.desk.meet(asleep, clock.now()))

    async def _follow(self, group: str) -> None:
        if group not in self.followed:
            self.followed.add(group)
            await self.channel_layer.group_add(group, self.channel_name)
