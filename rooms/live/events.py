"""What connections and the database say to each other over a room's groups: plain dictionaries that every channel
layer can carry. A kind or member that a process does not know is of a newer version of the hub, and is passed over.

``here`` carries the name shown, from one process's memory to another's; docs/decisions/0005 says why it may.
"""

from __future__ import annotations

from datetime import datetime

from rooms.enums import RoomState
from rooms.live.facts import Called, RoomFacts
from rooms.protocol import Media, Wire


def here(
    *,
    seat: str,
    visit: int,
    instance: str,
    role: str,
    state: str,
    device: str,
    name: str,
    since: datetime,
    media: Media,
    asks: bool,
    wants_name: bool,
    test: str = "",
    telephone: bool = False,
    rings: bool = False,
) -> Wire:
    """A seat is there. ``asks``: the others shall say so too. ``wants_name``: who remembers its name, say it.

    ``rings``: it has asked to be rung.
    """
    return {
        "kind": "here",
        "seat": seat,
        "visit": visit,
        "instance": instance,
        "role": role,
        "state": state,
        "device": device,
        "name": name,
        "since": since.isoformat(),
        "media": dict(media),
        "asks": asks,
        "wants_name": wants_name,
        "test": test,
        "telephone": telephone,
        "rings": rings,
    }


def gone(*, seat: str, visit: int, reason: str) -> Wire:
    """A seat's connection is over."""
    return {"kind": "gone", "seat": seat, "visit": visit, "reason": reason}


def named(name: str) -> Wire:
    """To a seat that asked: this is your name."""
    return {"kind": "name", "name": name}


def signal(*, instance: str, sender: str, sender_instance: str, data: Wire) -> Wire:
    """To a seat: another browser's word for this instance of the page."""
    return {
        "kind": "signal",
        "instance": instance,
        "sender": sender,
        "sender_instance": sender_instance,
        "data": data,
    }


def piece(*, sender: str, id: str, of: str, part: int, parts: int, data: Wire) -> Wire:
    """To a seat: text, a picture's piece or a link from another one. ``of``: which of these."""
    return {"kind": "piece", "sender": sender, "id": id, "of": of, "part": part, "parts": parts, "data": data}


def got(*, sender: str, id: str, part: int) -> Wire:
    """To a seat: a piece of its has come."""
    return {"kind": "got", "sender": sender, "id": id, "part": part}


def moved(engine: str) -> Wire:
    """The room's sound and picture go by this server engine now: whoever uses another one joins it."""
    return {"kind": "moved", "engine": engine}


def admitted(seat: str, *, direct: bool) -> Wire:
    """A seat was let in: committed. ``direct``: sound and picture may go from browser to browser then."""
    return {"kind": "admitted", "seat": seat, "direct": direct}


def refused(seat: str) -> Wire:
    """A seat was turned away, or taken out of the call: committed."""
    return {"kind": "refused", "seat": seat}


def muted(seat: str, *, by: str) -> Wire:
    """A seat's microphone shall be switched off; ``by`` is the host's seat."""
    return {"kind": "muted", "seat": seat, "by": by}


def handover_asked(seat: str) -> Wire:
    """Another device asks for this seat's call: committed."""
    return {"kind": "handover_asked", "seat": seat}


def unseated(seat: str) -> Wire:
    """A host's seat was given up because its login may not host any more: committed."""
    return {"kind": "unseated", "seat": seat}


def telephone_asked(seat: str) -> Wire:
    """A seat would rather go on by telephone: committed."""
    return {"kind": "telephone", "seat": seat}


def moved_on(seat: str) -> Wire:
    """A host's login has gone to another room: committed."""
    return {"kind": "moved_on", "seat": seat}


def ring_asked(seat: str, *, rings: bool) -> Wire:
    """A seat that waits has asked to be rung, or can be rung no more: committed."""
    return {"kind": "ring_asked", "seat": seat, "rings": rings}


def called(seat: str, called: Called) -> Wire:
    """What a host has last done for a seat that waits: committed."""
    return {
        "kind": "called",
        "seat": seat,
        "rung_at": called.rung_at.isoformat() if called.rung_at else None,
        "told": called.told,
        "told_at": called.told_at.isoformat() if called.told_at else None,
    }


def called_of(event: Wire) -> Called:
    """The same, read."""
    return Called(moment(event["rung_at"]), event["told"], moment(event["told_at"]))


def no_place(seat: str) -> Wire:
    """The call could not begin with this seat: the hub holds no more calls."""
    return {"kind": "no_place", "seat": seat}


def asked() -> Wire:
    """A desk listens now: whoever is there, say so."""
    return {"kind": "asked"}


def closed(reason: str) -> Wire:
    """The room is closed for good: committed."""
    return {"kind": "closed", "reason": reason}


def room(facts: RoomFacts) -> Wire:
    """State and times of the room are these: committed."""
    return {
        "kind": "room",
        "state": str(facts.state),
        "ends_at": facts.ends_at.isoformat() if facts.ends_at else None,
        "closes_at": facts.closes_at.isoformat() if facts.closes_at else None,
        "locked": facts.is_locked,
        "delay_minutes": facts.delay_minutes,
        "guests_can_present": facts.guests_can_present,
    }


def facts_of(event: Wire) -> RoomFacts:
    """The same, read."""
    return RoomFacts(
        state=RoomState(event["state"]),
        ends_at=moment(event["ends_at"]),
        closes_at=moment(event["closes_at"]),
        is_locked=event.get("locked", False),
        delay_minutes=event.get("delay_minutes"),
        guests_can_present=event.get("guests_can_present", True),
    )


def moment(text: str | None) -> datetime | None:
    """A time as the events carry it."""
    return None if text is None else datetime.fromisoformat(text)
