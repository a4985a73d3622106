"""Who else is in the room, and what the browser has been told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rooms import protocol
from rooms.enums import DeviceKind, SeatRole, SeatState
from rooms.live.effects import Effects, Send
from rooms.live.facts import Companion
from rooms.names import NameBook
from rooms.protocol import NO_MEDIA, Media, Wire

LOST_AFTER = timedelta(seconds=15)


@dataclass(frozen=True)
class Entry:
    """A seat as a connection knows it. ``heard_at`` is the last announcement."""

    visit: int
    instance: str
    role: SeatRole
    state: SeatState
    kind: DeviceKind
    name: str
    since: datetime
    heard_at: datetime
    media: Media
    connected: bool = True
    test: str = ""
    telephone: bool = False
    # Has asked to be rung: waits on while the page sleeps and its socket is gone.
    rings: bool = False

    @property
    def can_sleep(self) -> bool:
        """Whether the seat stays on the list without a connection."""
        return self.rings and self.state == SeatState.WAITING

    def on_the_wire(self, seat: str, *, to_host: bool = False) -> Wire:
        """As a browser is told of it. What came of a device test, and a wish for the telephone, are for hosts."""
        return protocol.participant(
            seat=seat,
            instance=self.instance,
            role=str(self.role),
            state=str(self.state),
            name=self.name,
            kind=str(self.kind),
            connected=self.connected,
            since=self.since,
            media=self.media,
            test=self.test if to_host else "",
            telephone=self.telephone and to_host,
        )


class Roster:
    """The other seats of a room, from announcements; names go into the process's ``book``."""

    def __init__(self, room: str, book: NameBook) -> None:
        self._room = room
        self._book = book
        self._entries: dict[str, Entry] = {}
        # Why those went whom the browser has not been told about yet.
        self.reasons: dict[str, str] = {}

    def __contains__(self, seat: str) -> bool:
        return seat in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def takes_part(self, seat: str) -> bool:
        """Whether that seat is there and let in."""
        entry = self._entries.get(seat)
        return entry is not None and entry.state == SeatState.ADMITTED

    def taking_part(self) -> list[str]:
        """The seats that are there and let in."""
        return [seat for seat in self._entries if self.takes_part(seat)]

    def name_of(self, seat: str, now: datetime) -> str:
        """The name by which a seat is or was known, or nothing."""
        entry = self._entries.get(seat)
        return (entry.name if entry else "") or self._book.recall(self._room, seat, now)

    def hear(self, event: Wire, now: datetime) -> None:
        """Take an announcement in, unless it is an older connection's."""
        seat = event["seat"]
        known = self._entries.get(seat)
        if known is not None and event["visit"] < known.visit:
            return
        if event["name"] and event["role"] == SeatRole.GUEST:
            self._book.remember(self._room, seat, event["name"], now)
        self._entries[seat] = Entry(
            visit=event["visit"],
            instance=event["instance"],
            role=SeatRole(event["role"]),
            state=SeatState(event["state"]),
            kind=DeviceKind(event["device"]),
            name=event["name"] or self.name_of(seat, now),
            since=datetime.fromisoformat(event["since"]),
            heard_at=now,
            media=event["media"],
            test=event.get("test", ""),
            rings=event.get("rings", False),
            telephone=event.get("telephone", False),
        )

    def meet(self, companion: Companion, now: datetime) -> None:
        """Take in what the database knows of a seat, unless its connection has announced itself."""
        known = self._entries.get(companion.seat)
        if known is not None and known.visit >= companion.visit:
            return
        self._entries[companion.seat] = Entry(
            visit=companion.visit,
            instance=companion.instance,
            role=companion.role,
            state=companion.state,
            kind=companion.kind,
            name=companion.name or self._book.recall(self._room, companion.seat, now),
            since=companion.since,
            heard_at=now,
            media=NO_MEDIA,
            connected=companion.connected,
            test=companion.test,
            telephone=companion.telephone,
            rings=companion.rings,
        )

    def learn(self, event: Wire, now: datetime) -> None:
        """Take in a ``gone``, a ``ring_asked`` or an ``admitted``."""
        match event["kind"]:
            case "gone":
                self.part(event)
            case "ring_asked":
                self.ask_to_be_rung(event)
            case "admitted" if event.get("direct"):
                # A third device first takes everybody to a server.
                self.let_in(event["seat"], now)

    def ask_to_be_rung(self, event: Wire) -> None:
        """Take in that a seat has asked to be rung, or has thought better of it."""
        known = self._entries.get(event["seat"])
        if known is None:
            return
        self._entries[event["seat"]] = replace(known, rings=event["rings"])
        if not known.connected and not event["rings"]:
            self._lose(event["seat"])

    def let_in(self, seat: str, now: datetime) -> None:
        """Take in that a seat was let in whose connection stands.

        That connection says so too, a moment later: the browser lays its end of the call out meanwhile.
        """
        known = self._entries.get(seat)
        if known is not None and known.connected and known.state == SeatState.WAITING:
            self._entries[seat] = replace(known, state=SeatState.ADMITTED, since=now)

    def part(self, event: Wire) -> None:
        """Take in that a connection is over, unless the seat has a newer one."""
        seat = event["seat"]
        known = self._entries.get(seat)
        if known is None or event["visit"] < known.visit:
            return
        if event["reason"] == "lost":
            self._lose(seat)
            return
        del self._entries[seat]
        self.reasons[seat] = event["reason"]
        self._book.forget(self._room, seat)

    def expel(self, seat: str) -> None:
        """A host has turned this one away or removed it, whether or not its connection can say so."""
        if self._entries.pop(seat, None) is not None:
            self.reasons[seat] = "refused"
            self._book.forget(self._room, seat)

    def expire(self, now: datetime) -> None:
        """Take those for lost who have not been heard of for fifteen seconds."""
        for seat, entry in list(self._entries.items()):
            if now - entry.heard_at >= LOST_AFTER:
                self._lose(seat)

    def _lose(self, seat: str) -> None:
        """The connection is gone. Who has asked to be rung is there to be rung all the same."""
        entry = self._entries[seat]
        if entry.can_sleep:
            self._entries[seat] = replace(entry, connected=False)
        else:
            del self._entries[seat]
            self.reasons[seat] = "lost"

    def seen_by(self, *, state: SeatState, is_host: bool) -> dict[str, Wire]:
        """Those whom a seat may see: a guest who waits sees nobody, and only a host sees who waits."""
        if state != SeatState.ADMITTED:
            return {}
        states = {SeatState.ADMITTED, SeatState.WAITING} if is_host else {SeatState.ADMITTED}
        shown = [(seat, entry) for seat, entry in self._entries.items() if entry.state in states]
        return {seat: entry.on_the_wire(seat, to_host=is_host) for seat, entry in shown}

    def host_present(self) -> bool:
        """Whether a host is connected."""
        return any(entry.connected and entry.role == SeatRole.HOST for entry in self._entries.values())

    def waiting(self) -> int:
        """How many wait, connected."""
        return sum(entry.connected and entry.state == SeatState.WAITING for entry in self._entries.values())


class Shown:
    """What the browser has been told, so that it is told of changes only."""

    def __init__(self) -> None:
        self._participants: dict[str, Wire] = {}
        self._room: Wire = {}

    def start(self, participants: Mapping[str, Wire], room: Wire) -> None:
        """The welcome has said this."""
        self._participants, self._room = dict(participants), room

    def changes(self, participants: Mapping[str, Wire], room: Wire, reasons: Mapping[str, str]) -> Effects:
        """The messages that bring the browser from what it was told to this."""
        effects: Effects = []
        for seat in [seat for seat in self._participants if seat not in participants]:
            shown = self._participants.pop(seat)
            reason = reasons.get(seat, "lost")
            effects.append(Send(protocol.gone(seat=seat, instance=shown["instance"], reason=reason)))
        for seat, participant in participants.items():
            if self._participants.get(seat) != participant:
                self._participants[seat] = participant
                effects.append(Send(protocol.participant_message(participant)))
        if room != self._room:
            self._room = room
            effects.append(Send(protocol.room_message(room)))
        return effects
