"""From the browser."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rooms.enums import SEEN_BY_THE_HUB, ReadySentence
from rooms.enums import Trouble as TroubleWord
from rooms.protocol.names import MEDIA, MESSAGE_BYTES, NAME_LENGTH, VERSION, Media, ProtocolError, Wire
from rooms.protocol.orders import AnswerHandover, AskHandover, Lock, Mute, Remove
from rooms.protocol.pieces import Got, Piece, read_got, read_piece
from rooms.rules.waiting import is_delay

_SHORTEST, _LONGEST = 5, 60
# The greatest whole number that every browser counts with exactly (ECMA-262, Number.MAX_SAFE_INTEGER).
_GREATEST = 2**53 - 1
_MEASURES = 40
_WORD = 64
TROUBLES = frozenset(TroubleWord.values)


@dataclass(frozen=True)
class Hello:
    """The page says who it is. ``name`` is empty where it does not know.

    ``epoch``: the newest of its connections to the media server, where they live on.
    """

    instance: str
    name: str
    resumed: bool
    epoch: int | None = None


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
    """Pass this on, unread. ``instance`` is empty for the media server."""

    to: str
    instance: str
    data: Wire


@dataclass(frozen=True)
class MediaState:
    """What is switched on now."""

    media: Media


@dataclass(frozen=True)
class AskEngine:
    """Fresh ICE servers, please. ``failed``: the direct way has failed, take the room to the server."""

    failed: bool = False


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


@dataclass(frozen=True)
class Ring:
    """Ring at this seat, which waits."""

    seat: str


@dataclass(frozen=True)
class Delay:
    """The doctor is so many minutes late; 0: not any more."""

    minutes: int


@dataclass(frozen=True)
class TellSentence:
    """Say a ready sentence to a seat that waits; without a seat to all who do."""

    seat: str | None
    sentence: ReadySentence


@dataclass(frozen=True)
class Trouble:
    """Something went wrong on this device. The words are looked through where they are written."""

    what: str
    detail: str


@dataclass(frozen=True)
class Telephone:
    """Go on by telephone: a host says so, anybody else asks for it."""


ClientMessage = (
    Lock
    | Remove
    | Mute
    | AskHandover
    | AnswerHandover
    | Hello
    | Heartbeat
    | Name
    | Admit
    | Refuse
    | Signal
    | MediaState
    | AskEngine
    | Quality
    | Leave
    | Extend
    | End
    | Ring
    | Delay
    | TellSentence
    | Piece
    | Got
    | Trouble
    | Telephone
)


def parse(text: str) -> ClientMessage:
    """The message that a browser sent. Raises :class:`ProtocolError`."""
    if len(text) > MESSAGE_BYTES or len(text.encode()) > MESSAGE_BYTES:
        raise ProtocolError("invalid")
    try:
        raw = json.loads(text)
        # Python reads half a character ("\\ud800") and NaN, which nobody could be sent.
        json.dumps(raw, ensure_ascii=False, allow_nan=False).encode()
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
        epoch=_epoch(raw),
    )


def _epoch(raw: Wire) -> int | None:
    value = raw.get("epoch")
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _GREATEST:
        raise ProtocolError("invalid")
    return value


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
    to = _seat(raw, "to")
    return Signal(to=to, instance="" if to == MEDIA else _instance(raw), data=data)


def _media(raw: Wire) -> MediaState:
    return MediaState(
        {
            "microphone": _flag(raw, "microphone"),
            "camera": _flag(raw, "camera"),
            "screen": _flag(raw, "screen"),
            "paused": _flag(raw, "paused", default=False),
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


def _trouble(raw: Wire) -> Trouble:
    what, detail = raw.get("what"), raw.get("detail", "")
    if what not in TROUBLES or what in SEEN_BY_THE_HUB or not isinstance(detail, str) or len(detail) > _WORD:
        raise ProtocolError("invalid")
    return Trouble(what, detail)


def _delay(raw: Wire) -> Delay:
    minutes = raw.get("minutes")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not is_delay(minutes):
        raise ProtocolError("invalid")
    return Delay(minutes)


def _tell(raw: Wire) -> TellSentence:
    sentence = raw.get("sentence")
    if not isinstance(sentence, str) or sentence not in ReadySentence.values:
        raise ProtocolError("invalid")
    return TellSentence(None if raw.get("seat") is None else _seat(raw), ReadySentence(sentence))


_READERS: Mapping[str, Callable[[Wire], ClientMessage]] = {
    "hello": _hello,
    "heartbeat": lambda raw: Heartbeat(),
    "name": lambda raw: Name(clean_name(raw.get("name"))),
    "admit": lambda raw: Admit(_seat(raw)),
    "refuse": lambda raw: Refuse(_seat(raw)),
    "signal": _signal,
    "media": _media,
    "engine": lambda raw: AskEngine(_flag(raw, "failed", default=False)),
    "quality": _quality,
    "leave": lambda raw: Leave(),
    "lock": lambda raw: Lock(_flag(raw, "locked")),
    "remove": lambda raw: Remove(_seat(raw)),
    "mute": lambda raw: Mute(_seat(raw)),
    "handover": lambda raw: AskHandover(),
    "handover-answer": lambda raw: AnswerHandover(_flag(raw, "accept")),
    "extend": _extend,
    "piece": read_piece,
    "got": read_got,
    "end": lambda raw: End(),
    "ring": lambda raw: Ring(_seat(raw)),
    "delay": _delay,
    "tell": _tell,
    "trouble": _trouble,
    "telephone": lambda raw: Telephone(),
}
