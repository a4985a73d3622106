"""What one socket's room looks like, and what is to be done about it.

:class:`LiveRoom` is the thinking half of a connection: it is told what the browser said, what others announced, what
the database answered and what time it is, and it answers with *effects*. It touches nothing itself: no socket, no
database, no channel layer, no Django. ``consumers.py`` carries the effects out and tells it what came of them.

Who is there is known from announcements (``here``), which every connection makes to the room's group when it comes,
when it changes, when a newcomer asks, and every five seconds; what was not heard of for fifteen is gone. What was
decided (let in, refused, closed) comes as a push when it was committed, and is looked up again at every beat, so that
a lost push heals within five seconds. Nothing here is needed by another process but what it announces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from rooms import protocol
from rooms.enums import DeviceKind, RoomState, SeatRole, SeatState
from rooms.names import NameBook
from rooms.protocol import NO_MEDIA, ClientMessage, Media, Wire
from rooms.rules import flood

HELLO_WITHIN = timedelta(seconds=10)
BEAT_EVERY = timedelta(seconds=5)
LOST_AFTER = timedelta(seconds=15)
# A page in the background may be let to its timers once a minute only.
SILENT_AFTER = timedelta(seconds=75)
NAME_WAIT = timedelta(milliseconds=300)
SAMPLE_EVERY = timedelta(seconds=4)


# --- What it is told about the database --------------------------------------------------------------------


@dataclass(frozen=True)
class RoomFacts:
    """The room as it stands in the database."""

    state: RoomState
    ends_at: datetime | None
    closes_at: datetime | None
    close_reason: str = ""


@dataclass(frozen=True)
class Identity:
    """Whose connection this is. ``name`` is the login's for a host, and empty for a guest."""

    room: str
    seat: str
    role: SeatRole
    state: SeatState
    kind: DeviceKind
    name: str
    since: datetime
    facts: RoomFacts


@dataclass(frozen=True)
class Standing:
    """How the connection, its seat and its room stand. ``visit_open``: nobody has ended the connection's visit."""

    visit: int
    visit_open: bool
    state: SeatState
    role: SeatRole
    room: RoomFacts


@dataclass(frozen=True)
class Companion:
    """Another seat, as the database knows it."""

    seat: str
    visit: int
    instance: str
    role: SeatRole
    state: SeatState
    kind: DeviceKind
    name: str
    since: datetime
    connected: bool


# --- Effects -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Send:
    """Say this to the browser."""

    message: Wire


@dataclass(frozen=True)
class Fail:
    """Say an error to the browser, with the code's own words or those of the refusal; close if it is fatal."""

    code: str
    fatal: bool = False
    message: str = ""


@dataclass(frozen=True)
class Close:
    """Close the socket."""

    code: int


@dataclass(frozen=True)
class Announce:
    """Say this to all the room's connections, this one included."""

    event: Wire


@dataclass(frozen=True)
class Tell:
    """Say this to one seat's connections."""

    seat: str
    event: Wire


@dataclass(frozen=True)
class Later:
    """Call ``tick`` again after this time at the latest."""

    wait: timedelta


@dataclass(frozen=True)
class Connect:
    """Begin a visit; answer with ``connected``."""

    instance: str
    resumed: bool


@dataclass(frozen=True)
class Beat:
    """Write the heartbeat and look everything up; answer with ``stood``."""

    visit: int


@dataclass(frozen=True)
class JoinEngine:
    """Let the media engine take the seat in, or renew; answer with ``joined``."""


@dataclass(frozen=True)
class Forward:
    """Ask the engine whether the signal goes on to the other seat, and send it there."""

    to: str
    event: Wire


@dataclass(frozen=True)
class Admit:
    """Let a seat in."""

    seat: str


@dataclass(frozen=True)
class Refuse:
    """Turn a seat away."""

    seat: str


@dataclass(frozen=True)
class Extend:
    """Move the room's end."""

    minutes: int


@dataclass(frozen=True)
class End:
    """Close the room."""


@dataclass(frozen=True)
class GiveUp:
    """Give the seat up."""


@dataclass(frozen=True)
class Sample:
    """Hand a measurement on."""

    measures: dict[str, int | float | str]


@dataclass(frozen=True)
class Disconnect:
    """End the visit at this time."""

    visit: int
    at: datetime


Effect = (
    Send | Fail | Close | Announce | Tell | Later | Connect | Beat | JoinEngine | Forward
    | Admit | Refuse | Extend | End | GiveUp | Sample | Disconnect
)  # fmt: skip
Effects = list[Effect]


