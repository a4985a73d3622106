"""One browser's two connections to one Janus, under one epoch: on one handle it publishes, on another it gets.

What the browser asks and what Janus tells is taken one step at a time, in order. A talk ends when it is cancelled or
when the session with Janus has gone; then there is another one, under a new epoch.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from media.engines.janus import rooms
from media.engines.janus.loss import Loss
from media.engines.janus.rooms import SOURCES, Roll
from media.engines.janus.session import JanusSession, Message, Refused, Unanswered, plugin_data

logger = logging.getLogger(__name__)

Step = Callable[[], Awaitable[None]]
#: Seconds until a connection that Janus did not know yet, or no longer, is asked for again.
RETRY_SECONDS = 0.3
JOIN_ATTEMPTS = 3
#: Steps that may wait for Janus. What a browser says beyond that is passed over: no page of ours says so much.
MOST_STEPS = 50


class Talk:
    """``tell`` takes what the browser is to be told; ``changed`` is called when others may have to know something."""

    def __init__(
        self,
        host: JanusSession,
        *,
        room: UUID,
        seat: str,
        epoch: int,
        secret: str,
        tell: Callable[[Mapping[str, Any]], None],
        changed: Callable[[], None],
    ) -> None:
        self.host, self.seat, self.epoch = host, seat, epoch
        self.roll = Roll(seat)
        self.is_joined = False
        self.is_published = False
        #: What this one wants of the others, by their seats; of a seat that is not named, everything.
        self.wants: dict[str, frozenset[str]] = {}
        self._room, self._secret = room, secret
        self._tell, self._changed = tell, changed
        self._steps: asyncio.Queue[Step] = asyncio.Queue()
        self._is_configuring = False
        self._sending = self._listening = 0
        self._is_listening = False
        self._is_offered = False
        self._answer: Mapping[str, Any] | None = None
        self._offer: Mapping[str, Any] | None = None
        self._revision = self._awaited = 0
        #: (feed, mid) of all that Janus was asked for, and by the mid of the browser's section what it carries.
        self._asked: set[tuple[int, str]] = set()
        self._have: dict[str, tuple[str, str, bool]] = {}
        self._wanted: frozenset[str] | None = None
        #: By the publisher's mid, what its sections carry, and whether anything comes by them.
        self._sources: dict[str, str] = {}
        self._coming: dict[str, bool] = {}
        self._away: dict[str, bool] = {}
        self._loss = Loss()

    async def run(self) -> None:
        """Join, and go on until cancelled. Raises ``Unanswered`` when the session has gone, ``Refused`` if kept out."""
        self._sending = await self.host.attach(self._heard_sending)
        await self._join()
        self.is_joined = True
        self._offer_wanted()
        self._changed()
        self._steps.put_nowait(self._subscribe)
        while True:
            step = await self._steps.get()
            await step()

    @property
    def waiting(self) -> int:
        """Steps that wait for Janus."""
        return self._steps.qsize()

    def close(self) -> None:
        """Let the connections go."""
        self.is_joined = self.is_published = False
        for handle in (self._sending, self._listening):
            self.host.detach(handle)

    # --- What the browser says -----------------------------------------------------------------------------

    def say(self, action: str, said: Mapping[str, Any]) -> None:
        """``offer``, ``answer``, ``candidate`` or ``want`` (docs/protocol.md). What makes no sense is passed over."""
        sdp, revision, leg = said.get("sdp"), said.get("revision"), said.get("leg")
        if action != "want" and self.waiting >= MOST_STEPS:
            return
        if action == "offer" and isinstance(sdp, str) and revision == 1:
            self._steps.put_nowait(lambda: self._publish(sdp))
        elif action == "answer" and isinstance(sdp, str) and isinstance(revision, int):
            self._steps.put_nowait(lambda: self._start(revision, sdp))
        elif action == "candidate" and leg in ("publish", "subscribe"):
            handle = self._sending if leg == "publish" else self._listening
            if handle:
                self.host.trickle(handle, _candidate(said.get("candidate")))
        elif action == "want" and isinstance(sources := said.get("sources"), Mapping):
            self.wants = {
                str(seat): frozenset(source for source in SOURCES if source in wanted)
                for seat, wanted in sources.items()
                if isinstance(wanted, list)
            }
            if not self._is_configuring:
                # One step is enough for all that is wanted until its turn comes.
                self._is_configuring = True
                self._steps.put_nowait(self._configure)
            self._changed()

    def tell_again(self) -> None:
        """For a browser whose socket is a new one: what it may not have heard."""
        if not self._is_offered:
            self._offer_wanted()
        elif self._answer is not None and not self.is_published:
            self._tell(self._answer)
        if self._offer is not None and self._awaited:
            self._tell(self._offer)
        if self._wanted is not None and self.is_published:
            self._tell({"event": "wanted", "sources": _in_order(self._wanted)})
        for seat, away in self._away.items():
            self._tell({"event": "away", "seat": seat, "away": away})

    # --- Publishing ----------------------------------------------------------------------------------------

    async def _join(self) -> None:
        request = {"request": "join", "ptype": "publisher", "room": rooms.number_of(self._room), "display": self.seat}
        for attempt in range(JOIN_ATTEMPTS):
            try:
                await self.host.manage(rooms.creation(self._room, self._secret))
            except Refused as refusal:
                if refusal.code != rooms.ROOM_EXISTS:
                    raise
            try:
                # Its answer has been heard when it comes here.
                await self.host.say(self._sending, {**request, "id": rooms.new_feed()})
                return
            except Refused as refusal:
                # The last who left ended the room, or another seat has the id.
                if refusal.code not in (rooms.NO_ROOM, rooms.ID_EXISTS) or attempt == JOIN_ATTEMPTS - 1:
                    raise

    def _offer_wanted(self) -> None:
        self._tell({"event": "make-offer", "leg": "publish", "revision": 1})

    async def _publish(self, sdp: str) -> None:
        if self._is_offered:
            # Once is enough; the answer may have been lost.
            if self._answer is not None and not self.is_published:
                self._tell(self._answer)
            return
        self._is_offered = True
        self._sources = rooms.sources_of(sdp)
        described = [{"mid": mid, "description": source} for mid, source in self._sources.items()]
        try:
            await self.host.say(
                self._sending, {"request": "publish", "descriptions": described}, {"type": "offer", "sdp": sdp}
            )
        except Refused as refusal:
            if refusal.code == rooms.TOO_MANY:
                self._tell({"event": "failed", "code": "full"})
            else:
                self._lose("publish", "refused", refusal.code)

    def _heard_sending(self, message: Message | None) -> None:
        if message is None:
            self._steps.put_nowait(_gone)
            return
        match message.get("janus"):
            case "webrtcup":
                self.is_published = True
                self._tell({"event": "up", "leg": "publish"})
                self._changed()
            case "hangup":
                self.is_published = False
                self._lose("publish", _reason(message))
                self._changed()
            case "media":
                self._coming[str(message.get("mid"))] = bool(message.get("receiving"))
                self._changed()
            case "detached":
                self._steps.put_nowait(_gone)
            case "event":
                self._heard_of_room(message)

    def _heard_of_room(self, message: Message) -> None:
        data = plugin_data(message)
        if data.get("videoroom") == "destroyed":
            self._steps.put_nowait(_gone)
            return
        jsep = message.get("jsep")
        if isinstance(jsep, Mapping) and jsep.get("type") == "answer":
            self._answer = {"event": "answer", "leg": "publish", "revision": 1, "sdp": jsep.get("sdp")}
            self._tell(self._answer)
        touched = self.roll.hear(data)
        if touched:
            self._steps.put_nowait(self._subscribe)
            self._changed()

    # --- Getting -------------------------------------------------------------------------------------------

    async def _subscribe(self) -> None:
        """Ask Janus for what there is and was not asked for yet. Where it must offer first, that comes again."""
        if self._awaited or (self._listening and not self._is_listening):
            return
        there = self.roll.streams()
        # What has gone, Janus takes out by itself.
        self._asked = {(feed, mid) for feed, mid in self._asked if feed in self.roll.feeds}
        more, less = sorted(there - self._asked), sorted(self._asked - there)
        if not more and not less:
            return
        subscribe = [{"feed": feed, "mid": mid} for feed, mid in more]
        unsubscribe = [{"feed": feed, "mid": mid} for feed, mid in less]
        self._asked = there
        try:
            if self._listening:
                body: Message = {"request": "update"}
                if subscribe:
                    body["subscribe"] = subscribe
                if unsubscribe:
                    body["unsubscribe"] = unsubscribe
                await self.host.say(self._listening, body)
                return
            self._listening = await self.host.attach(self._heard_listening)
            body = {"request": "join", "ptype": "subscriber", "room": rooms.number_of(self._room), "use_msid": True}
            try:
                await self.host.say(self._listening, {**body, "streams": subscribe})
            except Refused:
                self.host.detach(self._listening)
                self._listening = 0
                raise
        except Refused as refusal:
            if refusal.code != rooms.NO_FEED:
                self._lose("subscribe", "refused", refusal.code)
                return
            # Somebody went meanwhile, or is not quite there.
            self._asked -= set(more)
            asyncio.get_running_loop().call_later(RETRY_SECONDS, self._steps.put_nowait, self._subscribe)

    def _heard_listening(self, message: Message | None) -> None:
        if message is None:
            return
        match message.get("janus"):
            case "webrtcup":
                self._is_listening = True
                self._tell({"event": "up", "leg": "subscribe"})
                self._steps.put_nowait(self._subscribe)
            case "hangup":
                self._lose("subscribe", _reason(message))
            case "slowlink" if message.get("media") == "video" and message.get("uplink"):
                if self._loss.add(int(message.get("lost", 0)), asyncio.get_running_loop().time()):
                    self._tell({"event": "poor"})
            case "event":
                self._heard_of_streams(message)

    def _heard_of_streams(self, message: Message) -> None:
        data, jsep = plugin_data(message), message.get("jsep")
        if isinstance(streams := data.get("streams"), list):
            self._have = {}
            for stream in streams:
                feed = self.roll.feeds.get(stream.get("feed_id", 0))
                source = feed.sources.get(str(stream.get("feed_mid"))) if feed is not None else None
                if feed is not None and source is not None and stream.get("active", True):
                    self._have[str(stream["mid"])] = (feed.seat, source, bool(stream.get("send", True)))
        if isinstance(jsep, Mapping) and jsep.get("type") == "offer":
            self._revision += 1
            self._awaited = self._revision
            tracks = {mid: {"seat": seat, "source": source} for mid, (seat, source, _) in self._have.items()}
            self._offer = {
                "event": "offer",
                "leg": "subscribe",
                "revision": self._revision,
                "sdp": jsep.get("sdp"),
                "tracks": tracks,
            }
            self._tell(self._offer)

    async def _start(self, revision: int, sdp: str) -> None:
        """The browser's answer to what Janus offered."""
        if revision != self._awaited:
            return
        self._awaited = 0
        try:
            await self.host.say(self._listening, {"request": "start"}, {"type": "answer", "sdp": sdp})
        except Refused as refusal:
            self._lose("subscribe", "refused", refusal.code)
            return
        await self._configure()
        await self._subscribe()

    async def _configure(self) -> None:
        """Let Janus send what is wanted, and nothing else."""
        self._is_configuring = False
        for mid, (seat, source, is_sent) in list(self._have.items()):
            is_wanted = source in self.wants.get(seat, SOURCES)
            if is_wanted != is_sent:
                with suppress(Refused):
                    await self.host.say(self._listening, {"request": "configure", "mid": mid, "send": is_wanted})
                    self._have[mid] = (seat, source, is_wanted)

    # --- What else the browser is told ---------------------------------------------------------------------

    @property
    def is_silent(self) -> bool:
        """Nothing comes from this one, not even the sound that came before, though somebody wants to hear it.

        A microphone that is switched off sends silence; pictures come and go with the camera.
        """
        heard = any(self._sources.get(mid) == "microphone" for mid in self._coming)
        is_wanted = self._wanted is None or "microphone" in self._wanted
        return self.is_published and heard and is_wanted and not any(self._coming.values())

    def note_away(self, seat: str, *, away: bool) -> None:
        """Say that nothing comes from another any more, or comes again; once."""
        if self._away.get(seat, False) != away:
            self._away[seat] = away
            self._tell({"event": "away", "seat": seat, "away": away})

    def tell_wanted(self, sources: frozenset[str]) -> None:
        """Say what anybody wants of this one, when it publishes and that has changed."""
        if self.is_published and sources != self._wanted:
            if "microphone" in sources and self._wanted is not None and "microphone" not in self._wanted:
                # What was not encoded begins to come only now.
                self._coming.clear()
            self._wanted = sources
            self._tell({"event": "wanted", "sources": _in_order(sources)})

    def _lose(self, leg: str, reason: str, code: int = 0) -> None:
        if code:
            logger.warning("Janus refused a connection: error %d", code)
        self._tell({"event": "lost", "leg": leg, "reason": reason})


async def _gone() -> None:
    raise Unanswered


def _in_order(sources: frozenset[str]) -> list[str]:
    return [source for source in SOURCES if source in sources]


def _candidate(line: object) -> Message:
    """As Janus takes one: all sections share the first one's addresses."""
    if not isinstance(line, str) or not line:
        return {"completed": True}
    return {"candidate": line, "sdpMLineIndex": 0}


def _reason(message: Message) -> str:
    """Why Janus hung up, in our words."""
    told = str(message.get("reason", ""))
    if "ICE" in told:
        return "silent"
    return "closed" if "DTLS" in told or "Close" in told else "unreachable"
