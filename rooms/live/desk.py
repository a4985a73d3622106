"""The thinking half of a doctor's desk: who is in which of the rooms that the desk may listen to.

Like :class:`~rooms.live.LiveRoom` it touches nothing itself. It has no seat and is seen by nobody: it hears what the
rooms' connections announce, asks them once to say that they are there, and forgets whom it has not heard of for
fifteen seconds. Names stay in the process's memory.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rooms import protocol
from rooms.enums import SeatState
from rooms.live import effects as do
from rooms.live import events
from rooms.live.effects import Send
from rooms.live.facts import Companion
from rooms.live.roster import Roster, Shown
from rooms.names import NameBook
from rooms.protocol import Wire
from rooms.rules.flood import Flood

TICKET_WITHIN = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=150)
CHECK_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class Read:
    """Read this ticket; answer with ``watches`` or ``refused``."""

    ticket: str


@dataclass(frozen=True)
class Check:
    """Look whether the login still stands; answer with ``refused`` where it does not."""


@dataclass(frozen=True)
class Follow:
    """Listen to this room, and ask who is there."""

    room: str
    event: Wire


@dataclass(frozen=True)
class Unfollow:
    """Listen to this room no more."""

    room: str


Effect = Send | do.Fail | do.Close | Read | Check | Follow | Unfollow
Effects = list[Effect]


class LiveDesk:
    """One desk. ``book`` is the process's memory of names."""

    def __init__(self, book: NameBook, now: datetime) -> None:
        self._book = book
        self._rooms: dict[str, tuple[Roster, Shown]] = {}
        self._flood = Flood()
        self._watches = self._over = False
        self._opened_at = self._heard_at = self._checked_at = now

    def receive(self, text: str, now: datetime) -> Effects:
        """A message of the page's."""
        self._heard_at = now
        if self._over:
            return []
        if self._flood.too_fast(now, len(text)):
            return self._end("too_fast")
        try:
            message = protocol.parse_desk(text)
        except protocol.ProtocolError as error:
            return self._end(error.code) if error.fatal else [do.Fail(error.code)]
        if isinstance(message, protocol.Watch):
            return [Read(message.ticket)]
        return [Send(protocol.heartbeat(now))]

    def watches(self, rooms: Collection[str], now: datetime) -> Effects:
        """The ticket is good for these rooms; those of before that are not among them are left."""
        self._watches, self._checked_at = True, now
        gone = [room for room in self._rooms if room not in rooms]
        fresh = [room for room in rooms if room not in self._rooms]
        for room in gone:
            del self._rooms[room]
        for room in fresh:
            self._rooms[room] = (Roster(room, self._book), Shown())
        told: Effects = [Send(protocol.watching(sorted(rooms)))]
        return [*told, *(Unfollow(room) for room in gone), *(Follow(room, events.asked()) for room in fresh)]

    def refused(self) -> Effects:
        """The login does not stand, or the ticket is nothing worth."""
        return [] if self._over else self._end("no_login")

    def hear(self, room: str, event: Wire, now: datetime) -> Effects:
        """An event of one of the rooms."""
        if self._over or room not in self._rooms:
            return []
        roster, _shown = self._rooms[room]
        match event.get("kind"):
            case "here":
                roster.hear(event, now)
            case "gone" | "ring_asked" | "admitted":
                roster.learn(event, now)
            case "closed":
                # Whoever was there goes with it.
                self._rooms[room] = (Roster(room, self._book), self._rooms[room][1])
        return self._changes(room)

    def meet(self, asleep: Mapping[str, Sequence[Companion]], now: datetime) -> Effects:
        """Who has asked to be rung, by the room, as the database knows it: their pages may sleep and say nothing."""
        effects: Effects = []
        for room, companions in asleep.items():
            if room in self._rooms:
                for companion in companions:
                    self._rooms[room][0].meet(companion, now)
                effects += self._changes(room)
        return effects

    def tick(self, now: datetime) -> Effects:
        """Time has passed. Called every second or so."""
        if self._over:
            return []
        if not self._watches and now - self._opened_at >= TICKET_WITHIN:
            self._over = True
            return [do.Close(protocol.NO_HELLO)]
        if now - self._heard_at >= SILENT_AFTER:
            self._over = True
            return [do.Close(protocol.SILENT)]
        effects: Effects = []
        for room, (roster, _shown) in self._rooms.items():
            roster.expire(now)
            effects += self._changes(room)
        if self._watches and now - self._checked_at >= CHECK_EVERY:
            self._checked_at = now
            effects.append(Check())
        return effects

    def _changes(self, room: str) -> Effects:
        roster, shown = self._rooms[room]
        seen = roster.seen_by(state=SeatState.ADMITTED, is_host=True)
        told = shown.changes(seen, {}, roster.reasons)
        roster.reasons.clear()
        return [Send(protocol.of_room(room, effect.message)) for effect in told if isinstance(effect, Send)]

    def _end(self, code: str) -> Effects:
        self._over = True
        return [do.Fail(code, fatal=True)]
