"""To the browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from rooms.protocol.names import VERSION, Media, Wire


def time(moment: datetime | None) -> str | None:
    """A moment as it stands on the wire: UTC, whole seconds."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def participant(
    *,
    seat: str,
    instance: str | None,
    role: str,
    state: str,
    name: str,
    kind: str,
    connected: bool,
    since: datetime,
    media: Media,
    test: str = "",
    telephone: bool = False,
) -> Wire:
    """PARTICIPANT of the document."""
    return {
        "seat": seat,
        "instance": instance,
        "role": role,
        "state": state,
        "name": name,
        "kind": kind,
        "connected": connected,
        "since": time(since),
        "media": dict(media),
        "test": test or None,
        "telephone": telephone,
    }


def room(
    *,
    state: str,
    ends_at: datetime | None,
    closes_at: datetime | None,
    host_present: bool,
    waiting: int,
    locked: bool,
    delay_minutes: int | None,
    doctor: str,
) -> Wire:
    """ROOM of the document."""
    return {
        "state": state,
        "endsAt": time(ends_at),
        "closesAt": time(closes_at),
        "hostPresent": host_present,
        "waiting": waiting,
        "locked": locked,
        "delayMinutes": delay_minutes,
        "doctor": doctor,
    }


def engine(*, name: str, ice_servers: Sequence[Wire], ice_transport_policy: str, expires_at: datetime | None) -> Wire:
    """ENGINE of the document."""
    return {
        "name": name,
        "iceServers": list(ice_servers),
        "iceTransportPolicy": ice_transport_policy,
        "expiresAt": time(expires_at),
    }


def welcome(*, you: Wire, room: Wire, participants: Sequence[Wire], engine: Wire | None) -> Wire:
    """The answer to ``hello``."""
    return {
        "type": "welcome",
        "version": VERSION,
        "you": you,
        "room": room,
        "participants": list(participants),
        "engine": engine,
    }


def participant_message(participant: Wire) -> Wire:
    """Somebody came or changed."""
    return {"type": "participant", "participant": participant}


def gone(*, seat: str, instance: str | None, reason: str) -> Wire:
    """Somebody is no longer there."""
    return {"type": "gone", "seat": seat, "instance": instance, "reason": reason}


def room_message(room: Wire) -> Wire:
    """The room changed."""
    return {"type": "room", "room": room}


def admitted(engine: Wire | None, participants: Sequence[Wire]) -> Wire:
    """You are let in, to these. Without an engine no media server answers yet."""
    return {"type": "admitted", "participants": list(participants), "engine": engine}


def refused() -> Wire:
    """You are not."""
    return {"type": "refused"}


def signal(*, sender: str, instance: str | None, data: Wire) -> Wire:
    """Another browser says, or the media server, which has no instance."""
    return {"type": "signal", "from": sender, "instance": instance, "data": data}


def engine_message(engine: Wire) -> Wire:
    """Fresh ICE servers, or another engine to move to."""
    return {"type": "engine", "engine": engine}


def ringing() -> Wire:
    """The host rings: come."""
    return {"type": "ringing"}


def told(*, sentence: str, text: str) -> Wire:
    """A host says one of the ready sentences; ``text`` is in the page's language."""
    return {"type": "told", "sentence": sentence, "text": text}


def no_place(text: str) -> Wire:
    """The hub holds no more calls just now; ``text`` says what to do, in the page's language."""
    return {"type": "no-place", "text": text}


def closed(reason: str) -> Wire:
    """The room is closed for good."""
    return {"type": "closed", "reason": reason}


def telephone_kept() -> Wire:
    """The hub keeps your wish for the telephone, and shows it to hosts."""
    return {"type": "telephone"}


def heartbeat(at: datetime) -> Wire:
    """The hub lives."""
    return {"type": "heartbeat", "at": time(at)}


def error(*, code: str, message: str, fatal: bool) -> Wire:
    """A refusal."""
    return {"type": "error", "code": code, "message": message, "fatal": fatal}


def dump(message: Wire) -> str:
    """The message as text."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
