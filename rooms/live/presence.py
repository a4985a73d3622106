"""The connection's own seat: what it is called, what is switched on, and how it says so."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from rooms import protocol
from rooms.enums import SeatRole, SeatState
from rooms.live import effects as do
from rooms.live import events
from rooms.live.effects import Effects
from rooms.live.facts import Identity, RoomFacts
from rooms.live.roster import Entry
from rooms.names import NameBook
from rooms.protocol import NO_MEDIA, Media, Wire

# So many codes for going on at another device in so long; each is a lock on the room, and a line in the audit trail.
CODES, CODES_WITHIN = 3, timedelta(seconds=15)


class Presence:
    """``me`` is whose connection it is, ``book`` the process's memory of names."""

    def __init__(self, me: Identity, book: NameBook) -> None:
        self.me = me
        self._book = book
        self.state, self.since, self.name = me.state, me.since, me.name
        self.visit = 0
        self.instance = ""
        self.media: Media = NO_MEDIA
        self.rings = False
        self.telephone = me.telephone
        self.test = me.test
        self._claimed = ""
        self._codes: deque[datetime] = deque(maxlen=CODES)

    @property
    def is_guest(self) -> bool:
        """Guests say their own names."""
        return self.me.role == SeatRole.GUEST

    @property
    def takes_part(self) -> bool:
        """The seat has been let in."""
        return self.state == SeatState.ADMITTED

    @property
    def hosts(self) -> bool:
        """The seat may do what a host may."""
        return self.me.role == SeatRole.HOST and self.takes_part

    # --- Its name ---

    def come(self, message: protocol.Hello) -> None:
        """The page has said who it is. The login's name goes before what a host's browser says."""
        self.instance = message.instance
        self.name = self.me.name or message.name

    def recall(self, now: datetime) -> None:
        """The visit has begun: settle what is known of a guest's name."""
        if not self.is_guest:
            return
        known = self._book.recall(self.me.room, self.me.seat, now)
        if self.takes_part:
            # The host let somebody in by name: what the browser says now counts only where nobody remembers.
            self.name, self._claimed = known, self.name
        self.name = self.name or known
        if self.name:
            self._book.remember(self.me.room, self.me.seat, self.name, now)

    @property
    def wants_name(self) -> bool:
        """A guest whose name is not known."""
        return self.is_guest and not self.name

    @property
    def may_be_renamed(self) -> bool:
        """Whom the host has let in by name does not take another one."""
        return self.is_guest and (not self.name or self.state == SeatState.WAITING)

    def rename(self, name: str, now: datetime) -> Effects:
        """The page gives another name."""
        if not self.may_be_renamed:
            return [do.Fail("not_allowed")]
        self.call(name, now)
        return [do.Announce(self.here())]

    def call(self, name: str, now: datetime) -> None:
        """This is the name."""
        self.name = name
        self._book.remember(self.me.room, self.me.seat, name, now)

    def call_as_claimed(self, now: datetime) -> bool:
        """Nobody remembers: believe what the page said, if it said anything. Whether it did."""
        if self._claimed:
            self.call(self._claimed, now)
        return bool(self._claimed)

    # --- What it sends, and says ---

    def switch(self, media: Media, facts: RoomFacts) -> Effects:
        """This is switched on now. In a room where guests may show nothing, no page is told of a guest's screen."""
        refused = media["screen"] and self.is_guest and not facts.guests_can_present
        self.media = {**media, "screen": False} if refused else media
        return [do.Fail("no_presenting")] if refused else []

    def asked_of(self, event: Wire) -> Effects:
        """A host wants its microphone off, or another device its call: the page asks the person."""
        return [do.Send(protocol.muted(event["by"]) if event["kind"] == "muted" else protocol.handover_asked())]

    def telephone_kept(self) -> Effects:
        """The wish for the telephone is written down: its page hears so, and the hosts see it."""
        self.telephone = True
        return [do.Send(protocol.telephone_kept()), do.Announce(self.here())]

    def hand_over(self, now: datetime) -> Effects:
        """The page asks for a code. Who closes the dialog and opens it again gets one; a page in a loop does not."""
        if len(self._codes) == CODES and now - self._codes[0] < CODES_WITHIN:
            return [do.Fail("too_much")]
        self._codes.append(now)
        return [do.OfferHandover()]

    def here(self, *, asks: bool = False) -> Wire:
        """To all the room's connections: it is there."""
        return events.here(
            seat=self.me.seat,
            visit=self.visit,
            instance=self.instance,
            role=str(self.me.role),
            state=str(self.state),
            device=str(self.me.kind),
            name=self.name,
            since=self.since,
            media=self.media,
            asks=asks,
            wants_name=self.wants_name,
            test=self.test,
            telephone=self.telephone,
            rings=self.rings,
        )

    def gone(self, reason: str) -> Wire:
        """To all the room's connections: it is over."""
        return events.gone(seat=self.me.seat, visit=self.visit, reason=reason)

    def on_the_wire(self, heard_at: datetime) -> Wire:
        """To its own browser."""
        entry = Entry(
            visit=self.visit,
            instance=self.instance,
            role=self.me.role,
            state=self.state,
            kind=self.me.kind,
            name=self.name,
            since=self.since,
            heard_at=heard_at,
            media=self.media,
        )
        return entry.on_the_wire(self.me.seat)
