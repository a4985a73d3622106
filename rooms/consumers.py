"""The speaking half of a connection: it carries out what :class:`~rooms.live.LiveRoom` thinks of."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation

from media import services as media
from rooms import access, groups, live, protocol, queries, services
from rooms.enums import CloseReason, DeviceKind, SeatRole, SeatState
from rooms.errors import SOCKET_WORDS
from rooms.live import effects as do
from rooms.models import Seat
from rooms.names import BOOK
from vdx.lib import clock
from vdx.lib.errors import DomainError

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
# The socket went without a close frame.
_NO_WORD = {None, 1006}
# One thread for all sockets, as Channels has it, would let one wait for a row stop every room's heartbeats. These have
# threads of their own, which wait for no room's row, however many of the others do. Together they stay below the
# process's database connections (settings).
_AT_WORK = ThreadPoolExecutor(8, thread_name_prefix="room")
_BEATING = ThreadPoolExecutor(2, thread_name_prefix="room-beat")

P = ParamSpec("P")
T = TypeVar("T")


class RoomConsumer(AsyncWebsocketConsumer):
    """One websocket of a room: docs/protocol.md."""

    seat: Seat
    room: live.LiveRoom
    ticker: asyncio.Task[None] | None = None
    later: set[asyncio.TimerHandle]

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Run the connection, and leave no timer behind however it ends."""
        self.turn = asyncio.Lock()
        self.later = set()
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.ticker is not None:
                self.ticker.cancel()
            for timer in self.later:
                timer.cancel()

    async def connect(self) -> None:
        """Let in whoever has a seat's cookie for this very room."""
        code = self.scope["url_route"]["kwargs"]["code"]
        token = self.scope["cookies"].get(access.SEAT_COOKIE)
        seat = await _in_thread(access.seat_for_socket, code, token)
        if seat is None or protocol.SUBPROTOCOL not in self.scope["subprotocols"]:
            await self.close()
            return
        self.seat = seat
        self.room = live.LiveRoom(_identity(seat), BOOK, clock.now())
        self.device = media.Device(room=seat.room.uuid, seat=seat.key)
        self.group = groups.room_group(seat.room.uuid)
        self.own_group = groups.seat_group(seat.room.uuid, seat.key)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.channel_layer.group_add(self.own_group, self.channel_name)
        await self.accept(protocol.SUBPROTOCOL)
        self.ticker = asyncio.create_task(self._tick_on())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """A message of the browser's."""
        now = clock.now()
        async with self.turn:
            effects = self.room.counted(now)
            if not effects:
                try:
                    effects = self.room.receive(protocol.parse(text_data or ""), now)
                except protocol.ProtocolError as error:
                    effects = self.room.failed(error.code, "", fatal=error.fatal)
            await self._perform(effects)

    async def room_event(self, message: dict[str, Any]) -> None:
        """An event of the room's or the seat's group."""
        async with self.turn:
            await self._perform(self.room.hear(message["event"], clock.now()))

    async def disconnect(self, code: int | None) -> None:
        """The socket has gone."""
        if self.ticker is None:
            return
        self.ticker.cancel()
        async with self.turn:
            await self._perform(self.room.lost(clock.now(), abnormal=code in _NO_WORD))
            await media.leave(self.device)
        await self.channel_layer.group_discard(self.group, self.channel_name)
        await self.channel_layer.group_discard(self.own_group, self.channel_name)

    async def _tick_on(self) -> None:
        try:
            while True:
                await asyncio.sleep(TICK_SECONDS)
                await self._tick()
        except Exception:
            # Without its clock the connection is worth nothing: the page shall come anew.
            log.exception("a room's socket lost its clock")
            await self.close(code=1011)

    async def _tick(self) -> None:
        async with self.turn:
            await self._perform(self.room.tick(clock.now()))

    async def _perform(self, effects: do.Effects) -> None:
        """Carry effects out one after the other, each with what follows from it at once."""
        todo = deque(effects)
        while todo:
            effect = todo.popleft()
            try:
                more = await self._do(effect)
            except DomainError as error:
                fatal = isinstance(effect, do.Connect)
                more = self.room.failed(error.code, self._words(error.message), fatal=fatal)
            todo.extendleft(reversed(more))

    async def _do(self, effect: do.Effect) -> do.Effects:
        now = clock.now()
        seat = self.seat
        match effect:
            case do.Send(message):
                await self.send(text_data=protocol.dump(message))
            case do.Fail(code, fatal, message):
                words = message or self._words(SOCKET_WORDS.get(code, ""))
                await self.send(text_data=protocol.dump(protocol.error(code=code, message=words, fatal=fatal)))
                if fatal:
                    await self.close(code=protocol.FATAL)
            case do.Close(code):
                await self.close(code=code)
            case do.Announce(event):
                await self.channel_layer.group_send(self.group, groups.message(event))
            case do.Tell(to, event):
                await self._tell(to, event)
            case do.Forward(to, event):
                other = media.Device(room=self.device.room, seat=to)
                if await media.signal(self.device, other, event["data"]):
                    await self._tell(to, event)
            case do.Later(wait):
                loop = asyncio.get_running_loop()
                self.later.add(loop.call_later(wait.total_seconds(), lambda: asyncio.ensure_future(self._tick())))
            case do.Connect(instance, resumed):
                standing, company = await _in_thread(
                    _connect, seat_id=seat.pk, room_id=seat.room_id, instance=instance, resumed=resumed
                )
                engine = await self._join() if standing.state == SeatState.ADMITTED else None
                return self.room.connected(standing, company, engine, now)
            case do.Beat(visit):
                standing_now, newest = await _beating(_beat, visit_id=visit, seat_id=seat.pk)
                return self.room.stood(standing_now, newest, clock.now())
            case do.JoinEngine():
                return self.room.joined(await self._join())
            case do.Admit(key):
                await _in_thread(services.admit, room_id=seat.room_id, seat_key=key, by_seat_id=seat.pk, now=now)
            case do.Refuse(key):
                await _in_thread(services.refuse, room_id=seat.room_id, seat_key=key, by_seat_id=seat.pk, now=now)
            case do.Extend(minutes):
                await _in_thread(services.extend_room, room_id=seat.room_id, minutes=minutes, by_seat=seat.pk, now=now)
            case do.End():
                await _in_thread(
                    services.close_room, room_id=seat.room_id, reason=CloseReason.ENDED, by_seat=seat.pk, now=now
                )
            case do.GiveUp():
                await _in_thread(services.leave, seat_id=seat.pk, now=now)
            case do.Sample(measures):
                await _in_thread(
                    services.sample_quality, room_uuid=self.device.room, seat_key=seat.key, measures=measures
                )
            case do.Disconnect(visit, at):
                await _in_thread(services.disconnect, visit_id=visit, now=at)
        return []

    async def _join(self) -> protocol.Wire:
        ticket = await media.join(self.device, direct=True, now=clock.now())
        return protocol.engine(
            name=ticket.engine,
            ice_servers=[dict(server.for_browser()) for server in ticket.ice_servers],
            expires_at=ticket.expires_at,
        )

    async def _tell(self, seat: str, event: groups.Event) -> None:
        await self.channel_layer.group_send(groups.seat_group(self.device.room, seat), groups.message(event))

    def _words(self, text: Any) -> str:
        """A text in the page's language."""
        known = dict(settings.LANGUAGES)
        chosen = self.scope["cookies"].get(settings.LANGUAGE_COOKIE_NAME, "")
        profile = self.seat.user.language if self.seat.user else ""
        language = next((choice for choice in (chosen, profile) if choice in known), settings.LANGUAGE_CODE)
        with translation.override(language):
            return str(text)


