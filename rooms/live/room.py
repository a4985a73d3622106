"""The thinking half of one connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from rooms import protocol
from rooms.enums import RoomState, SeatRole, SeatState
from rooms.live import effects as do
from rooms.live import events, hosting
from rooms.live.bell import Bell
from rooms.live.effects import Effects, Send
from rooms.live.exchange import Exchange
from rooms.live.facts import Companion, Identity, Standing
from rooms.live.phase import Phase
from rooms.live.presence import Presence
from rooms.live.roster import LOST_AFTER, Roster, Shown
from rooms.live.sampling import Sampling
from rooms.live.troubles import Troubles
from rooms.live.way import Way
from rooms.names import NameBook
from rooms.protocol import ClientMessage, Wire
from rooms.rules.flood import Flood

HELLO_WITHIN = timedelta(seconds=10)
BEAT_EVERY = timedelta(seconds=5)
# A page in the background may be let to its timers once a minute only.
SILENT_AFTER = timedelta(seconds=75)
NAME_WAIT = timedelta(milliseconds=300)


class LiveRoom:
    """One connection's view of its room. ``me`` is whose connection it is, ``book`` the process's memory of names."""

    def __init__(self, me: Identity, book: NameBook, now: datetime) -> None:
        self.me = me
        self.phase = Phase.HELLO
        self._book = book
        self._own = Presence(me, book)
        self._facts = me.facts
        self._way = Way()
        self._others = Roster(me.room, book)
        self._shown = Shown()
        self._sampling = Sampling()
        self._flood = Flood()
        self._exchange = Exchange(me, now)
        self._troubles = Troubles()
        self._bell = Bell(self._own)
        self._opened_at = self._heard_at = self._beat_at = now

    # --- What the browser says ---

    def counted(self, now: datetime, size: int = 0) -> Effects:
        """A message of so many characters arrived, whatever it says. Too much for too long ends the connection."""
        if self.phase is Phase.OVER or not self._flood.too_fast(now, size):
            return []
        return self._fatal("too_fast")

    def receive(self, message: ClientMessage, now: datetime) -> Effects:
        """A message of the browser's."""
        self._heard_at = now
        if self.phase is Phase.OVER:
            return []
        if isinstance(message, protocol.Heartbeat):
            return [Send(protocol.heartbeat(now))]
        if isinstance(message, protocol.Hello):
            return self._hello(message) if self.phase is Phase.HELLO else [do.Fail("not_allowed")]
        if self.phase is not Phase.ON:
            return [do.Fail("not_allowed")]
        return self._said(message, now)

    def _hello(self, message: protocol.Hello) -> Effects:
        self.phase = Phase.CONNECTING
        self._own.come(message)
        self._way.come(message)
        return [do.Connect(message.instance, message.resumed, self._way.may_be_direct)]

    def _said(self, message: ClientMessage, now: datetime) -> Effects:
        takes_part, hosts = self._own.takes_part, self._own.hosts
        match message:
            case protocol.Leave():
                gone = do.Announce(self._own.gone("left"))
                return self._over([do.GiveUp(), gone, do.LeaveEngine(), do.Close(protocol.LEFT)])
            case protocol.Name(name):
                return self._own.rename(name, now)
            case _ if isinstance(message, hosting.Order) and hosts:
                return hosting.ordered(message)
            case protocol.AskHandover() if takes_part:
                return self._own.hand_over(now)
            case protocol.AnswerHandover(accept) if takes_part:
                return [do.AnswerHandover(accept)]
            case protocol.Trouble() | protocol.Telephone():
                return self._troubles.said(message, now, hosts=hosts)
            case protocol.Signal(to, instance, data) if takes_part:
                return self._signal(to, instance, data, now)
            case protocol.Piece() | protocol.Got() if takes_part:
                return self._exchange.say(message, self._others, now)
            case protocol.MediaState(media) if takes_part:
                return [*self._own.switch(media, self._facts), do.Announce(self._own.here())]
            case protocol.AskEngine(failed) if takes_part:
                return self._way.ask(now, failed=failed)
            case protocol.Quality(measures) if takes_part:
                return self._sample(measures, now)
        return [do.Fail("not_allowed")]

    def _signal(self, to: str, instance: str, data: Wire, now: datetime) -> Effects:
        if to == protocol.MEDIA:
            return self._way.say(data, now)
        if not self._others.takes_part(to):
            return [do.Fail("not_there")]
        event = events.signal(instance=instance, sender=self.me.seat, sender_instance=self._own.instance, data=data)
        return [do.Forward(to, event)]

    def _sample(self, measures: dict[str, int | float | str], now: datetime) -> Effects:
        peer = str(measures.get("peer", ""))
        if peer not in self._others:
            return [do.Fail("not_there")]
        return [do.Sample(measures | self.me.machine)] if self._sampling.counts(peer, now) else []

    # --- What came of an effect ---

    def connected(
        self, standing: Standing, company: Sequence[Companion], engine: Wire | None, now: datetime
    ) -> Effects:
        """The visit has begun. ``engine`` is there for a seat that takes part."""
        again = self.phase is Phase.ON
        self._own.visit, self._own.state, self._facts = standing.visit, standing.state, standing.room
        self._beat_at = now
        self._bell.learn(standing)
        for companion in company:
            self._others.meet(companion, now)
        if again:
            told = [] if engine is None else self._taken_in(engine, renewed=False)
            return [*told, do.Announce(self._own.here(asks=True)), *self._reconcile()]
        self._way.engine = engine
        self._own.recall(now)
        announced = do.Announce(self._own.here(asks=True))
        if self._own.wants_name:
            # The others may know it, or this seat's older connection, whose turn ends now.
            self.phase = Phase.NAMING
            self._opened_at = now
            return [announced, do.Later(NAME_WAIT)]
        return [announced, *self._welcome()]

    def failed(self, code: str, message: str, *, fatal: bool = False) -> Effects:
        """A service or a reader refused; fatal where there is no connection without it."""
        if self.phase is Phase.OVER:
            return []
        if fatal and code == "closed":
            return self.closed(self._facts.close_reason or "expired")
        if code == "no_media" and not fatal:
            is_in = self.phase is Phase.ON and self._own.takes_part
            troubles = self._troubles.no_server(self._heard_at, had_one=self._way.is_on_server)
            let_in = self._let_in(None) if is_in and not self._way.is_told else []
            return [*let_in, do.Fail(code, message=message), *troubles]
        return self._fatal(code, message) if fatal else [do.Fail(code, message=message)]

    def joined(self, engine: Wire) -> Effects:
        """The engine has taken the seat in, or renewed its servers."""
        if self.phase is not Phase.ON:
            # The welcome will say it.
            self._way.engine = engine
            return []
        return self._taken_in(engine)

    def told(self, word: Wire) -> Effects:
        """The media server says something to the browser."""
        if self.phase is not Phase.ON or not self._own.takes_part:
            return []
        return [Send(protocol.signal(sender=protocol.MEDIA, instance=None, data=word))]

    def stood(
        self, standing: Standing | None, newest: int | None, now: datetime, *, moved_to: str | None = None
    ) -> Effects:
        """What the database says at a beat. ``newest`` is the seat's newest visit, where this one was ended.

        ``moved_to``: the server engine that the room is on, where it was looked for.
        """
        if self.phase is not Phase.ON:
            return []
        if standing is None:
            # The room was taken away with everything in it.
            return self.closed("cancelled")
        if standing.room.state == RoomState.CLOSED:
            return self.closed(standing.room.close_reason)
        if newest is not None and newest > self._own.visit:
            return self._fatal("superseded")
        if standing.state == SeatState.REFUSED:
            return self._refused()
        if standing.state == SeatState.LEFT:
            return self._unseated()
        self._facts = standing.room
        if not standing.visit_open:
            # The sweep took this connection for dead while the process was held up.
            return [do.Connect(self._own.instance, True, self._way.may_be_direct)]
        admitted = standing.state == SeatState.ADMITTED and self._own.state == SeatState.WAITING
        # A push that was lost heals here.
        moved = self._own.takes_part and self._way.is_behind(moved_to)
        self._bell.learn(standing)
        effects = self._admitted(now) if admitted else [do.JoinEngine(direct=False)] if moved else []
        return [*effects, *self._bell.news(now), *self._reconcile()]

    # --- What others say ---

    def hear(self, event: Wire, now: datetime) -> Effects:
        """An event of the room's or the seat's group."""
        kind, mine = event.get("kind"), event.get("seat") == self.me.seat
        if self.phase is Phase.CONNECTING and kind == "here" and not mine:
            self._others.hear(event, now)
        if self.phase not in (Phase.NAMING, Phase.ON):
            return []
        match kind:
            case "here":
                return self._here_heard(event, now)
            case "gone" | "ring_asked" | "admitted" if not mine:
                self._others.learn(event, now)
                return self._reconcile()
            case "name":
                return self._name_heard(event, now)
            case "signal":
                return self._signal_heard(event)
            case "piece" | "got" if self.phase is Phase.ON and self._own.takes_part:
                return self._exchange.hear(event)
            case "moved" if self._own.takes_part and self._way.is_behind(event["engine"]):
                return [do.JoinEngine(direct=False)]
            case "admitted" if mine and self._own.state == SeatState.WAITING:
                return self._admitted(now, direct=event.get("direct"))
            case "refused":
                return self._refused() if mine else self._expelled(event["seat"])
            case "muted" | "handover_asked" if mine and self._own.takes_part:
                return self._own.asked_of(event)
            case "unseated" if mine:
                return self._unseated()
            case "room":
                self._facts = events.facts_of(event)
                return self._reconcile()
            case "telephone" if mine:
                return self._own.telephone_kept()
            case "asked":
                return [do.Announce(self._own.here())]
            case "called" | "ring_asked" if mine:
                return self._bell.hear(event, now, on=self.phase is Phase.ON)
            case "moved_on" if mine:
                return [do.Announce(self._own.gone("left")), do.LeaveEngine(), *self._fatal("superseded")]
            case "no_place" if self.phase is Phase.ON and (mine or self._own.takes_part):
                return [do.SayNoPlace()]
            case "closed":
                return self.closed(event["reason"])
        # For another seat, or of a newer version of the hub.
        return []

    def _here_heard(self, event: Wire, now: datetime) -> Effects:
        seat = event["seat"]
        if seat == self.me.seat:
            return self._superseded(event) if event["visit"] > self._own.visit else []
        self._others.hear(event, now)
        effects: Effects = [do.Announce(self._own.here())] if event["asks"] else []
        name = self._others.name_of(seat, now) if event["wants_name"] else ""
        if name:
            effects.append(do.Tell(seat, events.named(name)))
        return [*effects, *self._reconcile()]

    def _superseded(self, event: Wire) -> Effects:
        # The seat goes on in another window or browser, and shall not have to say its name again.
        knows = event["wants_name"] and self._own.name
        told: Effects = [do.Tell(self.me.seat, events.named(self._own.name))] if knows else []
        return [*told, *self._fatal("superseded")]

    def _name_heard(self, event: Wire, now: datetime) -> Effects:
        if not self._own.wants_name:
            return []
        self._own.call(event["name"], now)
        return self._called()

    def _called(self) -> Effects:
        announced = do.Announce(self._own.here())
        return [announced, *self._welcome()] if self.phase is Phase.NAMING else [announced]

    def _nobody_remembers(self, now: datetime) -> Effects:
        return self._called() if self._own.call_as_claimed(now) else self._welcome()

    def _signal_heard(self, event: Wire) -> Effects:
        for_me = event["instance"] == self._own.instance
        if self.phase is not Phase.ON or self._own.state != SeatState.ADMITTED or not for_me:
            return []
        message = protocol.signal(sender=event["sender"], instance=event["sender_instance"], data=event["data"])
        return [Send(message)]

    # --- Time, and the end ---

    def tick(self, now: datetime) -> Effects:
        """Time has passed. Called every second or so."""
        if self.phase is Phase.HELLO:
            late = now - self._opened_at >= HELLO_WITHIN
            return self._over([do.Close(protocol.NO_HELLO)]) if late else []
        if self.phase is Phase.NAMING:
            return self._nobody_remembers(now) if now - self._opened_at >= NAME_WAIT else []
        if self.phase is not Phase.ON:
            return []
        if now - self._heard_at >= SILENT_AFTER:
            return self._over([do.Announce(self._own.gone("lost")), do.Close(protocol.SILENT)])
        self._others.expire(now)
        effects: Effects = []
        if now - self._beat_at >= BEAT_EVERY:
            self._beat_at = now
            effects = [do.Beat(self._own.visit, self._way.engine is not None), do.Announce(self._own.here())]
        return [*effects, *self._reconcile()]

    def closed(self, reason: str) -> Effects:
        """The room is closed for good."""
        if self.phase is Phase.OVER:
            return []
        self._book.forget_room(self.me.room)
        return self._over([Send(protocol.closed(reason)), do.EndMedia(), do.Close(protocol.CLOSED)])

    def lost(self, now: datetime, *, abnormal: bool) -> Effects:
        """The socket has gone. Where it went without a word, the visit ends when the browser was last heard."""
        if not self._own.visit:
            return []
        told: Effects = [] if self.phase is Phase.OVER else [do.Announce(self._own.gone("lost"))]
        if told and abnormal:
            told += self._troubles.silent()
        # A page in the background says little; by more than this its stay shall not be cut.
        heard = max(self._heard_at, now - LOST_AFTER) if abnormal else now
        return self._over([*told, do.Disconnect(self._own.visit, heard)])

    # --- Parts ---

    def _welcome(self) -> Effects:
        self.phase = Phase.ON
        others, room = self._visible(), self._room()
        self._shown.start(others, room)
        you = self._own.on_the_wire(self._heard_at)
        said = protocol.welcome(you=you, room=room, participants=list(others.values()), engine=self._way.engine)
        return [Send(said), *self._bell.news(self._heard_at), *self._way.welcomed(takes_part=self._own.takes_part)]

    def _admitted(self, now: datetime, *, direct: bool | None = None) -> Effects:
        self._own.state, self._own.since = SeatState.ADMITTED, now
        return [do.JoinEngine(direct=direct is not False, looked=direct is not None)]

    def _taken_in(self, engine: Wire, *, renewed: bool = True) -> Effects:
        return self._way.joined(engine, renewed=renewed) if self._way.is_told else self._let_in(engine)

    def _let_in(self, engine: Wire | None) -> Effects:
        """The browser is told, and with whom the call is in the same word: it calls them at once."""
        others = list(self._visible().values())
        return [*self._way.let_in(engine, others, self._own.here()), *self._reconcile()]

    def _refused(self) -> Effects:
        gone = do.Announce(self._own.gone("refused"))
        said = protocol.removed() if self._own.takes_part else protocol.refused()
        return self._over([Send(said), gone, do.LeaveEngine(), do.Close(protocol.REFUSED)])

    def _expelled(self, seat: str) -> Effects:
        known = seat in self._others
        self._others.expel(seat)
        # Somebody whose socket went has been told as lost, while their sound and picture may go on.
        unheard = self._own.takes_part and not known
        told: Effects = [Send(protocol.gone(seat=seat, instance=None, reason="refused"))] if unheard else []
        return [*told, *self._reconcile()]

    def _unseated(self) -> Effects:
        # A host who did not leave by this page may not be host any more.
        hosts = self.me.role == SeatRole.HOST
        end = do.Fail("no_host_entry", fatal=True) if hosts else do.Close(protocol.LEFT)
        return self._over([do.Announce(self._own.gone("left")), do.LeaveEngine(), end])

    def _fatal(self, code: str, message: str = "") -> Effects:
        return self._over([do.Fail(code, fatal=True, message=message)])

    def _over(self, effects: Effects) -> Effects:
        self.phase = Phase.OVER
        return effects

    def _visible(self) -> dict[str, Wire]:
        return self._others.seen_by(state=self._own.state, is_host=self._own.hosts)

    def _room(self) -> Wire:
        here = self._own.hosts or self._others.host_present()
        return protocol.room(
            state=str(self._facts.state),
            ends_at=self._facts.ends_at,
            closes_at=self._facts.closes_at,
            host_present=here,
            waiting=self._others.waiting() if self._own.hosts else 0,
            locked=self._facts.is_locked,
            delay_minutes=self._facts.delay_minutes,
            doctor=self._bell.doctor(here=here),
        )

    def _reconcile(self) -> Effects:
        """What the browser must be told so that it knows what this connection knows."""
        if self.phase is not Phase.ON or (self._own.takes_part and not self._way.is_told):
            # Not welcomed, or not told yet of being let in.
            return []
        changes = self._shown.changes(self._visible(), self._room(), self._others.reasons)
        self._others.reasons.clear()
        return changes
