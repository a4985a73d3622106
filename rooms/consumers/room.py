"""The speaking half of a connection: it carries out what :class:`~rooms.live.LiveRoom` thinks of."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, ParamSpec

from django.conf import settings
from django.utils import translation

from media import services as media
from rooms import access, groups, live, metrics, protocol, queries
from rooms.consumers.sockets import Socket
from rooms.consumers.threads import beating, in_thread
from rooms.consumers.writes import beat, connect, offer_handover, remove, write
from rooms.enums import DeviceKind, ReadySentence, SeatRole, SeatState
from rooms.errors import SOCKET_WORDS, HubFull
from rooms.live import effects as do
from rooms.models import Seat
from rooms.names import BOOK
from vdx.lib import clock
from vdx.lib.browsers import families
from vdx.lib.errors import DomainError

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
# A media server's words that end while the socket lives most often mean that the seat is open elsewhere by now, which
# this socket is about to be told.
ENDED_SECONDS = 1.0
# Whoever waits for a media server that does not answer holds up the socket's heartbeats for so long at most.
PATIENCE_SECONDS = 1.0
# The socket went without a close frame.
_NO_WORD = {None, 1006}
P = ParamSpec("P")


class RoomConsumer(Socket):
    """One websocket of a room: docs/protocol.md."""

    seat: Seat
    # What the browser opened it with.
    token: str
    room: live.LiveRoom
    ticker: asyncio.Task[None] | None = None
    later: set[asyncio.TimerHandle]
    # Hands the media server's words on, and which engine's they are.
    listener: asyncio.Task[None] | None = None
    listened_to: str = ""
    late: asyncio.Task[None] | None = None
    # Asks for the seat's engine, and whether that may be the direct one.
    joining: asyncio.Task[protocol.Wire] | None = None
    joins_direct: bool = False
    # What is to be done when the socket has gone is done.
    is_parted: bool = False

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Run the connection, and leave no timer behind however it ends."""
        self.turn = asyncio.Lock()
        self.later = set()
        try:
            await super().__call__(scope, receive, send)
        except Exception:
            # The page comes anew; the others and the record shall know meanwhile.
            await self._part(abnormal=True)
            raise
        finally:
            if self.ticker is not None:
                self.ticker.cancel()
            self._stop_joining()
            await self._hang_up()
            for timer in self.later:
                timer.cancel()

    async def connect(self) -> None:
        """Let in whoever has a seat's cookie for this very room."""
        code = self.scope["url_route"]["kwargs"]["code"]
        token = self.scope["cookies"].get(access.SEAT_COOKIE)
        seat = await in_thread(access.seat_for_socket, code, token)
        if seat is None or protocol.SUBPROTOCOL not in self.scope["subprotocols"]:
            await self.close()
            return
        self.seat, self.token = seat, token or ""
        self.room = live.LiveRoom(_identity(seat, self.scope), BOOK, clock.now())
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
            effects = self.room.counted(now, len(text_data or ""))
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
        await self._part(abnormal=code in _NO_WORD)

    async def _part(self, *, abnormal: bool) -> None:
        if self.ticker is None or self.is_parted:
            return
        self.is_parted = True
        self.ticker.cancel()
        # Its connections to the media server live on for a while: the page may come back with another socket.
        await self._hang_up()
        async with self.turn:
            await self._perform(self.room.lost(clock.now(), abnormal=abnormal))
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
                if isinstance(effect, do.Connect):
                    metrics.refused(error)
                more = self._refusal(error, fatal=isinstance(effect, do.Connect))
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
            case do.Speak(sentence):
                words = self._words(ReadySentence(sentence).label)
                await self.send(text_data=protocol.dump(protocol.told(sentence=sentence, text=words)))
            case do.Close(code):
                await self.close(code=code)
            case do.SayNoPlace():
                said = HubFull.beside(seat.role, seat.room.phone, fixed=seat.room.is_fixed)
                await self.send(text_data=protocol.dump(protocol.no_place(self._words(said))))
            case do.Announce(event):
                await self.channel_layer.group_send(self.group, groups.message(event, self.device.room))
            case do.Tell(to, event):
                await self._tell(to, event)
            case do.Forward(to, event):
                other = media.Device(room=self.device.room, seat=to)
                if await media.signal(self.device, other, event["data"]):
                    await self._tell(to, event)
            case do.Later(wait):
                loop = asyncio.get_running_loop()
                self.later.add(loop.call_later(wait.total_seconds(), lambda: asyncio.ensure_future(self._tick())))
            case do.TellServer(data):
                await media.signal(self.device, media.Device(self.device.room, media.SERVER), data)
            case do.Connect(instance, resumed, direct):
                standing, company = await in_thread(
                    connect,
                    seat_id=seat.pk,
                    room_id=seat.room_id,
                    instance=instance,
                    resumed=resumed,
                    token=self.token,
                    lets_in=not seat.room.waiting_room,
                )
                if seat.role == SeatRole.HOST and not resumed:
                    metrics.host_came()
                engine, refused = None, None
                if standing.state == SeatState.ADMITTED:
                    try:
                        engine = await self._join(direct=direct)
                    except DomainError as error:
                        refused = error
                effects = self.room.connected(standing, company, engine, now)
                return effects if refused is None else [*effects, *self._refusal(refused)]
            case do.Beat(visit, way):
                standing_now, newest = await beating(beat, visit_id=visit, seat_id=seat.pk)
                moved_to = await media.engine_of(self.device.room) if way else None
                return self.room.stood(standing_now, newest, clock.now(), moved_to=moved_to)
            case do.JoinEngine(direct, looked):
                engine = await self._join(direct=direct, looked=looked)
                return [] if engine is None else self.room.joined(engine)
            case do.Listen(engine_name, epoch):
                await self._listen(engine_name, epoch)
            case do.Remove(key):
                await in_thread(remove, key, seat, now)
                # Its own connection does the same; it may be gone, and its sound and picture live on for a while.
                await media.leave(media.Device(room=self.device.room, seat=key))
            case do.OfferHandover():
                return [do.Send(await in_thread(offer_handover, seat, now))]
            case do.LeaveEngine():
                self._stop_joining()
                await media.leave(self.device)
            case do.EndMedia():
                self._stop_joining()
                await media.end(self.device.room)
            case _:
                await in_thread(write, effect, seat, now)
        return []

    # --- The seat's engine ---

    async def _join(self, *, direct: bool, looked: bool = False) -> protocol.Wire | None:
        """ENGINE for this seat; None where it will be told later, since a server keeps us waiting."""
        if self.joining is not None and not self.joining.done():
            if direct or not self.joins_direct:
                # That one's answer is on its way.
                return None
            self._stop_joining()
        joining = self.joining = asyncio.create_task(self._ask_engine(direct=direct, looked=looked))
        self.joins_direct = direct
        done, _ = await asyncio.wait([joining], timeout=PATIENCE_SECONDS)
        if done:
            return joining.result()
        joining.add_done_callback(lambda task: None if task.cancelled() else self._joined_late(task))
        return None

    def _joined_late(self, joining: asyncio.Task[protocol.Wire]) -> None:
        self.late = asyncio.create_task(self._tell_joined(joining))

    async def _tell_joined(self, joining: asyncio.Task[protocol.Wire]) -> None:
        try:
            await self._say(self.room.joined, joining.result())
        except DomainError as error:
            await self._say(self._refusal, error)
        except Exception:
            log.exception("a room's socket could not join its media server")
            await self.close(code=1011)

    def _stop_joining(self) -> None:
        for task in (self.joining, self.late):
            # The second may be the very one that has come to this.
            if task is not None and task is not asyncio.current_task():
                task.cancel()

    async def _ask_engine(self, *, direct: bool, looked: bool) -> protocol.Wire:
        """Who is in the room is told when it goes to another engine."""
        now = clock.now()
        if direct and not looked:
            direct = await in_thread(queries.direct_possible, self.device.room, now)
        ticket = await media.join(self.device, direct=direct, now=now)
        if ticket.moved:
            await self.channel_layer.group_send(self.group, groups.message(live.events.moved(ticket.engine)))
        return protocol.engine(
            name=ticket.engine,
            ice_servers=[dict(server.for_browser()) for server in ticket.ice_servers],
            ice_transport_policy=ticket.ice_transport_policy,
            expires_at=ticket.expires_at,
        )

    # --- The media server's words ---

    async def _listen(self, engine: str, epoch: int | None) -> None:
        if self.listener is not None and not self.listener.done() and self.listened_to == engine:
            return
        await self._hang_up()
        self.listened_to = engine
        self.listener = asyncio.create_task(self._hand_on(epoch))

    async def _hang_up(self) -> None:
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.cancel()
            await asyncio.wait([listener])

    async def _hand_on(self, epoch: int | None) -> None:
        """Hand the words on for as long as both sides live. When the server's side ends first, the page asks anew."""
        refused: DomainError = media.NoMediaServer()
        words = media.events(self.device, epoch=epoch)
        try:
            async for word in words:
                if not await self._say(self.room.told, dict(word)):
                    return
        except DomainError as error:
            refused = error
        except Exception:
            log.exception("a room's socket lost its media server")
        finally:
            await words.aclose()
        # Whoever joins meanwhile listens anew.
        self.listened_to = ""
        await asyncio.sleep(ENDED_SECONDS)
        await self._say(self._refusal, refused)

    async def _say(self, think: Callable[P, do.Effects], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Carry out what comes of it, unless the socket has gone, which ``disconnect`` is about to be told."""
        try:
            async with self.turn:
                await self._perform(think(*args, **kwargs))
        except OSError:
            # uvicorn.protocols.utils.ClientDisconnected
            return False
        return True

    def _refusal(self, error: DomainError, *, fatal: bool = False) -> do.Effects:
        return self.room.failed(error.code, self._words(error.message), fatal=fatal)

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


def _identity(seat: Seat, scope: dict[str, Any]) -> live.Identity:
    # The header is looked at here and kept nowhere.
    agent = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")
    browser, system = families(agent) if agent else ("", "")
    return live.Identity(
        room=seat.room.uuid.hex,
        seat=seat.key,
        role=SeatRole(seat.role),
        state=SeatState(seat.state),
        kind=DeviceKind(seat.device_kind),
        name=queries.hosts_name(seat.user, seat.room) if seat.role == SeatRole.HOST else "",
        since=queries.since(seat),
        test=str(access.tested_verdict(seat.room, scope["cookies"].get(access.TEST_COOKIE)) or seat.test_verdict),
        telephone=seat.telephone_asked_at is not None,
        facts=queries.room_facts(seat.room),
        browser=browser,
        system=system,
    )