class Phase(Enum):
    """Where the connection has got to."""

    HELLO = auto()
    CONNECTING = auto()
    NAMING = auto()
    ON = auto()
    OVER = auto()


@dataclass(frozen=True)
class Entry:
    """Another seat, as this connection knows it."""

    visit: int
    instance: str
    role: SeatRole
    state: SeatState
    kind: DeviceKind
    name: str
    since: datetime
    heard_at: datetime
    media: Media = field(default_factory=lambda: NO_MEDIA)
    connected: bool = True


class LiveRoom:
    """One connection's view of its room. ``me`` is whose connection it is, ``book`` the process's memory of names."""

    def __init__(self, me: Identity, book: NameBook, now: datetime) -> None:
        self.me = me
        self.state = me.state
        self.since = me.since
        self.name = me.name
        self.facts = me.facts
        self.phase = Phase.HELLO
        self.visit = 0
        self.instance = ""
        self.media: Media = NO_MEDIA
        self.others: dict[str, Entry] = {}
        self._book = book
        self._engine: Wire | None = None
        self._shown: dict[str, Wire] = {}
        self._shown_room: Wire | None = None
        self._reasons: dict[str, str] = {}
        self._sampled: dict[str, datetime] = {}
        self._flood = flood.Flood()
        self._opened_at = self._heard_at = self._beat_at = now

    # --- What the browser says ---

    def receive(self, message: ClientMessage, now: datetime) -> Effects:
        """A message of the browser's."""
        self._heard_at = now
        if isinstance(message, protocol.Heartbeat) and self.phase is not Phase.OVER:
            return [Send(protocol.heartbeat(now))]
        if self.phase is Phase.HELLO:
            if isinstance(message, protocol.Hello):
                return self._hello(message)
            return [Fail("not_allowed")]
        if self.phase is not Phase.ON:
            # Still being let in, or on the way out: the page says it again when it has been welcomed.
            return [] if self.phase is Phase.OVER else [Fail("not_allowed")]
        return self._said(message, now)

    def counted(self, now: datetime) -> Effects:
        """A message arrived, whatever it says. Too many for too long end the connection."""
        if self.phase is Phase.OVER or not self._flood.too_fast(now):
            return []
        return self._fatal("too_fast")

    def _hello(self, message: protocol.Hello) -> Effects:
        self.phase = Phase.CONNECTING
        self.instance = message.instance
        # The login's name goes before what a host's browser says.
        self.name = self.me.name or message.name
        return [Connect(message.instance, message.resumed)]

    def _said(self, message: ClientMessage, now: datetime) -> Effects:
        match message:
            case protocol.Name(name):
                return self._rename(name, now)
            case protocol.Leave():
                effects: Effects = [GiveUp(), Announce(self._gone("left")), Close(protocol.LEFT)]
                return self._over(effects)
            case protocol.Admit(seat):
                return [Admit(seat)] if self._is_host() else [Fail("not_allowed")]
            case protocol.Refuse(seat):
                return [Refuse(seat)] if self._is_host() else [Fail("not_allowed")]
            case protocol.Extend(minutes):
                return [Extend(minutes)] if self._is_host() else [Fail("not_allowed")]
            case protocol.End():
                return [End()] if self._is_host() else [Fail("not_allowed")]
        if self.state != SeatState.ADMITTED:
            return [Fail("not_allowed")]
        match message:
            case protocol.Signal(to, instance, data):
                return self._signal(to, instance, data)
            case protocol.MediaState(media):
                self.media = media
                return [Announce(self._here(now))]
            case protocol.AskEngine():
                return [JoinEngine()]
            case protocol.Quality(measures):
                return self._sample(measures, now)
        return [Fail("not_allowed")]

    def _rename(self, name: str, now: datetime) -> Effects:
        # Whom the host has let in by name does not take another one.
        if self.me.role != SeatRole.GUEST or (self.name and self.state != SeatState.WAITING):
            return [Fail("not_allowed")]
        self.name = name
        self._book.remember(self.me.room, self.me.seat, name, now)
        return [Announce(self._here(now))]

    def _signal(self, to: str, instance: str, data: Wire) -> Effects:
        other = self.others.get(to)
        if other is None or other.state != SeatState.ADMITTED:
            return [Fail("not_there")]
        event = {
            "kind": "signal",
            "instance": instance,
            "sender": self.me.seat,
            "sender_instance": self.instance,
            "data": data,
        }
        return [Forward(to, event)]

    def _sample(self, measures: dict[str, int | float | str], now: datetime) -> Effects:
        peer = str(measures.get("peer", ""))
        if peer not in self.others:
            return [Fail("not_there")]
        if peer in self._sampled and now - self._sampled[peer] < SAMPLE_EVERY:
            # One in five seconds is asked for; more would only weigh this device heavier.
            return []
        self._sampled[peer] = now
        return [Sample(measures)]

    # --- What came of an effect ---

    def connected(
        self, standing: Standing, company: Sequence[Companion], engine: Wire | None, now: datetime
    ) -> Effects:
        """The visit has begun. ``engine`` is there for a seat that takes part."""
        again, waited = self.phase is Phase.ON, self.state == SeatState.WAITING
        self.visit, self.state, self.facts = standing.visit, standing.state, standing.room
        self._engine = engine
        self._beat_at = now
        for companion in company:
            self._meet(companion, now)
        if again:
            told: Effects = [Send(protocol.admitted(engine))] if waited and engine is not None else []
            return [*told, Announce(self._here(now, asks=True)), *self._reconcile()]
        if not self.name:
            self.name = self._book.recall(self.me.room, self.me.seat, now)
        if self.name and self.me.role == SeatRole.GUEST:
            self._book.remember(self.me.room, self.me.seat, self.name, now)
        announced = Announce(self._here(now, asks=True))
        if not self.name and self.me.role == SeatRole.GUEST and self.others:
            self.phase = Phase.NAMING
            self._opened_at = now
            return [announced, Later(NAME_WAIT)]
        return [announced, *self._welcome()]

    def failed(self, code: str, message: str, *, fatal: bool = False) -> Effects:
        """A service refused; fatal where there is no connection without it."""
        if fatal:
            if code == "closed":
                return self.closed(self.facts.close_reason or "expired")
            return self._fatal(code, message)
        if self.phase is Phase.OVER:
            return []
        return [Fail(code, message=message)]

    def joined(self, engine: Wire, now: datetime) -> Effects:
        """The engine has taken the seat in, or renewed its servers."""
        first = self._engine is None
        self._engine = engine
        if self.phase is not Phase.ON:
            # The welcome will say it.
            return []
        if not first:
            return [Send(protocol.engine_message(engine))]
        return [Send(protocol.admitted(engine)), Announce(self._here(now)), *self._reconcile()]

    def stood(self, standing: Standing | None, newest: int | None, now: datetime) -> Effects:
        """What the database says at a beat. ``newest`` is the seat's newest visit."""
        if self.phase is not Phase.ON:
            return []
        if standing is None:
            # The room was taken away with everything in it.
            return self.closed("cancelled")
        if standing.room.state == RoomState.CLOSED:
            return self.closed(standing.room.close_reason)
        if newest is not None and newest > self.visit:
            return self._superseded()
        if standing.state == SeatState.REFUSED:
            return self._refused()
        if standing.state == SeatState.LEFT:
            return self._over([Announce(self._gone("left")), Close(protocol.LEFT)])
        self.facts = standing.room
        if not standing.visit_open:
            # The sweep took this connection for dead while the process was held up.
            return [Connect(self.instance, True)]
        effects: Effects = []
        if standing.state == SeatState.ADMITTED and self.state == SeatState.WAITING:
            effects += self._admitted(now)
        return [*effects, *self._reconcile()]

    # --- What others say ---

    def hear(self, event: Wire, now: datetime) -> Effects:
        """An event of the room's or the seat's group."""
        if self.phase not in (Phase.ON, Phase.NAMING):
            if self.phase is Phase.CONNECTING and event.get("kind") == "here" and event["seat"] != self.me.seat:
                self._note(event, now)
            return []
        match event.get("kind"):
            case "here":
                return self._here_heard(event, now)
            case "gone":
                return self._gone_heard(event)
            case "name":
                return self._name_heard(event, now)
            case "signal":
                return self._signal_heard(event)
            case "admitted" if event["seat"] == self.me.seat and self.state == SeatState.WAITING:
                return self._admitted(now)
            case "refused" if event["seat"] == self.me.seat:
                return self._refused()
            case "room":
                self.facts = RoomFacts(
                    state=RoomState(event["state"]),
                    ends_at=_moment(event["ends_at"]),
                    closes_at=_moment(event["closes_at"]),
                    close_reason=self.facts.close_reason,
                )
                return self._reconcile()
            case "closed":
                return self.closed(event["reason"])
        # Of a newer version of the hub, or for another seat.
        return []

    def _here_heard(self, event: Wire, now: datetime) -> Effects:
        if event["seat"] == self.me.seat:
            return self._superseded() if event["visit"] > self.visit else []
        known = self._note(event, now)
        effects: Effects = []
        if event["asks"]:
            effects.append(Announce(self._here(now)))
        if event["wants_name"]:
            name = known.name if known else ""
            name = name or self._book.recall(self.me.room, event["seat"], now)
            if name:
                effects.append(Tell(event["seat"], {"kind": "name", "name": name}))
        return [*effects, *self._reconcile()]

    def _note(self, event: Wire, now: datetime) -> Entry | None:
        """Take an announcement in, and say what was known of the seat before."""
        seat = event["seat"]
        known = self.others.get(seat)
        if known is not None and event["visit"] < known.visit:
            return known
        if event["name"] and event["role"] == SeatRole.GUEST:
            self._book.remember(self.me.room, seat, event["name"], now)
        self.others[seat] = Entry(
            visit=event["visit"],
            instance=event["instance"],
            role=SeatRole(event["role"]),
            state=SeatState(event["state"]),
            kind=DeviceKind(event["device"]),
            name=event["name"] or (known.name if known else ""),
            since=datetime.fromisoformat(event["since"]),
            heard_at=now,
            media=event["media"],
        )
        return known

    def _gone_heard(self, event: Wire) -> Effects:
        known = self.others.get(event["seat"])
        if known is None or event["visit"] < known.visit:
            # Another connection has the seat by now.
            return []
        del self.others[event["seat"]]
        self._reasons[event["seat"]] = event["reason"]
        if event["reason"] != "lost":
            self._book.forget(self.me.room, event["seat"])
        return self._reconcile()

    def _name_heard(self, event: Wire, now: datetime) -> Effects:
        if self.name or self.me.role != SeatRole.GUEST:
            return []
        self.name = event["name"]
        self._book.remember(self.me.room, self.me.seat, self.name, now)
        announced = Announce(self._here(now))
        return [announced, *self._welcome()] if self.phase is Phase.NAMING else [announced]

    def _signal_heard(self, event: Wire) -> Effects:
        if self.phase is not Phase.ON or self.state != SeatState.ADMITTED or event["instance"] != self.instance:
            return []
        return [Send(protocol.signal(sender=event["sender"], instance=event["sender_instance"], data=event["data"]))]

    # --- Time, and the end ---

    def tick(self, now: datetime) -> Effects:
        """Time has passed. Called every second or so."""
        if self.phase is Phase.HELLO:
            return self._over([Close(protocol.NO_HELLO)]) if now - self._opened_at >= HELLO_WITHIN else []
        if self.phase is Phase.NAMING:
            return self._welcome() if now - self._opened_at >= NAME_WAIT else []
        if self.phase is not Phase.ON:
            return []
        if now - self._heard_at >= SILENT_AFTER:
            return self._over([Announce(self._gone("lost")), Close(protocol.SILENT)])
        for seat, entry in list(self.others.items()):
            if now - entry.heard_at >= LOST_AFTER:
                del self.others[seat]
                self._reasons[seat] = "lost"
        effects: Effects = []
        if now - self._beat_at >= BEAT_EVERY:
            self._beat_at = now
            effects += [Beat(self.visit), Announce(self._here(now))]
        return [*effects, *self._reconcile()]

    def closed(self, reason: str) -> Effects:
        """The room is closed for good."""
        if self.phase is Phase.OVER:
            return []
        self._book.forget_room(self.me.room)
        return self._over([Send(protocol.closed(reason)), Close(protocol.CLOSED)])

    def lost(self, now: datetime, *, abnormal: bool) -> Effects:
        """The socket has gone. Where it went without a word, the visit ends when the browser was last heard."""
        if not self.visit:
            return []
        effects: Effects = []
        if self.phase is not Phase.OVER:
            effects.append(Announce(self._gone("lost")))
        self.phase = Phase.OVER
        # A page in the background says little; that it was there shall not be lost by more than this.
        heard = max(self._heard_at, now - LOST_AFTER) if abnormal else now
        return [*effects, Disconnect(self.visit, heard)]

    # --- Parts ---

    def _is_host(self) -> bool:
        return self.me.role == SeatRole.HOST and self.state == SeatState.ADMITTED

    def _welcome(self) -> Effects:
        self.phase = Phase.ON
        self._shown = self._visible()
        self._shown_room = self._room()
        you = self._participant(
            self.me.seat,
            Entry(
                self.visit,
                self.instance,
                self.me.role,
                self.state,
                self.me.kind,
                self.name,
                self.since,
                self._heard_at,
                self.media,
            ),
        )
        return [
            Send(
                protocol.welcome(
                    you=you, room=self._shown_room, participants=list(self._shown.values()), engine=self._engine
                )
            )
        ]

    def _admitted(self, now: datetime) -> Effects:
        self.state, self.since = SeatState.ADMITTED, now
        # While a name is awaited the welcome will say it; the engine is asked for in any case.
        return [JoinEngine()]

    def _refused(self) -> Effects:
        return self._over([Send(protocol.refused()), Announce(self._gone("refused")), Close(protocol.REFUSED)])

    def _superseded(self) -> Effects:
        return self._fatal("superseded")

    def _fatal(self, code: str, message: str = "") -> Effects:
        return self._over([Fail(code, fatal=True, message=message)])

    def _over(self, effects: Effects) -> Effects:
        self.phase = Phase.OVER
        return effects

    def _meet(self, companion: Companion, now: datetime) -> None:
        known = self.others.get(companion.seat)
        if known is not None and known.visit >= companion.visit:
            return
        self.others[companion.seat] = Entry(
            visit=companion.visit,
            instance=companion.instance,
            role=companion.role,
            state=companion.state,
            kind=companion.kind,
            name=companion.name or self._book.recall(self.me.room, companion.seat, now),
            since=companion.since,
            heard_at=now,
            connected=companion.connected,
        )

    def _here(self, now: datetime, *, asks: bool = False) -> Wire:
        return {
            "kind": "here",
            "seat": self.me.seat,
            "visit": self.visit,
            "instance": self.instance,
            "role": str(self.me.role),
            "state": str(self.state),
            "device": str(self.me.kind),
            "name": self.name,
            "since": self.since.isoformat(),
            "media": dict(self.media),
            "asks": asks,
            "wants_name": not self.name and self.me.role == SeatRole.GUEST,
        }

    def _gone(self, reason: str) -> Wire:
        return {"kind": "gone", "seat": self.me.seat, "visit": self.visit, "reason": reason}

    def _participant(self, seat: str, entry: Entry) -> Wire:
        return protocol.participant(
            seat=seat,
            instance=entry.instance,
            role=str(entry.role),
            state=str(entry.state),
            name=entry.name,
            kind=str(entry.kind),
            connected=entry.connected,
            since=entry.since,
            media=entry.media,
        )

    def _visible(self) -> dict[str, Wire]:
        """Those whom this seat may see: a guest who waits sees nobody, and only a host sees who waits."""
        if self.state != SeatState.ADMITTED:
            return {}
        states = {SeatState.ADMITTED, SeatState.WAITING} if self._is_host() else {SeatState.ADMITTED}
        return {seat: self._participant(seat, entry) for seat, entry in self.others.items() if entry.state in states}

    def _room(self) -> Wire:
        there = [entry for entry in self.others.values() if entry.connected]
        host_there = self._is_host() or any(entry.role == SeatRole.HOST for entry in there)
        waiting = sum(entry.state == SeatState.WAITING for entry in there) if self._is_host() else 0
        return protocol.room(
            state=str(self.facts.state),
            ends_at=self.facts.ends_at,
            closes_at=self.facts.closes_at,
            host_present=host_there,
            waiting=waiting,
        )

    def _reconcile(self) -> Effects:
        """What the browser must be told so that it knows what this connection knows."""
        if self.phase is not Phase.ON or (self.state == SeatState.ADMITTED and self._engine is None):
            # Not welcomed, or not told yet of being let in.
            return []
        wanted, effects = self._visible(), Effects()
        for seat in [seat for seat in self._shown if seat not in wanted]:
            shown = self._shown.pop(seat)
            reason = self._reasons.pop(seat, "lost")
            effects.append(Send(protocol.gone(seat=seat, instance=shown["instance"], reason=reason)))
        self._reasons.clear()
        for seat, participant in wanted.items():
            if self._shown.get(seat) != participant:
                self._shown[seat] = participant
                effects.append(Send(protocol.participant_message(participant)))
        room = self._room()
        if room != self._shown_room:
            self._shown_room = room
            effects.append(Send(protocol.room_message(room)))
        return effects


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