def _identity(seat: Seat) -> live.Identity:
    return live.Identity(
        room=seat.room.uuid.hex,
        seat=seat.key,
        role=SeatRole(seat.role),
        state=SeatState(seat.state),
        kind=DeviceKind(seat.device_kind),
        name=queries.hosts_name(seat.user, seat.room) if seat.role == SeatRole.HOST else "",
        since=queries.since(seat),
        facts=queries.room_facts(seat.room),
    )


def _connect(*, seat_id: int, room_id: int, instance: str, resumed: bool) -> tuple[live.Standing, list[live.Companion]]:
    now = clock.now()
    visit = services.connect(seat_id=seat_id, instance=instance, resumed=resumed, now=now)
    standing = queries.standing(visit.pk)
    if standing is None:
        raise RuntimeError("a visit vanished while it began")
    return standing, queries.company(room_id=room_id, without=seat_id, now=now)


def _beat(*, visit_id: int, seat_id: int) -> tuple[live.Standing | None, int | None]:
    services.seen(visit_id=visit_id, now=clock.now())
    standing = queries.standing(visit_id)
    newest = queries.newest_visit(seat_id) if standing is not None and not standing.visit_open else None
    return standing, newest


async def _in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await _run(_AT_WORK, partial(function, *args, **kwargs))


async def _beating(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await _run(_BEATING, partial(function, *args, **kwargs))


async def _run(pool: ThreadPoolExecutor, call: Callable[[], T]) -> T:
    # Gives the thread's connection back afterwards.
    result: T = await database_sync_to_async(call, thread_sensitive=False, executor=pool)()
    return result
