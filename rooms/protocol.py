"""The room's signalling protocol, version 1, as docs/protocol.md describes it: reading and writing, no thinking.

This file and static/js/call/protocol.js are the only ones that know the names on the wire.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict

VERSION = 1
SUBPROTOCOL = "vdx.1"
MESSAGE_BYTES = 64 * 1024
NAME_LENGTH = 60

# Close codes.
LEFT = 1000
SILENT = 1001
FATAL = 4001
REFUSED = 4003
CLOSED = 4004
NO_HELLO = 4008

_SHORTEST, _LONGEST = 5, 60
_MEASURES = 40
_WORD = 64

Wire = dict[str, Any]


class ProtocolError(Exception):
    """A message that cannot be taken; ``code`` is of the document's table."""

    def __init__(self, code: str, *, fatal: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.fatal = fatal


class Media(TypedDict):
    """What a participant has switched on."""

    microphone: bool
    camera: bool
    screen: bool


NO_MEDIA: Media = {"microphone": False, "camera": False, "screen": False}


# --- From the browser --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hello:
    """The page says who it is. ``name`` is empty where it does not know."""

    instance: str
    name: str
    resumed: bool


@dataclass(frozen=True)
class Heartbeat:
    """The page lives."""


@dataclass(frozen=True)
class Name:
    """The guest's name, said again."""

    name: str


@dataclass(frozen=True)
class Admit:
    """Let this seat in."""

    seat: str


@dataclass(frozen=True)
class Refuse:
    """Turn this seat away."""

    seat: str


@dataclass(frozen=True)
class Signal:
    """Pass this on, unread."""

    to: str
    instance: str
    data: Wire


@dataclass(frozen=True)
class MediaState:
    """What is switched on now."""

    media: Media


@dataclass(frozen=True)
class AskEngine:
    """Fresh ICE servers, please."""


@dataclass(frozen=True)
class Quality:
    """How well it worked over the last seconds."""

    measures: dict[str, int | float | str]


@dataclass(frozen=True)
class Leave:
    """The seat is given up."""


@dataclass(frozen=True)
class Extend:
    """Go on for so many minutes more."""

    minutes: int


@dataclass(frozen=True)
class End:
    """End for everybody."""


ClientMessage = (
    Hello | Heartbeat | Name | Admit | Refuse | Signal | MediaState | AskEngine | Quality | Leave | Extend | End
)


def parse(text: str) -> ClientMessage:
    """The message that a browser sent. Raises :class:`ProtocolError`."""
    if len(text) > MESSAGE_BYTES or len(text.encode()) > MESSAGE_BYTES:
        raise ProtocolError("invalid")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolError("invalid") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        raise ProtocolError("invalid")
    reader = _READERS.get(raw["type"])
    if reader is None:
        raise ProtocolError("unknown_message")
    return reader(raw)


def clean_name(value: object) -> str:
    """A name as it is shown: one line, nothing invisible. Raises :class:`ProtocolError` unless 1 to 60 characters."""
    if not isinstance(value, str) or len(value) > 10 * NAME_LENGTH:
        raise ProtocolError("invalid")
    # Control and format characters could hide text or turn its direction.
    visible = "".join(" " if unicodedata.category(sign) in _INVISIBLE else sign for sign in value)
    name = " ".join(visible.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise ProtocolError("invalid")
    return name


_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _hello(raw: Wire) -> Hello:
    version = raw.get("version")
    if version != VERSION or isinstance(version, bool):
        raise ProtocolError("version", fatal=True)
    name = raw.get("name")
    return Hello(
        instance=_instance(raw),
        name="" if name is None else clean_name(name),
        resumed=_flag(raw, "resumed", default=False),
    )


def _instance(raw: Wire) -> str:
    value = raw.get("instance")
    if not isinstance(value, str) or len(value) != 32 or set(value) - set("0123456789abcdef"):
        raise ProtocolError("invalid")
    return value


def _seat(raw: Wire, member: str = "seat") -> str:
    value = raw.get(member)
    if not isinstance(value, str) or not 1 <= len(value) <= 12:
        raise ProtocolError("invalid")
    return value


def _flag(raw: Wire, member: str, default: bool | None = None) -> bool:
    value = raw.get(member, default)
    if not isinstance(value, bool):
        raise ProtocolError("invalid")
    return value


def _signal(raw: Wire) -> Signal:
    data = raw.get("data")
    if not isinstance(data, dict):
        raise ProtocolError("invalid")
    return Signal(to=_seat(raw, "to"), instance=_instance(raw), data=data)


def _media(raw: Wire) -> MediaState:
    return MediaState(
        {
            "microphone": _flag(raw, "microphone"),
            "camera": _flag(raw, "camera"),
            "screen": _flag(raw, "screen"),
        }
    )


def _quality(raw: Wire) -> Quality:
    measures = raw.get("measures")
    if not isinstance(measures, dict) or len(measures) > _MEASURES:
        raise ProtocolError("invalid")
    kept: dict[str, int | float | str] = {}
    for name, value in measures.items():
        plain = isinstance(value, int | float | str) and not isinstance(value, bool)
        if not plain or len(name) > _WORD or (isinstance(value, str) and len(value) > _WORD):
            raise ProtocolError("invalid")
        kept[name] = value
    return Quality(kept)


def _extend(raw: Wire) -> Extend:
    minutes = raw.get("minutes")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not _SHORTEST <= minutes <= _LONGEST:
        raise ProtocolError("invalid")
    return Extend(minutes)


_READERS: Mapping[str, Callable[[Wire], ClientMessage]] = {
    "hello": _hello,
    "heartbeat": lambda raw: Heartbeat(),
    "name": lambda raw: Name(clean_name(raw.get("name"))),
    "admit": lambda raw: Admit(_seat(raw)),
    "refuse": lambda raw: Refuse(_seat(raw)),
    "signal": _signal,
    "media": _media,
    "engine": lambda raw: AskEngine(),
    "quality": _quality,
    "leave": lambda raw: Leave(),
    "extend": _extend,
    "end": lambda raw: End(),
}


# --- To the browser ----------------------------------------------------------------------------------------


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
    }


def room(*, state: str, ends_at: datetime | None, closes_at: datetime | None, host_present: bool, waiting: int) -> Wire:
    """ROOM of the document."""
    return {
        "state": state,
        "endsAt": time(ends_at),
        "closesAt": time(closes_at),
        "hostPresent": host_present,
        "waiting": waiting,
    }


def engine(*, name: str, ice_servers: Sequence[Wire], expires_at: datetime | None) -> Wire:
    """ENGINE of the document."""
    return {"name": name, "iceServers": list(ice_servers), "expiresAt": time(expires_at)}


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


def admitted(engine: Wire) -> Wire:
    """You are let in."""
    return {"type": "admitted", "engine": engine}


def refused() -> Wire:
    """You are not."""
    return {"type": "refused"}


def signal(*, sender: str, instance: str, data: Wire) -> Wire:
    """Another browser says."""
    return {"type": "signal", "from": sender, "instance": instance, "data": data}


def engine_message(engine: Wire) -> Wire:
    """Fresh ICE servers."""
    return {"type": "engine", "engine": engine}


def closed(reason: str) -> Wire:
    """The room is closed for good."""
    return {"type": "closed", "reason": reason}


def heartbeat(at: datetime) -> Wire:
    """The hub lives."""
    return {"type": "heartbeat", "at": time(at)}


def error(*, code: str, message: str, fatal: bool) -> Wire:
    """A refusal."""
    return {"type": "error", "code": code, "message": message, "fatal": fatal}


def dump(message: Wire) -> str:
    """The message as text."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
