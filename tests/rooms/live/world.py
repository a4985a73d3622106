"""A room without sockets, database or clock: connections over one bus, each in a web process of its own.

The database is a few dictionaries that do what the services do, as far as a connection can tell.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from rooms import protocol
from rooms.enums import DeviceKind, RoomState, SeatRole, SeatState
from rooms.live import Companion, Identity, LiveRoom, RoomFacts, Standing, events
from rooms.live import effects as do
from rooms.names import NameBook

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class SeatRow:
    """A seat in the database of dictionaries."""

    key: str
    role: SeatRole
    state: SeatState
    name: str = ""
    telephone: bool = False
    test: str = ""


@dataclass
class VisitRow:
    """A visit in it."""

    id: int
    seat: str
    instance: str
    resumed: bool
    open: bool = True
    ended_at: datetime | None = None
    seen: int = 0


@dataclass
class World:
    """One room, its database, its bus and its clock."""

    now: datetime = NINE
    facts: RoomFacts = field(
        default_factory=lambda: RoomFacts(RoomState.OPEN, NINE + timedelta(minutes=15), NINE + timedelta(minutes=30))
    )
    seats: dict[str, SeatRow] = field(default_factory=dict)
    visits: list[VisitRow] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    samples: list[Any] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    refuse: dict[type, str] = field(default_factory=dict)
    # The room's server engine, as media knows it, what browsers said to it, and who left it for good.
    engine: str | None = None
    down: bool = False
    heard: list[tuple[str, protocol.Wire]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    deaf: bool = False
    busy: bool = False
    said: deque[tuple[Page, protocol.Wire]] = field(default_factory=deque)

    def seat(self, key: str, role: SeatRole = SeatRole.GUEST, *, admitted: bool = False, name: str = "") -> SeatRow:
        """A new seat; a host's is admitted."""
        state = SeatState.ADMITTED if admitted or role == SeatRole.HOST else SeatState.WAITING
        self.seats[key] = SeatRow(key, role, state, name)
        return self.seats[key]

    def page(self, seat: str, book: NameBook | None = None, instance: str = "") -> Page:
        """A page of that seat whose socket has just opened, by default in a web process of its own."""
        page = Page(self, self.seats[seat], book if book is not None else NameBook(), instance or uuid4().hex)
        self.pages.append(page)
        return page

    def publish(self, event: protocol.Wire, to: str = "") -> None:
        """Say something to the room's or a seat's group; with ``deaf`` on, nobody hears it."""
        if self.deaf:
            return
        self.said += [(page, event) for page in self.pages if page.there and (not to or page.row.key == to)]

    def deliver(self) -> None:
        """Let everybody hear what was said, in its order; what is answered is heard after that."""
        while self.said and not self.busy:
            page, event = self.said.popleft()
            if page.there:
                page.do(page.live.hear(event, self.now))

    def passes(self, seconds: float) -> None:
        """Let time pass, second by second; pages send their heartbeats."""
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now = min(self.now + SECOND, end)
            for page in list(self.pages):
                if page.there:
                    if not page.silent:
                        page.do(page.live.receive(protocol.Heartbeat(), self.now), quietly=True)
                    page.do(page.live.tick(self.now))

    def devices(self) -> set[str]:
        """Seats that take part and are connected."""
        admitted = {key for key, row in self.seats.items() if row.state == SeatState.ADMITTED}
        return admitted & {visit.seat for visit in self.visits if visit.open}

    def direct_possible(self) -> bool:
        """Two devices at most take part."""
        return len(self.devices()) <= 2

    def move(self, to: str = "fake") -> None:
        """The room goes to a server engine."""
        self.engine = to
        self.publish(events.moved(to))

    def close(self, reason: str = "ended") -> None:
        """Close the room, as the database does."""
        self.facts = replace(self.facts, state=RoomState.CLOSED, close_reason=reason)
        self.publish(events.closed(reason))
        self.deliver()


class Page:
    """One connection: what it was told (``told``), and how its socket was closed (``code``)."""

    def __init__(self, world: World, row: SeatRow, book: NameBook, instance: str) -> None:
        self.world, self.row, self.book, self.instance = world, row, book, instance
        identity = Identity(
            room="room",
            seat=row.key,
            role=row.role,
            state=row.state,
            kind=DeviceKind.BROWSER,
            name=row.name if row.role == SeatRole.HOST else "",
            since=NINE,
            telephone=row.telephone,
            facts=world.facts,
        )
        self.live = LiveRoom(identity, book, world.now)
        self.told: list[protocol.Wire] = []
        self.errors: list[tuple[str, bool]] = []
        self.code: int | None = None
        self.there = True
        self.silent = False
        self.listens_to = ""
        self.listened: list[tuple[str, int | None]] = []

    def say(self, message: protocol.ClientMessage) -> None:
        """The browser says something."""
        self.do([*self.live.counted(self.world.now), *self.live.receive(message, self.world.now)])

    def hello(self, name: str = "", *, resumed: bool = False, epoch: int | None = None) -> protocol.Wire:
        """Say hello, and return the welcome, if it came at once."""
        self.say(protocol.Hello(self.instance, name, resumed, epoch))
        return self.told[-1] if self.told and self.told[-1]["type"] == "welcome" else {}

    def hears(self) -> list[tuple[Any, ...]]:
        """What it was told since it was last asked, in short."""
        told, self.told = self.told, []
        return [_short(message) for message in told]

    def breaks(self, *, abnormal: bool = True) -> None:
        """The socket goes."""
        self.do(self.live.lost(self.world.now, abnormal=abnormal))
        self.there = False

    def dies(self) -> None:
        """The web process is killed: nobody is told anything."""
        self.there = False

    def do(self, effects: do.Effects, *, quietly: bool = False) -> None:
        """Carry out what the connection wants done; what it says to others is heard afterwards, as on a real bus."""
        todo, nested = deque(effects), self.world.busy
        self.world.busy = True
        while todo:
            effect = todo.popleft()
            if quietly and isinstance(effect, do.Send):
                continue
            todo.extendleft(reversed(self._one(effect)))
        self.world.busy = nested
        self.world.deliver()

    def _one(self, effect: do.Effect) -> do.Effects:
        world, now = self.world, self.world.now
        if type(effect) in world.refuse:
            return self.live.failed(world.refuse[type(effect)], "", fatal=isinstance(effect, do.Connect))
        match effect:
            case do.Send(message):
                self.told.append(message)
            case do.Fail(code, fatal, _):
                self.errors.append((code, fatal))
                if fatal:
                    self.code = protocol.FATAL
            case do.SayNoPlace():
                self.told.append(protocol.no_place("Der er ikke plads."))
            case do.Close(code):
                self.code = code
            case do.Announce(event):
                world.publish(event)
            case do.Tell(seat, event) | do.Forward(seat, event):
                world.publish(event, seat)
            case do.Connect(instance, resumed, direct):
                for visit in world.visits:
                    if visit.seat == self.row.key and visit.open:
                        visit.open, visit.ended_at = False, now
                world.visits.append(VisitRow(len(world.visits) + 1, self.row.key, instance, resumed))
                engine = self._engine(direct) if self.row.state == SeatState.ADMITTED else None
                return self.live.connected(self._standing(world.visits[-1]), self._company(), engine, now)
            case do.Beat(number, way):
                visit = world.visits[number - 1]
                visit.seen += visit.open
                newest = max(v.id for v in world.visits if v.seat == self.row.key)
                moved_to = world.engine if way else None
                return self.live.stood(self._standing(visit), newest, now, moved_to=moved_to)
            case do.JoinEngine(direct, looked):
                engine = self._engine(direct, looked=looked)
                return self.live.joined(engine) if engine is not None else self.live.failed("no_media", "")
            case do.Listen(engine_name, epoch):
                if self.listens_to != engine_name:
                    self.listens_to = engine_name
                    self.listened.append((engine_name, epoch))
            case do.TellServer(data):
                world.heard.append((self.row.key, data))
            case do.LeaveEngine() | do.EndMedia():
                world.left.append(self.row.key)
            case do.Admit(key):
                world.seats[key].state = SeatState.ADMITTED
                world.publish(events.admitted(key, direct=world.direct_possible()))
            case do.Refuse(key):
                world.seats[key].state = SeatState.REFUSED
                world.publish(events.refused(key))
            case do.Extend(minutes):
                world.minutes.append(minutes)
            case do.End():
                world.close()
            case do.GiveUp():
                self.row.state = SeatState.LEFT
            case do.AskForTelephone():
                self.row.telephone = True
                world.publish(events.telephone_asked(self.row.key))
            case do.Sample(measures):
                world.samples.append(measures)
            case do.Disconnect(number, at):
                visit = world.visits[number - 1]
                if visit.open:
                    visit.open, visit.ended_at = False, at
        return []

    def _engine(self, direct: bool, *, looked: bool = False) -> protocol.Wire | None:
        world = self.world
        if world.engine is None and direct and (looked or world.direct_possible()):
            return {"name": "direct"}
        if world.down:
            return None
        if world.engine is None:
            world.move()
        return {"name": world.engine}

    def _standing(self, visit: VisitRow) -> Standing:
        return Standing(visit.id, visit.open, self.row.state, self.row.role, self.world.facts, test=self.row.test)

    def _company(self) -> list[Companion]:
        latest = {visit.seat: visit for visit in self.world.visits if visit.seat != self.row.key}
        rows = [(self.world.seats[key], visit) for key, visit in latest.items()]
        return [
            Companion(
                seat=row.key,
                visit=visit.id,
                instance=visit.instance,
                role=row.role,
                state=row.state,
                kind=DeviceKind.BROWSER,
                name=row.name,
                since=NINE,
                connected=visit.open,
                telephone=row.telephone,
            )
            for row, visit in rows
            if row.state == SeatState.ADMITTED or (row.state == SeatState.WAITING and visit.open)
        ]


def _short(message: protocol.Wire) -> tuple[Any, ...]:
    match message["type"]:
        case "participant":
            one = message["participant"]
            return ("participant", one["seat"], one["state"], one["name"])
        case "gone":
            return ("gone", message["seat"], message["reason"])
        case "room":
            room = message["room"]
            return ("room", room["state"], room["hostPresent"], room["waiting"])
        case "welcome":
            return ("welcome", [one["seat"] for one in message["participants"]])
        case "engine":
            return ("engine", message["engine"]["name"])
        case "signal":
            return ("signal", message["from"], message["data"])
        case "closed":
            return ("closed", message["reason"])
        case kind:
            return (kind,)


def waiting(world: World, seat: str = "anna", name: str = "Anna") -> Page:
    """A guest who has said hello and waits."""
    world.seat(seat)
    page = world.page(seat)
    page.hello(name)
    return page
